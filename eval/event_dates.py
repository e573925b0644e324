"""Measures the dates of events against temporal expressions annotated by people: `python -m eval.event_dates FOLDER`.

Reads TimeML (.tml), the format of TimeBank and TempEval-3 (UzZaman et al. 2013): a date counts as right where an
annotated DATE or TIME in the same sentence shares its words and means the same days up to that of the report. Prints
precision, the share of our dates that are right, and recall, the share of annotated calendar dates that we give; a
date that is not of an event ("since 1999", "said on Monday") is annotated, too, and left out by us on purpose. Values
that an annotator left open ("1989-WXX") are not judged.
"""

import argparse
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chat.english.event_dates import EventDate, event_dates
from corpus.sentences import split_sentences

if TYPE_CHECKING:
    from lxml.etree import _Element

_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(?:-WE)?")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_SEASON = re.compile(r"(\d{4})-(SP|SU|FA|WI)")
_YEAR = re.compile(r"(\d{4})")


class Annotated(NamedTuple):
    """A temporal expression, and the days that it means; None where its value is no stretch of the calendar."""

    words: str
    days: tuple[date, date] | None
    is_open: bool = False  # its value has a part that nobody filled in


@dataclass(frozen=True, slots=True)
class Report:
    """The sentences of a report with their annotations, and when it was published."""

    name: str
    published: datetime
    sentences: tuple[tuple[str, tuple[Annotated, ...]], ...]


class Finding(NamedTuple):
    """A date that we give, or one that is annotated, or both where they share their words."""

    report: str
    sentence: str
    ours: EventDate | None
    annotated: Annotated | None
    published: date

    @property
    def is_right(self) -> bool:
        """Whether both mean the same days; what has happened "this year" did so before the report."""
        days = self.annotated and self.annotated.days
        if self.ours is None or days is None or days[0] != self.ours.first:
            return False
        last, own = sorted((days[1], self.ours.last))
        return last == own or last == self.published


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder of .tml files, such as TBAQ-cleaned of TempEval-3")
    parser.add_argument("--errors", action="store_true", help="list the dates that are wrong")
    arguments = parser.parse_args()
    reports = list(read_reports(arguments.folder))
    if not reports:
        parser.error(f"no .tml files below {arguments.folder}; TempEval-3 has them in TBAQ-cleaned")
    findings = [one for report in reports for one in compared(report)]
    for one in findings if arguments.errors else ():
        if one.ours and not one.is_right:
            print(f"{one.report}: {one.ours.words!r} {one.ours.first}..{one.ours.last}, annotated {one.annotated}")
            print(f"    {' '.join(one.sentence.split())}")
    print(summary(len(reports), findings))


def summary(reports: int, findings: Sequence[Finding]) -> str:
    """Precision and recall, of all dates and by how much of a date is given."""
    lines = [f"{reports} reports, {_rates(findings)}"]
    given = Counter(one.ours.precision for one in findings if one.ours)
    right = Counter(one.ours.precision for one in findings if one.ours and one.is_right)
    lines += [f"  {kind}: precision {right[kind] / given[kind]:.3f} of {given[kind]}" for kind in given]
    return "\n".join(lines)


def _rates(findings: Sequence[Finding]) -> str:
    given = [one for one in findings if one.ours]
    annotated = [one for one in findings if one.annotated and one.annotated.days]
    right = sum(one.is_right for one in findings)
    return (
        f"{len(annotated)} annotated dates, {len(given)} given: precision {right / max(1, len(given)):.3f}, "
        f"recall {right / max(1, len(annotated)):.3f}"
    )


def compared(report: Report) -> Iterator[Finding]:
    """Every date that we give with the annotation that shares its words, then the annotations that are left."""
    day = report.published.date()
    for sentence, annotations in report.sentences:
        left = list(annotations)
        for ours in event_dates(sentence, report.published):
            match = next((one for one in left if _share_words(one.words, ours.words)), None)
            if match:
                left.remove(match)
            if not (match and match.is_open):
                yield Finding(report.name, sentence, ours, match, day)
        yield from (Finding(report.name, sentence, None, one, day) for one in left)


def _share_words(one: str, other: str) -> bool:
    words, others = ({word for word in re.findall(r"\w+", each.lower()) if word != "the"} for each in (one, other))
    return words <= others or others <= words


def read_reports(folder: Path) -> Iterator[Report]:
    """The reports of the TimeML files below a folder that have a date; `._` files of macOS are skipped."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for path in sorted(folder.rglob("*.tml")):
        if path.name.startswith("._"):
            continue
        root = etree.parse(path, parser).getroot()
        created = next((one for one in root.iter("TIMEX3") if one.get("functionInDocument") == "CREATION_TIME"), None)
        days = days_of_value((created.get("value") if created is not None else None) or "")
        text = root.find("TEXT")
        if days and text is not None:
            published = datetime(days[0].year, days[0].month, days[0].day, 12, tzinfo=UTC)
            yield Report(path.stem, published, tuple(_sentences(text)))


def _sentences(element: "_Element") -> Iterator[tuple[str, tuple[Annotated, ...]]]:
    text, places = "", list[tuple[int, Annotated]]()
    for kind, node in _walk(element):
        if kind == "timex" and not isinstance(node, str) and node.get("type") in ("DATE", "TIME"):
            words = "".join(node.itertext()).replace("\n", " ")
            value = node.get("value") or ""
            places.append((len(text), Annotated(words, days_of_value(value), "X" in value)))
        elif isinstance(node, str):
            text += node
    for span in split_sentences(text):
        inside = tuple(one for start, one in places if span.start <= start < span.end)
        yield text[span.start : span.end].replace("``", '"').replace("''", '"'), inside


def _walk(element: "_Element") -> "Iterator[tuple[str, _Element | str]]":
    """The text below an element in order, each temporal expression announced before its text."""
    yield "text", element.text or ""
    for child in element:
        if child.tag == "TIMEX3":
            yield "timex", child
        yield from _walk(child)
        yield "text", child.tail or ""


def days_of_value(value: str) -> tuple[date, date] | None:
    """The first and the last day of a TimeML value; None for durations, "PRESENT_REF" and values that are not whole."""
    try:
        if found := _DAY.fullmatch(value):
            day = date(*map(int, found.groups()))
            return day, day
        if found := _WEEK.fullmatch(value):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return monday + timedelta(days=5 if value.endswith("WE") else 0), monday + timedelta(days=6)
        if found := _SEASON.fullmatch(value):
            return _months(int(found[1]), _SEASONS[found[2]], 3)
        if found := _MONTH.fullmatch(value):
            return _months(int(found[1]), int(found[2]), 1)
        if found := _YEAR.fullmatch(value):
            return _months(int(found[1]), 1, 12)
    except ValueError:
        pass
    return None


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    last_year, last_month = year + (month + count - 2) // 12, (month + count - 2) % 12 + 1
    return date(year, month, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])


if __name__ == "__main__":
    main()
