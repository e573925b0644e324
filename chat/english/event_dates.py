"""When the events of a report happened: the times that its sentences name, counted from its publication.

A date that is not certain is no date: a weekday, or a month without its year, counts only where the tense of its own
clause says whether it is the one before the report or the one after it.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from chat.english.calendar_words import month_start
from chat.english.days import blank_days
from chat.english.intervals import Interval
from chat.english.plain_text import plain
from chat.english.tense import Tense, clause_at, tense_at
from chat.english.time_expressions import TimeExpression, find_times
from chat.english.written_dates import SEASON_STARTS, DateParts, WrittenDate, find_written_dates
from corpus.english.speech_verbs import SPEECH_ALONE


class Precision(StrEnum):
    """How much of a date the words say."""

    DAY = "day"
    SPAN = "span"  # several days: "last week"
    MONTH = "month"
    SEASON = "season"  # of a year that is given
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class EventDate:
    """The days that words name, both included."""

    words: str
    first: date
    last: date
    precision: Precision

    @property
    def interval(self) -> Interval:
        """From the first midnight up to the one after the last day."""
        return Interval(*(datetime.combine(day, time(), UTC) for day in (self.first, self.last + timedelta(days=1))))


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands around a date in its sentence."""

    before: str  # a few words, in its sentence
    after: str
    tense: Tense
    has_other_year: bool  # its clause speaks of a year that the date does not give
    published: date


_CHARACTERS_BESIDE = 40
_NEAR_DAYS = 90  # a day without its year this near to the report needs no tense
_TIME_ZONES = timedelta(days=1)  # a day after publication in UTC can be the day of publication elsewhere
# Words before a time that make it a limit, or the time of something that it is compared with.
_LIMIT = re.compile(
    r"\b(?:since|until|till|through|before|after|by|from|to|than|as|as of|like|starting|beginning|effective)"
    r"(?:\s+(?:in|on|at))?(?:\s+the)?(?:\s+(?:early|late|mid))?\s+$",
    re.IGNORECASE,
)
_SAID = re.compile(rf"\b(?:{SPEECH_ALONE})(?:\s\w+){{0,3}}?(?:\s(?:late|early))?(?:\s(?:on|in))?\s+$")
_WHICH = re.compile(r"\b(last|past|next|coming)\s+$", re.IGNORECASE)
_SOME_WEEKDAY = re.compile(
    r"\b(?:every|each|any|an?|one|some|most|the|following|previous|other|first|second|third|fourth|Good|Black|Ash|Easter|Palm|Super"
    r"|Bloody)\s+$",
    re.IGNORECASE,
)
_WEEK_AFTER = re.compile(r"(?:\sof)?\s(last|this|next)\sweek\b")
_YEAR_AFTER = re.compile(r"(?:\sof|,)?\s(last|this)\syear\b")
_NAME_AFTER = re.compile(r"\sof\b|\s[A-Z][a-z]|-\w")
_IN_A_YEAR = re.compile(r"\b(?:in|during|throughout)\s+$", re.IGNORECASE)
_ANOTHER_YEAR = re.compile(
    r"\b(?:that|the same|the following|the next|the previous) year\b|\byear (?:earlier|before|later)\b"
)
_TOMORROW = re.compile(r"\btomorrow\b", re.IGNORECASE)
_RANGED = frozenset(("since", "until", "till", "before", "after", "up", "between", "from"))
_SURELY_PAST = re.compile(
    r"\b(?:yesterday|today|tonight|night|overnight|morning|afternoon|evening|ago|last|past|previous)\b", re.I
)
_CALENDAR_UNIT = re.compile(r"\b(?:last|this|previous) (month|year)\b", re.IGNORECASE)
_DAYS_OF_A_SPAN = 28
_ABOUT = re.compile(
    r"\b(?:weeks?|months?|years?) ago\b|\b(?:last|past|previous) [\w ]+ (?:hour|day|week|month|year)s\b", re.IGNORECASE
)
_OF_A_TIME = re.compile(r"'s\b| (?:quarter|half)\b")
_THIS_WEEK = re.compile(r"\bthis week\b", re.IGNORECASE)


def event_dates(text: str, published: datetime) -> list[EventDate]:
    """The times that a text names as those of events, in its order; "since 1999" and "until Friday" name none."""
    sentence = plain(text)
    found = [*_written(sentence, published.date()), *_relative(sentence, published)]
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def event_date(text: str, published: datetime) -> EventDate | None:
    """The time of what a sentence reports first: the first day, or else the first span, month, season or year."""
    found = event_dates(text, published)
    order = list(Precision)
    return min(found, key=lambda one: order.index(one.precision), default=None)


def _written(text: str, published: date) -> Iterator[tuple[int, EventDate]]:
    """The written dates that are certain, with their places."""
    found = list(find_written_dates(text))
    for at, one in enumerate(found):
        if at + 1 < len(found) and _belongs(text, one, found[at + 1]):
            continue
        front = found[at - 1] if at and _belongs(text, found[at - 1], one) else None
        start, weekday = (front.start, front.parts.weekday) if front else (one.start, None)
        context = _context(text, start, one.end, published, found)
        if not _is_a_limit(context, one.parts):
            parts = one.parts._replace(weekday=weekday) if front else one.parts
            parts = parts if parts.year or not parts.month else parts._replace(year=_year_after(context))
            yield from ((one.start, EventDate(one.words, *days)) for days in _days_of(parts, context))


def _context(text: str, start: int, end: int, published: date, dates: list[WrittenDate]) -> _Context:
    first, last = clause_at(text, start, end)
    other_year = any(one.parts.year and first <= one.start < last and not start <= one.start < end for one in dates)
    return _Context(
        text[max(0, start - _CHARACTERS_BESIDE) : start],
        text[end : end + _CHARACTERS_BESIDE],
        tense_at(text, start, end),
        other_year or _ANOTHER_YEAR.search(text[first:last]) is not None,
        published,
    )


def _year_after(context: _Context) -> int | None:
    """The year of "in May last year"."""
    named = _YEAR_AFTER.match(context.after)
    return context.published.year - (named[1] == "last") if named else None


def _is_a_limit(context: _Context, parts: DateParts | None = None) -> bool:
    """Whether a time is not that of the event: a limit, something compared with it, or when somebody said so."""
    limit = _LIMIT.search(context.before)
    is_range = parts is not None and parts.is_range and limit is not None and limit[0].lower().startswith("from")
    return (limit is not None and not is_range) or _SAID.search(context.before) is not None


def _belongs(text: str, one: WrittenDate, following: WrittenDate) -> bool:
    """Whether a weekday is written in front of its date: "Sunday 26 March", "Tuesday, 14 March"."""
    if one.parts.weekday is None or following.parts.day is None:
        return False
    return re.fullmatch(r",?\s", text[one.end : following.start]) is not None


_Days = tuple[date, date, Precision]


def _days_of(parts: DateParts, context: _Context) -> Iterator[_Days]:
    """The days that a written date means, if that is certain."""
    if parts.weekday is not None and parts.day is None:
        day = None if parts.is_plural else _weekday(parts.weekday, context)
        yield from [(day, day, Precision.DAY)] if day else []
    elif parts.month and parts.day:
        yield from _days_of_month(parts, context)
    elif parts.month:
        year = parts.year or _year_of_month(parts.month, context)
        yield from [_months(year, parts.month, 1, Precision.MONTH)] if year else []
    elif parts.season:
        yield _months(parts.year or 0, SEASON_STARTS[parts.season], 3, Precision.SEASON)
    elif parts.year and _is_the_time(parts, context):
        yield _months(parts.year, 1, 12, Precision.YEAR)


def _months(year: int, month: int, count: int, precision: Precision) -> _Days:
    last = month_start(year, month + count) - timedelta(days=1)
    return date(year, month, 1), last.date(), precision


def _weekday(weekday: int, context: _Context) -> date | None:
    """The latest such day, that of publication included, of what happened; the next one of what is to come."""
    published = context.published
    back = (published.weekday() - weekday) % 7
    if week := _WEEK_AFTER.match(context.after):
        monday = published - timedelta(days=published.weekday())
        return monday + timedelta(days=weekday + {"last": -7, "this": 0, "next": 7}[week[1]])
    if context.has_other_year or _NAME_AFTER.match(context.after) or _SOME_WEEKDAY.search(context.before):
        return None
    if which := _WHICH.search(context.before):
        return published + timedelta(days=7 - back if which[1].lower() in ("next", "coming") else -(back or 7))
    if context.tense is Tense.OPEN:
        return None
    return published + timedelta(days=-back if context.tense is Tense.PAST else (7 - back) % 7)


def _days_of_month(parts: DateParts, context: _Context) -> Iterator[_Days]:
    first = _day(parts, context)
    if first is None or (parts.last_day or 0) > monthrange(first.year, first.month)[1]:
        return
    last = first.replace(day=parts.last_day or first.day)
    if parts.is_range:
        yield first, last, Precision.SPAN
    else:
        yield from ((day, day, Precision.DAY) for day in dict.fromkeys((first, last)))


def _day(parts: DateParts, context: _Context) -> date | None:
    """A day of a month; without its year the one nearest to publication, unless the tense speaks against it."""
    month, day, published = parts.month or 0, parts.day or 0, context.published
    years = [parts.year] if parts.year else [published.year - 1, published.year, published.year + 1]
    days = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
    if parts.weekday is not None:
        days = [one for one in days if one.weekday() == parts.weekday]
    nearest = min(days, key=lambda one: abs((one - published).days), default=None)
    if nearest is None or parts.year or (parts.weekday is not None and not context.has_other_year):
        return nearest
    return nearest if not context.has_other_year and _is_certain(nearest, context) else None


def _is_certain(day: date, context: _Context) -> bool:
    """Whether the tense says that a day is before or after publication as it is; near to it, it need say nothing."""
    published = context.published
    if context.tense is Tense.OPEN:
        return abs((day - published).days) <= _NEAR_DAYS
    return day <= published + _TIME_ZONES if context.tense is Tense.PAST else day >= published - _TIME_ZONES


def _year_of_month(month: int, context: _Context) -> int | None:
    published = context.published
    if context.has_other_year or context.tense is Tense.OPEN or _WHICH.search(context.before):
        return None  # in March "last February" may be either
    if context.tense is Tense.PAST:
        return published.year - (month > published.month)
    return published.year + (month < published.month)


def _is_the_time(parts: DateParts, context: _Context) -> bool:
    """Whether a year says when something happened: "in 1971", but neither "hall 2019" nor "the 1864 cup"."""
    if not parts.portion and (not _IN_A_YEAR.search(context.before) or _NAME_AFTER.match(context.after)):
        return False
    return (parts.year or 0) <= context.published.year or context.tense is Tense.AHEAD


def _relative(text: str, published: datetime) -> Iterator[tuple[int, EventDate]]:
    """The times that are named by their distance from the report: "last week", "two days ago", "tomorrow"."""
    blanked = blank_days(text)
    for found in find_times(blanked, published):
        belongs = blanked[: found.start].rstrip() != text[: found.start].rstrip()  # to the month of "May last year"
        if dated := None if belongs else _distant(found, text, published.date()):
            yield found.start, dated
    for ahead in _TOMORROW.finditer(blanked):
        day = published.date() + timedelta(days=1)
        yield ahead.start(), EventDate(ahead[0], day, day, Precision.DAY)


def _distant(found: TimeExpression, text: str, published: date) -> EventDate | None:
    start, end, words = found.named.start, found.named.end, found.words
    if start is None or end is None or words.split()[0].lower() in _RANGED:
        return None
    if _ABOUT.search(words) or _OF_A_TIME.match(text, found.end):
        return None  # "two weeks ago" is within some days of it, "in the past five days" all of them
    context = _context(text, found.start, found.end, published, [])
    if _is_a_limit(context) or (context.tense is not Tense.PAST and not _SURELY_PAST.search(words)):
        return None
    first, last = start.date(), max(start, end - timedelta(microseconds=1)).date()
    if _THIS_WEEK.search(words):
        first = published - timedelta(days=published.weekday())
    if re.search(r"\b(?:last night|overnight)\b", words, re.IGNORECASE):
        last = first  # the evening before
    unit = _CALENDAR_UNIT.search(words)
    if unit is None and (last - first).days >= _DAYS_OF_A_SPAN:
        return None  # "three years ago" is no date
    precision = Precision(unit[1].lower()) if unit else Precision.DAY if first == last else Precision.SPAN
    return EventDate(words, first, last, precision)
