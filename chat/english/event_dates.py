"""When the events of a report happened: the times that its sentences name, counted from its publication."""

import contextlib
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import zip_longest

from chat.english.calendar_words import month_start
from chat.english.days import blank_days
from chat.english.plain_text import plain
from chat.english.time_expressions import find_times
from chat.english.written_dates import SEASON_STARTS, DateParts, WrittenDate, find_written_dates


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
    found = list(find_written_dates(text))
    for one, following in zip_longest(found, found[1:]):
        before = text[max(0, one.start - 20) : one.start]
        if _belongs(text, one, following) or _OPEN.search(before):
            continue
        for dated in _dated(one, before, text, published):
            yield one.start, dated


def _belongs(text: str, one: WrittenDate, following: WrittenDate | None) -> bool:
    """Whether a weekday is written in front of its date: "Sunday 26 March", "Tuesday, 14 March"."""
    if one.parts.weekday is None or following is None or following.parts.day is None:
        return False
    return re.fullmatch(r",?\s", text[one.end : following.start]) is not None


def _dated(one: WrittenDate, before: str, text: str, published: date) -> Iterator[EventDate]:
    """What a written date means beside the day of publication; none for a day that does not exist."""
    parts, words = one.parts, one.words
    with contextlib.suppress(ValueError):
        if parts.weekday is not None:
            yield _one(words, _weekday(parts.weekday, before, text, published))
        elif parts.month and parts.day:
            yield from _days(parts, words, published)
        elif parts.month:
            yield _month(parts, words, text, published)
        elif parts.season:
            yield _months(words, parts.year or 0, SEASON_STARTS[parts.season], 3)
        else:
            yield EventDate(words, date(parts.year or 0, 1, 1), date(parts.year or 0, 12, 31), Precision.YEAR)


def _months(words: str, year: int, month: int, count: int) -> EventDate:
    last = month_start(year, month + count) - timedelta(days=1)
    return EventDate(words, date(year, month, 1), last.date(), Precision.MONTH)


def _days(parts: DateParts, words: str, published: date) -> Iterator[EventDate]:
    first = _nearest(parts.year, parts.month or 0, parts.day or 0, published)
    last = first.replace(day=parts.last_day or first.day)
    if parts.is_range:
        yield EventDate(words, first, last, Precision.SPAN)
    else:
        yield from (_one(words, day) for day in dict.fromkeys((first, last)))


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


def _nearest(year: int | None, month: int, day: int, published: date) -> date:
    """A date without its year is the one nearest to publication."""
    years = [year] if year else [published.year - 1, published.year, published.year + 1]
    dates = [date(each, month, day) for each in years if day <= monthrange(each, month)[1]]
    if not dates:
        raise ValueError("no such day")
    return min(dates, key=lambda one: abs((one - published).days))


def _month(parts: DateParts, words: str, text: str, published: date) -> EventDate:
    month = parts.month or 0
    ahead = _AHEAD.search(text) is not None
    year = parts.year or published.year + (month < published.month if ahead else -(month > published.month))
    return _months(words, year, month, 1)


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
