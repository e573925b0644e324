"""A timeline: the dated events that evidence tells of, each with its citation, as Markdown, CSV or a calendar."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chat.answer import Evidence
from chat.answering.quoting import attribution, visible
from chat.english.event_dates import EventDate, Precision, event_date
from corpus.addresses import normalise_address
from corpus.sentences import split_sentences

_UNDATED = datetime.max.replace(tzinfo=UTC)  # after all that has a date
_FOLD_OCTETS = 75  # RFC 5545, 3.1
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:/$^=-]|(?<=\w)\.(?=\w)|^\d+(?=[.)]))")
_COLUMNS = ("date", "last_date", "precision", "words", "published", "event", "source", "title", "address", "citation")


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One sentence of the evidence, and when what it tells happened."""

    happened: EventDate
    is_stated: bool  # the sentence says when; otherwise the day of publication stands in
    text: str
    evidence: Evidence


def timeline(evidence: Sequence[Evidence]) -> tuple[TimelineEvent, ...]:
    """The events of the evidence in the order in which they happened; undated articles have none."""
    order = list(Precision)
    events: dict[tuple[str, int, str], TimelineEvent] = {}
    for event in (event for one in evidence for event in _events(one)):
        article = event.evidence.article
        events.setdefault((article.id, article.version, event.text), event)  # evidence may overlap
    return tuple(
        sorted(
            events.values(),
            key=lambda one: (one.happened.first, order.index(one.happened.precision), one.evidence.number),
        )
    )


def _events(evidence: Evidence) -> Iterator[TimelineEvent]:
    published = evidence.article.published_at
    if published is None:
        return
    for span in split_sentences(evidence.text):
        text = evidence.text[span.start : span.end]
        stated = event_date(text, published)
        day = published.date()
        yield TimelineEvent(stated or EventDate("", day, day, Precision.DAY), stated is not None, text, evidence)


def when(evidence: Evidence) -> tuple[EventDate, bool]:
    """When what a piece of evidence tells happened, and whether it says so itself.

    A sentence without a date goes on from the one before it in its paragraph, or else tells of the day of its report.
    """
    article = evidence.article
    published = article.published_at or _UNDATED
    if stated := event_date(evidence.text, published):
        return stated, True
    paragraph = article.text[article.text.rfind("\n\n", 0, evidence.start) + 1 : evidence.start]
    for span in reversed(split_sentences(paragraph)):
        if before := event_date(paragraph[span.start : span.end], published):
            return before, False
    return EventDate("", published.date(), published.date(), Precision.DAY), False


def describe_date(happened: EventDate) -> str:
    """For a reader: 14 March 2023, 6-12 March 2023, March 2023, 2023."""
    first, last = happened.first, happened.last
    if happened.precision is Precision.YEAR:
        return str(first.year)
    if happened.precision is Precision.MONTH and (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    ends = f"{last.day} {last:%B %Y}"
    if first == last:
        return ends
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day}-{ends}" if same_month else f"{first.day} {first:%B %Y} - {ends}"


def as_markdown(subject: str, events: Sequence[TimelineEvent]) -> str:
    """A list with a citation an entry, and the sources; what is not ours is escaped, and no address is a link."""
    lines = [f"# {_plain_markdown(subject)}", ""]
    for event in events:
        reported = "" if event.is_stated else " (day of the report)"
        cite = f"{_plain_markdown(attribution(event.evidence))} \\[{event.evidence.number}\\]"
        lines.append(f"- **{describe_date(event.happened)}**{reported}: “{_plain_markdown(event.text)}” — {cite}")
    sources = {event.evidence.number: event.evidence for event in events}
    if sources:
        lines += ["", "## Sources", ""]
    for number, one in sorted(sources.items()):
        address = _address(one)
        lines.append(
            f"- \\[{number}\\] {_plain_markdown(f'{one.article.title}, {attribution(one)}')}"
            + (f", {_plain_markdown(address)}" if address else "")
        )
    return "\n".join(lines) + "\n"


def _plain_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", visible(text)) if text else ""


def as_csv(events: Sequence[TimelineEvent]) -> str:
    """A table with a header; a cell that a spreadsheet would calculate gets an apostrophe in front."""
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
        article.published_at.date().isoformat() if article.published_at else "",
        event.text,
        article.source,
        article.title,
        _address(event.evidence) or "",
        str(event.evidence.number),
    )


def _cell(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def as_calendar(subject: str, events: Sequence[TimelineEvent], made_at: datetime) -> str:
    """An iCalendar file of whole-day events (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Dateline//Timeline//EN", f"X-WR-CALNAME:{_escaped(subject)}"]
    for event in events:
        lines += _calendar_event(event, made_at)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _calendar_event(event: TimelineEvent, made_at: datetime) -> Iterator[str]:
    evidence, happened = event.evidence, event.happened
    address = _address(evidence)
    yield "BEGIN:VEVENT"
    yield f"UID:{_identity(event)}@dateline"
    yield f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_basic(happened.first)}"
    if happened.last < date.max:
        yield f"DTEND;VALUE=DATE:{_basic(happened.last + timedelta(days=1))}"
    yield f"SUMMARY:{_escaped(event.text)}"
    yield f"DESCRIPTION:{_escaped(f'{evidence.article.title} — {attribution(evidence)} [{evidence.number}]')}"
    if address:
        yield f"URL:{visible(address)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _identity(event: TimelineEvent) -> str:
    article = event.evidence.article
    return hashlib.sha256(f"{article.id}\0{article.version}\0{event.text}".encode()).hexdigest()[:32]


def _basic(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", visible(text))


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never inside a letter."""
    pieces, piece, octets = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _FOLD_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece, octets = piece + letter, octets + size
    return "\r\n".join((*pieces, piece))


def _address(evidence: Evidence) -> str | None:
    address = normalise_address(evidence.article.url) if evidence.article.url else None
    return address if address and address.startswith(("https://", "http://")) else None
