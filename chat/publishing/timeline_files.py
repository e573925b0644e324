"""A timeline as a file: a Markdown list, a CSV table or an iCalendar calendar."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from chat.answering.quoting import attribution, in_marks, visible
from chat.answering.timeline import TimelineEvent, describe_date
from chat.publishing.links import web_address

if TYPE_CHECKING:
    from icalendar import Event

_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:/$^=-]|(?<=\w)\.(?=\w)|^\d+(?=[.)]))")
_COLUMNS = ("date", "last_date", "precision", "words", "published", "event", "source", "title", "address", "citation")


def as_markdown(subject: str, events: Sequence[TimelineEvent]) -> str:
    """A list with a citation for each event, then the sources; foreign text is escaped, and no address is a link."""
    lines = [f"# {_escaped(subject)}", ""]
    for event in events:
        reported = "" if event.is_stated else " (day of the report)"
        citation = f"{_escaped(attribution(event.evidence))} \\[{event.evidence.number}\\]"
        lines.append(
            f"- **{describe_date(event.happened)}**{reported}: {_escaped(in_marks(visible(event.text)))} — {citation}"
        )
    sources = {event.evidence.number: event.evidence for event in events}
    if sources:
        lines += ["", "## Sources", ""]
    for number, one in sorted(sources.items()):
        address = web_address(one.article.url)
        source = _escaped(f"{one.article.title}, {attribution(one)}")
        lines.append(f"- \\[{number}\\] {source}" + (f", {_escaped(address)}" if address else ""))
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", visible(text)) if text else ""


def as_csv(events: Sequence[TimelineEvent]) -> str:
    """A table with a header; a cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for event in events:
        writer.writerow(map(_cell, _row(event)))
    return table.getvalue()


def _row(event: TimelineEvent) -> tuple[str, ...]:
    happened, article = event.happened, event.evidence.article
    return (
        happened.first.isoformat(),
        happened.last.isoformat(),
        str(happened.precision) if event.is_stated else "published",
        happened.words,
        article.published_day.isoformat() if article.published_day else "",
        event.text,
        article.source,
        article.title,
        web_address(article.url) or "",
        str(event.evidence.number),
    )


def _cell(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def as_calendar(subject: str, events: Sequence[TimelineEvent], made_at: datetime) -> str:
    """An iCalendar file of whole-day events (RFC 5545)."""
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Dateline//Timeline//EN")
    calendar.add("x-wr-calname", vText(visible(subject)))  # of an X- property the library escapes nothing
    for event in events:
        calendar.add_component(_calendar_event(event, made_at))
    content: bytes = calendar.to_ical(sorted=False)
    return content.decode()


def _calendar_event(event: TimelineEvent, made_at: datetime) -> "Event":
    from icalendar import Event

    evidence, happened = event.evidence, event.happened
    entry = Event()
    entry.add("uid", f"{_identity(event)}@dateline")
    entry.add("dtstamp", made_at.astimezone(UTC))
    entry.add("dtstart", happened.first)
    if happened.last < date.max:
        entry.add("dtend", happened.last + timedelta(days=1))
    entry.add("summary", visible(event.text))
    entry.add("description", visible(f"{evidence.article.title} — {attribution(evidence)} [{evidence.number}]"))
    if address := web_address(evidence.article.url):
        entry.add("url", visible(address))
    entry.add("transp", "TRANSPARENT")
    return entry


def _identity(event: TimelineEvent) -> str:
    article = event.evidence.article
    return hashlib.sha256(f"{article.id}\0{article.version}\0{event.text}".encode()).hexdigest()[:32]
