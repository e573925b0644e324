"""When the events of a report happened: the times that its sentences name, counted from its publication."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chat.english.calendar_words import month_start
from chat.english.days import Day, blank_days, read_days
from chat.english.plain_text import plain
from chat.english.time_expressions import find_times


class Precision(StrEnum):
    """How much of a date the words say."""

    DAY = "day"
    SPAN = "span"  # several days: "last week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class EventDate:
    """The days that words name, both included."""

    words: str
    first: date
    last: date
    precision: Precision


_AHEAD = re.compile(
    r"\b(?:will|would|shall|is to|are to|is due|are due|due to|expect(?:s|ed)|plan(?:s|ned)|scheduled|going to"
    r"|hopes? to)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\b(last|past|previous|next|coming|this)\s+$", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:since|until|till|before|after|by)(?:\s+the)?(?:\s+(?:early|late|mid))?\s+$", re.IGNORECASE)
_TOMORROW = re.compile(r"\btomorrow\b", re.IGNORECASE)
_RANGED = frozenset(("since", "until", "till", "before", "after", "up", "between", "from"))


def event_dates(text: str, published: datetime) -> list[EventDate]:
    """The times that a text names as those of events, in its order; "since 1999" and "until Friday" name none."""
    told = plain(text)
    found = [*_written(told, published.date()), *_relative(told, published)]
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def event_date(text: str, published: datetime) -> EventDate | None:
    """The time of what a sentence tells first: the first day, or else the first span, month or year."""
    found = event_dates(text, published)
    order = list(Precision)
    return min(found, key=lambda one: order.index(one.precision), default=None)


def _written(text: str, published: date) -> Iterator[tuple[int, EventDate]]:
    end = 0
    days = read_days(text)
    for place, day in enumerate(days):
        start = text.find(day.words, end)
        if start < 0:  # one of two days written together: "3 and 4 May"
            start = text.find(day.words)
        end = start
        before = text[max(0, start - 20) : start]
        if (
            day.weekday is not None
            and place + 1 < len(days)
            and _belongs(text, start + len(day.words), days[place + 1])
        ):
            continue
        if not _OPEN.search(before) and (dated := _dated(day, before, text, published)):
            yield start, dated


def _belongs(text: str, end: int, following: Day) -> bool:
    """Whether a weekday is written in front of its date: "Sunday 26 March", "Tuesday, 14 March"."""
    return (
        following.day is not None and re.match(rf",?\s(?:the\s)?{re.escape(following.words)}", text[end:]) is not None
    )


def _dated(day: Day, before: str, text: str, published: date) -> EventDate | None:
    try:
        if day.weekday is not None:
            return _one(day.words, _weekday(day.weekday, before, text, published))
        if day.month and day.day:
            return _one(day.words, _nearest(day, published))
        if day.month:
            return _month(day, text, published)
        return EventDate(day.words, date(day.year or 0, 1, 1), date(day.year or 0, 12, 31), Precision.YEAR)
    except ValueError:
        return None


def _one(words: str, day: date) -> EventDate:
    return EventDate(words, day, day, Precision.DAY)


def _weekday(weekday: int, before: str, text: str, published: date) -> date:
    """The latest such day, the day of publication included; the next one where the sentence looks ahead."""
    back = (published.weekday() - weekday) % 7
    which = found[1].lower() if (found := _WHICH.search(before)) else ""
    if which in ("next", "coming"):
        return published + timedelta(days=7 - back)
    if which in ("last", "past", "previous"):
        return published - timedelta(days=back or 7)
    return published + timedelta(days=(7 - back) % 7) if _AHEAD.search(text) else published - timedelta(days=back)


def _nearest(day: Day, published: date) -> date:
    """A date without its year is the one nearest to publication."""
    years = [day.year] if day.year else [published.year - 1, published.year, published.year + 1]
    dates = [date(year, day.month or 0, day.day or 0) for year in years if _exists(year, day)]
    if not dates:
        raise ValueError("no such day")
    return min(dates, key=lambda one: abs((one - published).days))


def _exists(year: int, day: Day) -> bool:
    last = month_start(year, (day.month or 0) + 1) - timedelta(days=1)
    return 1 <= (day.day or 0) <= last.day


def _month(day: Day, text: str, published: date) -> EventDate:
    month = day.month or 0
    ahead = _AHEAD.search(text) is not None
    year = day.year or published.year + (month < published.month if ahead else -(month > published.month))
    last = month_start(year, month + 1) - timedelta(days=1)
    return EventDate(day.words, date(year, month, 1), last.date(), Precision.MONTH)


def _relative(text: str, published: datetime) -> Iterator[tuple[int, EventDate]]:
    blanked = blank_days(text)
    for found in find_times(blanked, published):
        start, end = found.named.start, found.named.end
        if start is None or end is None or found.words.split()[0].lower() in _RANGED:
            continue
        first, last = start.date(), max(start, end - timedelta(microseconds=1)).date()
        if re.search(r"\b(?:last night|overnight)\b", found.words, re.IGNORECASE):
            last = first  # the evening before
        precision = Precision.DAY if first == last else Precision.SPAN if (last - first).days < 28 else Precision.MONTH
        yield found.start, EventDate(found.words, first, last, precision)
    for ahead in _TOMORROW.finditer(blanked):
        yield ahead.start(), _one(ahead[0], published.date() + timedelta(days=1))
