"""Dates as news writes them, turned into UTC moments without ever guessing."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
_LONGEST = 120  # characters; a longer string is a sentence, and searching it costs seconds
_EARLIEST_YEAR, _LATEST_YEAR = 1600, 2199

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_RFC_2822 = re.compile(r"(?:\w{3,9}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T)")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_LABEL = re.compile(
    r"^\W*(?:first |last )?(?:published|posted|updated|modified|created|date|on)\b(?: on| at)?\s*[:|]?\s*", re.I
)
_ADDRESS_DAY = re.compile(
    r"/((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2]|[a-z]{3})[-/]?(0[1-9]|[12]\d|3[01])(?=[/_.?#-]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A moment in UTC; of a date that came without a time it is the first moment of that day."""

    moment: datetime
    day_only: bool


def parse_date(text: str, *, fetched_at: datetime | None = None) -> ParsedDate | None:
    """The date that a string is, or None when it is none or could be two.

    A time without a zone is UTC. "Two hours ago" counts from `fetched_at` alone, and is None without it. Of
    03/04/2022 nobody can say whether it is March or April, so it is None too.
    """
    if len(text) > _LONGEST:
        return None
    text = _LABEL.sub("", text.strip()).strip()
    if not text:
        return None
    try:
        found = _standard(text) or _numeric(text) or _worded(text) or _relative(text, fetched_at)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found and _EARLIEST_YEAR <= found.moment.year <= _LATEST_YEAR else None


def date_of_address(url: str) -> ParsedDate | None:
    """The day that an address names, as in /2022/06/24/ or /2022/jun/24/."""
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
    zoned = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return ParsedDate(zoned.astimezone(UTC), day_only=False)


def _standard(text: str) -> ParsedDate | None:
    """ISO 8601, RFC 2822 and seconds or milliseconds since 1970."""
    if day := _DAY.fullmatch(text):
        return _day(*(int(part) for part in day.groups() if part))
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return _moment(datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC))
    if _RFC_2822.fullmatch(text):
        return _moment(parsedate_to_datetime(text))
    if re.match(r"\d{4}-?\d\d-?\d\d[T ]\d\d", text):
        try:
            return _moment(datetime.fromisoformat(text))
        except ValueError:
            return None
    return None


def _numeric(text: str) -> ParsedDate | None:
    """31/12/2022 and 12/31/2022, which can be read in one way only, and 3.4.2022, which is written day first."""
    match = _NUMERIC.match(text)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or match[2] == "." or first == second:
        day, month = first, second
    elif second > 12:
        day, month = second, first
    else:
        raise ValueError("day and month cannot be told apart")
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
    """ "Two hours ago" and "yesterday"; a day counts back from the day of fetching."""
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
