"""Days, months, years and weekdays that a text names, laid against the day of its publication."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from chat.english.written_dates import WrittenDate, find_written_dates


class Day(NamedTuple):
    """As much of a date as the words say; `weekday` counts from Monday as 0."""

    words: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


_RELATIVE = re.compile(
    r"\b(?:(today|tonight)|(yesterday|last night)|(tomorrow)|(this month)|(last month)|(next month)|(this year)|"
    r"(last year)|(next year))\b",
    re.IGNORECASE,
)

# Words that mean the day of reading, and how old a report may be, in days, for what it says to be of then.
_OF_NOW = {"today": 1, "tonight": 1, "yesterday": 2, "this week": 7, "this month": 31, "this year": 365}
_NOW = re.compile(rf"\b(?:{'|'.join(_OF_NOW)})\b", re.IGNORECASE)
_OF_A_DATE_OR_NOT = re.compile(r"\b(?:\d{1,2}(?:st|nd|rd|th)?|march|may)\b")
_WORD = re.compile(r"[^\W_]+")


def read_days(text: str) -> list[Day]:
    """The dates that a plain text writes out; "Sunday, 3 March" is one of them."""
    days: list[Day] = []
    weekday: WrittenDate | None = None
    for found in find_written_dates(text):
        named = list(_days(found))
        if weekday and named[0].day and not text[weekday.end : found.start].strip(" ,"):
            days.pop()
            words = text[weekday.start : found.end]
            named[0] = named[0]._replace(words=words, weekday=weekday.parts.weekday)
        days += named
        weekday = found if found.parts.weekday is not None and not found.parts.is_plural else None
    return days


def too_old_for(text: str, published: date, today: date) -> str:
    """The words such as "this week" that, read today, do not mean the days of a report; empty when all do."""
    age_days = (today - published).days
    return next((found[0] for found in _NOW.finditer(text) if age_days > _OF_NOW[found[0].lower()]), "")


def blank_days(text: str) -> str:
    """The text with every written date turned into spaces, offsets kept."""
    pieces, place = [], 0
    for found in find_written_dates(text):
        pieces += [text[place : found.start], " " * len(found.words)]
        place = found.end
    return "".join((*pieces, text[place:]))


def words_of_dates(text: str) -> frozenset[str]:
    """The words of written dates that mean something else elsewhere, in lower case: "15" and "march"."""
    found = (one.words.lower() for one in find_written_dates(text) if one.parts.month)
    return frozenset(word for words in found for word in _OF_A_DATE_OR_NOT.findall(words))


def words_of_dates_alone(text: str) -> frozenset[str]:
    """Those that the text has in its dates only: neither in "3 boats on 3 May"."""
    found = words_of_dates(text)
    return found.difference(_WORD.findall(blank_days(text).lower())) if found else found


def _days(found: WrittenDate) -> Iterator[Day]:
    parts = found.parts
    days: list[int | None] = [day for day in (parts.day, parts.last_day) if day] or [None]
    yield from (Day(found.words, parts.year, parts.month, day, parts.weekday) for day in days)


def days_of(text: str, published: date | None) -> list[Day]:
    """The dates that a plain text means: as written, completed from the day of publication, and that day itself."""
    days = read_days(text)
    if published is None:
        return days
    completed = (full for day in days for full in _completed(day, published))
    return [*days, _whole(published), *completed, *_relative(text, published)]


def _whole(day: date) -> Day:
    return Day(day.isoformat(), day.year, day.month, day.day, day.weekday())


def _completed(day: Day, published: date) -> Iterator[Day]:
    if day.weekday is not None and not day.day:
        back = (published.weekday() - day.weekday) % 7
        yield _whole(published - timedelta(days=back))
        yield _whole(published + timedelta(days=7 - back))
    elif day.month and day.day:
        years = [day.year] if day.year else [published.year - 1, published.year, published.year + 1]
        dates = [whole for year in years if (whole := _date(year, day.month, day.day))]
        if dates:
            yield _whole(min(dates, key=lambda whole: abs((whole - published).days)))
    elif day.month and not day.year:
        yield day._replace(year=published.year)
        if day.month > published.month:
            yield day._replace(year=published.year - 1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _relative(text: str, published: date) -> Iterator[Day]:
    return (_shifted(found.lastindex or 0, published, found[0]) for found in _RELATIVE.finditer(text))


def _shifted(kind: int, published: date, words: str) -> Day:
    if kind <= 3:
        return _whole(published + timedelta(days=(0, 0, -1, 1)[kind]))
    if kind <= 6:
        months = published.year * 12 + published.month - 1 + (0, -1, 1)[kind - 4]
        return Day(words, year=months // 12, month=months % 12 + 1)
    return Day(words, year=published.year + (0, -1, 1)[kind - 7])


def is_named(day: Day, among: Iterable[Day]) -> bool:
    """Whether one of the days has every part that this one writes."""
    parts = [(place, part) for place, part in enumerate(day) if place and part is not None]
    return any(all(other[place] == part for place, part in parts) for other in among)
