"""Words that name a stretch of the calendar, read against the moment of asking."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from chat.english.intervals import Interval
from chat.english.written_dates import (
    DAY_OF_MONTH,
    DAYS_OF_MONTH,
    ISO,
    MONTH,
    MONTH_ALONE,
    MONTH_DAY,
    MONTH_DAYS,
    MONTH_OF_YEAR,
    PORTION_OF_MONTH,
    PORTION_OF_YEAR,
    SEASON,
    SEASON_OF_YEAR,
    SEASON_STARTS,
    WEEKDAY_ALONE,
    YEAR,
    YEAR_ALONE,
    DateParts,
    read_parts,
    unnamed,
)
from corpus.english.calendar import WEEKDAY, month_number, weekday_number
from corpus.english.number_words import ORDINALS, UP_TO_TWELVE, alternatives


@dataclass(frozen=True, slots=True)
class Stretch:
    """The moments that calendar words name."""

    start: datetime
    end: datetime  # not included
    slack: timedelta  # how much later it is still reported on
    certain: bool = False  # the words give the year: nothing was guessed from the moment of asking


@dataclass(frozen=True, slots=True)
class Asking:
    """Against what calendar words are read."""

    as_of: datetime
    context: Interval | None = None  # the time that an earlier question was about: lends its year

    @property
    def today(self) -> datetime:
        """Midnight of the day of asking."""
        return datetime.combine(self.as_of.date(), time(), UTC)


_Groups = dict[str, str | None]
_Reader = Callable[[_Groups, Asking], Stretch | None]

_NUMBERS = {"a": 1, "an": 1, "few": 4, "couple of": 2, "several": 4, **UP_TO_TWELVE}
_SLACK_DAYS = {"hour": 0, "day": 2, "week": 3, "month": 7, "quarter": 14, "season": 14, "year": 31}

_COUNT = rf"(?:\d{{1,3}}|a|an|(?:a )?few|(?:a )?couple of|several|{alternatives(_NUMBERS)})"
_UNIT = r"(?:hour|day|week|month|year)"


def slack_of(unit: str) -> timedelta:
    """How long after a `unit` its events are still reported on."""
    return timedelta(days=_SLACK_DAYS[unit])


def days(start: datetime, count: int = 1, *, certain: bool = False) -> Stretch:
    """`count` days from the midnight `start`."""
    return Stretch(start, start + timedelta(days=count), slack_of("day" if count < 3 else "week"), certain)


def month_start(year: int, month: int) -> datetime:
    """The first midnight of a month; months below 1 and above 12 count into other years."""
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)


def months(year: int, month: int, count: int = 1, *, certain: bool = False) -> Stretch:
    """`count` whole months."""
    unit = "month" if count == 1 else "quarter" if count < 12 else "year"
    return Stretch(month_start(year, month), month_start(year, month + count), slack_of(unit), certain)


def likely_year(month: int, day: int, asking: Asking) -> int:
    """The year of the earlier question where there is one, else that of the last such day before the asking."""
    if asking.context and asking.context.start:
        return asking.context.start.year
    today = asking.today
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _portion(stretch: Stretch, word: str) -> Stretch:
    """The first, middle or last third of a stretch: "early June", "the end of 2021"."""
    if not word:
        return stretch
    third = timedelta(days=(stretch.end - stretch.start).days // 3)
    if re.search("early|beginning|start", word, re.IGNORECASE):
        return Stretch(stretch.start, stretch.start + third, stretch.slack, stretch.certain)
    if re.search("mid", word, re.IGNORECASE):
        return Stretch(stretch.start + third, stretch.end - third, stretch.slack, stretch.certain)
    return Stretch(stretch.end - third, stretch.end, stretch.slack, stretch.certain)


_EARLIEST_YEAR = 1900  # an earlier year in a question is a subject: no archive reaches back so far


def readable_year(year: int | None) -> int:
    """The same year; raises ValueError for none and for one that no archive reaches back to."""
    if year is None or year < _EARLIEST_YEAR:
        raise ValueError("not a year that a question asks for")
    return year


def _read_written(found: _Groups, asking: Asking) -> Stretch | None:
    """A date as an article writes it, too."""
    parts = read_parts(found)
    if parts.year and parts.year < _EARLIEST_YEAR:
        return None
    if parts.weekday is not None:
        return _latest_weekday(parts.weekday, "", asking)
    if parts.season:
        return _season(parts.season, parts.year, "", asking)
    if parts.month and parts.day:
        return _days_of_month(parts, asking)
    if parts.month:
        year = parts.year or likely_year(parts.month, 1, asking)
        return _portion(months(year, parts.month, certain=parts.year is not None), parts.portion)
    return _portion(months(parts.year or 0, 1, 12, certain=True), parts.portion)


def _days_of_month(parts: DateParts, asking: Asking) -> Stretch | None:
    month, first = parts.month or 0, parts.day or 0
    year = parts.year or likely_year(month, first, asking)
    start, end = (datetime(year, month, day, tzinfo=UTC) for day in (first, parts.last_day or first))
    count = (end - start).days + 1
    return days(start, count, certain=parts.year is not None) if count > 0 else None


def _read_day_number(found: _Groups, asking: Asking) -> Stretch:
    """ "The 3rd": of the earlier question's month, of this month, or of the last one when that is still to come."""
    today, day = asking.today, int(re.sub(r"\D", "", found["day"] or ""))
    if asking.context and asking.context.start:
        return days(asking.context.start.replace(day=day))
    month = month_start(today.year, today.month if day <= today.day else today.month - 1)
    return days(month.replace(day=day))


def _read_relative_month(found: _Groups, asking: Asking) -> Stretch:
    """ "Last March" is the latest one that is over."""
    month, today = month_number(found["month"] or ""), asking.today
    over = month < today.month or (found["which"] == "this" and month == today.month)
    return months(today.year if over or found["which"] == "this" else today.year - 1, month)


def _read_month_of_year(found: _Groups, asking: Asking) -> Stretch:
    return months(asking.today.year - ((found["which"] or "").lower() == "last"), month_number(found["month"] or ""))


def _read_decade(found: _Groups, asking: Asking) -> Stretch:
    return months(int(found["decade"] or ""), 1, 120, certain=True)


def _read_quarter(found: _Groups, asking: Asking) -> Stretch:
    number = int(found["quarter"]) if found["quarter"] else ORDINALS[(found["ordinal"] or "").lower()]
    length = 6 if (found["part"] or "").lower() == "half" else 3
    if number * length > 12:
        raise ValueError("a year has two halves")
    return months(int(found["year"] or ""), (number - 1) * length + 1, length, certain=True)


def _read_season(found: _Groups, asking: Asking) -> Stretch:
    return _season((found["season"] or "").lower(), None, (found.get("which") or "").lower(), asking)


def _season(season: str, year: int | None, which: str, asking: Asking) -> Stretch:
    """A winter is named by the year in which it begins, and may be meant by the next."""
    month, today = SEASON_STARTS[season], asking.today
    if year:
        return months(year, month, 3)
    begun = today.year if month <= today.month else today.year - 1
    running = month_start(begun, month + 3) > today
    if which in ("this", "current"):
        return months(begun if running or begun == today.year else today.year, month, 3)
    return months(begun - (running and bool(which)), month, 3)


def _read_weekday(found: _Groups, asking: Asking) -> Stretch:
    return _latest_weekday(weekday_number(found["weekday"] or ""), (found["which"] or "").lower(), asking)


def _latest_weekday(weekday: int, which: str, asking: Asking) -> Stretch:
    """The latest such day; "last Tuesday" on a Tuesday is a week ago."""
    back = (asking.today.weekday() - weekday) % 7
    if back == 0 and which in ("last", "past", "previous"):
        back = 7
    return days(asking.today - timedelta(days=back))


def _read_weekday_of_week(found: _Groups, asking: Asking) -> Stretch:
    """ "Tuesday last week": of the calendar week, Monday first."""
    monday = asking.today - timedelta(days=asking.today.weekday())
    back = 0 if (found["which"] or "").lower() == "this" else 7
    return days(monday + timedelta(days=weekday_number(found["weekday"] or "") - back))


def _read_near_day(found: _Groups, asking: Asking) -> Stretch:
    words = (found["words"] or "").lower()
    if words == "the day before yesterday":
        return days(asking.today - timedelta(days=2))
    if words in ("yesterday", "last night", "overnight"):
        return days(asking.today - timedelta(days=1), 1 if words == "yesterday" else 2)
    return days(asking.today)


def _read_unit(found: _Groups, asking: Asking) -> Stretch:
    """A calendar week, month, year or weekend: the running one, or the one before it."""
    unit, last = (found["unit"] or "").lower(), (found["which"] or "").lower() in ("last", "previous", "past")
    today = asking.today
    monday = today - timedelta(days=today.weekday())
    if unit == "weekend":
        begun = today >= monday + timedelta(days=5)
        saturday = monday + timedelta(days=5 if begun else -2)
        return days(saturday - timedelta(days=7) if begun and last else saturday, 2)
    if unit == "week":
        # On a Tuesday "this week" still means the days just before the weekend: a week back, at least.
        return days(monday - timedelta(days=7), 7) if last else days(today - timedelta(days=7), 8)
    if unit == "year":
        return months(today.year - last, 1, 12)
    length = 3 if unit == "quarter" else 1
    first = (today.month - 1) // length * length + 1
    return months(today.year, first - length * last, length)


def _count(word: str | None) -> int:
    words = re.sub(r"^a (?=few|couple)", "", " ".join((word or "1").lower().split()))
    return int(words) if words.isdigit() else _NUMBERS[words]


def _span(unit: str, count: int, asking: Asking) -> datetime:
    """The moment `count` units before the asking."""
    if unit in ("month", "year"):
        today = asking.today
        month = month_start(today.year, today.month - count * (12 if unit == "year" else 1))
        return month.replace(day=min(today.day, 28))
    return asking.as_of - timedelta(**{f"{unit}s": count})


def _read_ago(found: _Groups, asking: Asking) -> Stretch:
    """One unit around the moment: "two weeks ago" is that week, give or take half of one."""
    unit = (found["unit"] or "").lower()
    moment = _span(unit, _count(found["count"]), asking)
    room = timedelta(hours=12) * {"hour": 0.25, "day": 0, "week": 7, "month": 30, "year": 180}[unit]
    if unit in ("hour", "day"):
        return days(datetime.combine(moment.date(), time(), UTC))
    return Stretch(moment - room, moment + room, slack_of(unit))


def _read_last_units(found: _Groups, asking: Asking) -> Stretch:
    unit = (found["unit"] or "").lower()
    return Stretch(_span(unit, _count(found["count"]), asking), asking.as_of, slack_of(unit))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to name a stretch of the calendar."""

    pattern: str
    read: _Reader
    alone: bool = True  # clear without "in", "since", ... before it


_WHICH = r"(?P<which>last|past|previous|this|current)"

FORMS = (
    *(Form(pattern, _read_written) for pattern in (ISO, DAYS_OF_MONTH, MONTH_DAYS, DAY_OF_MONTH, MONTH_DAY)),
    Form(MONTH_OF_YEAR, _read_written),
    Form(rf"(?P<which>last|this) (?P<month>{MONTH})", _read_relative_month),
    Form(rf"(?P<month>{MONTH})(?: of)? (?P<which>last|this) year\b", _read_month_of_year),
    Form(PORTION_OF_MONTH, _read_written),
    Form(
        rf"(?:q(?P<quarter>[1-4])|the (?P<ordinal>{alternatives(list(ORDINALS)[:4])}) (?P<part>quarter|half))"
        rf"(?: of|,)? (?P<year>{YEAR})",
        _read_quarter,
    ),
    Form(SEASON_OF_YEAR, _read_written),
    Form(rf"{_WHICH} (?P<season>{SEASON})\b", _read_season),
    Form(
        r"(?P<words>the day before yesterday|yesterday|last night|overnight|today|tonight"
        r"|this (?:morning|afternoon|evening))\b(?![\u2019']s)",
        _read_near_day,
    ),
    Form(rf"(?P<weekday>{WEEKDAY})(?: of)? (?P<which>last|this|the previous) week\b", _read_weekday_of_week),
    Form(rf"{_WHICH} (?P<weekday>{WEEKDAY})", _read_weekday),
    Form(
        rf"(?:(?:earlier|later|so far) )?{_WHICH} (?P<unit>week|weekend|month|quarter|year)\b(?: so far)?", _read_unit
    ),
    Form(rf"(?:the )?(?:last|past|previous) (?P<count>{_COUNT}) (?P<unit>{_UNIT})s?\b", _read_last_units),
    Form(rf"the (?:last|past) (?P<count>)(?P<unit>{_UNIT})\b", _read_last_units),
    Form(rf"(?<!than )(?<!compared to )(?<!compared with )(?P<count>{_COUNT}) (?P<unit>{_UNIT})s? ago", _read_ago),
    Form(PORTION_OF_YEAR, _read_written),
    Form(r"(?:the )?(?P<decade>(?:19|20)\d0)s\b", _read_decade, alone=False),
    Form(MONTH_ALONE, _read_written, alone=False),
    Form(YEAR_ALONE, _read_written, alone=False),
    Form(rf"the (?P<season>{SEASON})\b", _read_season, alone=False),
    Form(WEEKDAY_ALONE, _read_written, alone=False),
    Form(r"the (?P<unit>weekend)\b(?P<which>)", _read_unit, alone=False),
    Form(
        r"the (?P<day>(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th))\b(?! (?!and\b|to\b|until\b)[a-z])",
        _read_day_number,
        alone=False,
    ),
)


ANY_FORM = "(?:" + "|".join(unnamed(form.pattern) for form in FORMS) + ")"
_COMPILED = tuple((re.compile(form.pattern, re.IGNORECASE), form.read) for form in FORMS)


def read_stretch(words: str, asking: Asking) -> Stretch | None:
    """What `words`, all of them, name; None for words that name no time or a day that does not exist."""
    for pattern, read in _COMPILED:
        found = pattern.fullmatch(words)
        if found:
            try:
                return read(found.groupdict(), asking)
            except (ValueError, OverflowError):
                return None
    return None
