"""Dates as news writes them, parsed into moments with the offset that they came with, never guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING

from corpus.english.calendar import month_number

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

_LANGUAGES = [
    "en",
    "fr",
    "de",
    "es",
    "pt",
    "it",
    "nl",
    "ru",
    "uk",
    "pl",
    "tr",
    "ar",
    "fa",
    "he",
    "zh",
    "ja",
    "ko",
    "hi",
    "id",
    "vi",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "el",
    "ro",
    "hu",
]
UNSTATED = timezone(timedelta(0), "unstated")  # UTC, of a time that came without an offset
_LONGEST = 120  # characters; a longer string is a sentence, and parsing it takes seconds
_EARLIEST_YEAR, _LATEST_YEAR = 1600, 2199
_EPOCH_DAY = date(1970, 1, 1)

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_RFC_2822 = re.compile(r"(?:\w{3,9}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T)")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}|\d{15,16}|\d{18,19}")
_EPOCH_DIGITS = 10  # of seconds; more are milliseconds, microseconds, nanoseconds
_WEEK_OR_ORDINAL = re.compile(r"(\d{4})-?W(\d\d)-?(\d)|(\d{4})-(\d{3})(?=T|$)")
_ISO_MOMENT = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_LABEL = re.compile(
    r"^\W*(?:(?:first |last )?(?:published|posted|updated|modified|created|date|on)\b(?: on| at)?|am\b(?= \d))"
    r"\s*[:|]?\s*",
    re.IGNORECASE,
)
_CLOCK_WORDS = re.compile(r"(?<=\d)\s*Uhr\b|\bum (?=\d)", re.IGNORECASE)
_C_STYLE = re.compile(r"(\w{3} \w{3} \d\d \d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")  # of Twitter
_ADDRESS_DAY = re.compile(
    r"/((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2]|[a-z]{3})[-/]?(0[1-9]|[12]\d|3[01])(?=[/_.?#-]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A moment; midnight UTC for a date without a time."""

    moment: datetime  # with the offset that the date came with, UTC when it came with none
    day_only: bool


def parse_date(text: str, *, fetched_at: datetime | None = None) -> ParsedDate | None:
    """The date that a string states, or None when it states none or is ambiguous, such as 03/04/2022.

    A time without a zone is UTC, by the name of UNSTATED. "Two hours ago" counts from `fetched_at`, and is None without
    it.
    """
    if len(text) > _LONGEST:
        return None
    text = _CLOCK_WORDS.sub("", _LABEL.sub("", text.strip())).strip()
    if not text:
        return None
    try:
        found = _standard(text) or _numeric(text) or _worded(text) or _relative(text, fetched_at)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found and _is_plausible(found) else None


def _is_plausible(found: ParsedDate) -> bool:
    """Whether news can have this date; midnight of 1 January 1970 stands for a missing one."""
    readings = (found.moment, found.moment.astimezone(UTC))
    if any(one.date() == _EPOCH_DAY and (one.hour, one.minute) == (0, 0) for one in readings):
        return False
    return _EARLIEST_YEAR <= found.moment.year <= _LATEST_YEAR


def date_of_address(url: str) -> ParsedDate | None:
    """The day in an address, such as /2022/06/24/ or /2022/jun/24/."""
    match = _ADDRESS_DAY.search(url)
    if not match:
        return None
    year, month, day = match.groups()
    try:
        return _day(int(year), int(month) if month.isdigit() else month_number(month), int(day))
    except (ValueError, KeyError):
        return None


def _day(year: int, month: int, day: int) -> ParsedDate:
    return ParsedDate(datetime(year, month, day, tzinfo=UTC), day_only=True)


def _moment(moment: datetime) -> ParsedDate:
    offset = moment.utcoffset()
    if offset is None:
        return ParsedDate(moment.replace(tzinfo=UNSTATED), day_only=False)
    moment.astimezone(UTC)  # raises OverflowError at the ends of the calendar
    return ParsedDate(moment.astimezone(timezone(offset) if offset else UTC), day_only=False)


def _standard(text: str) -> ParsedDate | None:
    """ISO 8601, RFC 2822 and seconds or milliseconds since 1970."""
    if day := _DAY.fullmatch(text):
        return _day(*(int(part) for part in day.groups() if part))
    if _EPOCH.fullmatch(text):
        whole = len(text.partition(".")[0])
        return _moment(datetime.fromtimestamp(float(text) / 10 ** (whole - _EPOCH_DIGITS if whole > 10 else 0), UTC))
    if _RFC_2822.fullmatch(text):
        return _moment(parsedate_to_datetime(text))
    if week := _WEEK_OR_ORDINAL.match(text):
        text = f"{_day_of_week_or_ordinal(week):%Y-%m-%d}{text[week.end() :]}"
        if len(text) == len("2022-06-24"):
            return _day(*map(int, text.split("-")))
    if c_style := _C_STYLE.fullmatch(text):
        return _moment(datetime.strptime(" ".join(c_style.group(1, 3, 2)), "%a %b %d %H:%M:%S %Y %z"))
    if _ISO_MOMENT.match(text):
        try:
            return _moment(datetime.fromisoformat(text))
        except ValueError:
            return None
    return None


def _day_of_week_or_ordinal(match: re.Match[str]) -> date:
    """2022-W25-5 and 2022-175 are both 24 June 2022 (ISO 8601); raises ValueError."""
    if match[1]:
        return date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
    found = date(int(match[4]), 1, 1) + timedelta(days=int(match[5]) - 1)
    if found.year != int(match[4]):
        raise ValueError("no such day in this year")
    return found


def _numeric(text: str) -> ParsedDate | None:
    """31/12/2022 and 12/31/2022, which are unambiguous, and 3.4.2022, which is written day first."""
    match = _NUMERIC.match(text)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or match[2] == "." or first == second:
        day, month = first, second
    elif second > 12:
        day, month = second, first
    else:
        raise ValueError("day and month are ambiguous")
    rest = text[match.end() :].strip(" ,")
    if not rest:
        return _day(year, month, day)
    return _worded(f"{year:04}-{month:02}-{day:02} {rest}")


def _worded(text: str) -> ParsedDate | None:
    if not _YEAR.search(text):
        return None
    found = _absolute_parser().get_date_data(text)
    if found.date_obj is None:
        return None
    moment = found.date_obj
    return _moment(moment) if found.period == "time" else _day(moment.year, moment.month, moment.day)


def _relative(text: str, fetched_at: datetime | None) -> ParsedDate | None:
    """ "Two hours ago" and "yesterday", counted from the moment of fetching."""
    if fetched_at is None:
        return None
    found = _relative_parser(fetched_at.astimezone(UTC).replace(tzinfo=None)).get_date_data(text)
    if found.date_obj is None:
        return None
    moment = _moment(found.date_obj).moment
    if moment > fetched_at + timedelta(days=1):
        return None
    return ParsedDate(moment, day_only=False) if found.period == "time" else _day(*moment.timetuple()[:3])


@cache
def _absolute_parser() -> "DateDataParser":
    from dateparser.date import DateDataParser

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RETURN_TIME_AS_PERIOD": True,
    }
    return DateDataParser(languages=_LANGUAGES, settings=settings)


def _relative_parser(fetched_at: datetime) -> "DateDataParser":
    from dateparser.date import DateDataParser

    settings = {
        "PARSERS": ["relative-time"],
        "RELATIVE_BASE": fetched_at,
        "TIMEZONE": "UTC",
        "RETURN_TIME_AS_PERIOD": True,
    }
    return DateDataParser(languages=_LANGUAGES, settings=settings)
