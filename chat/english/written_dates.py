"""The grammar of written dates, such as "3 May 2022", "early June" or "Tuesday": one for questions and articles."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from corpus.english.calendar import MONTH_NAME, SHORT_MONTHS, WEEKDAY, month_number, weekday_number

SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # northern, meteorological
SEASON = f"(?:{'|'.join(SEASON_STARTS)})"
_WHOLE = r"\b(?![-\u2019']\w)"  # not of "Mar-a-Lago", "May's"
MONTH = rf"(?:{MONTH_NAME}{_WHOLE}|(?:{'|'.join(SHORT_MONTHS)}){_WHOLE}\.?)"
YEAR = r"(?:1[5-9]|20)\d\d(?![\w%]|[.,:]?\d|-\w)(?! (?:UTC|GMT|hours|local)\b)"  # "1700 GMT" is a time of day
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\w|[.,:]\d)"
PORTION = r"(?:(?:the )?(?:early|mid|late|beginning|start|middle|end)(?: of)?[ -])"

_TO = r"\s*(?P<joint>to|until|through|and|-|–)\s*"
_OF_YEAR = rf"(?:,? (?P<year>{YEAR}))?"

ISO = r"(?P<year>(?:1[5-9]|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-3]\d))?(?![\d-])"
DAYS_OF_MONTH = (
    rf"(?P<range>between |from )?(?:the )?(?P<day>{DAY}){_TO}(?:the )?(?P<last_day>{DAY})(?: of)? "
    rf"(?P<month>{MONTH}){_OF_YEAR}"
)
MONTH_DAYS = rf"(?P<month>{MONTH}) (?P<day>{DAY}){_TO}(?P<last_day>{DAY}){_OF_YEAR}"
DAY_OF_MONTH = rf"(?:the )?(?P<day>{DAY})(?: of)? (?P<month>{MONTH}){_OF_YEAR}"
MONTH_DAY = rf"(?P<month>{MONTH}) (?:the )?(?P<day>{DAY}){_OF_YEAR}"
MONTH_OF_YEAR = rf"(?P<portion>{PORTION})?(?P<month>{MONTH})(?:,| of)? (?P<year>{YEAR})"
PORTION_OF_MONTH = rf"(?P<portion>{PORTION})(?P<month>{MONTH})"
SEASON_OF_YEAR = rf"(?:the )?(?P<season>{SEASON})(?: of|,)? (?P<year>{YEAR})"
PORTION_OF_YEAR = rf"(?P<portion>{PORTION})(?P<year>{YEAR})"
MONTH_ALONE = rf"(?P<month>{MONTH})"
YEAR_ALONE = rf"(?P<year>{YEAR})"
WEEKDAY_ALONE = rf"(?P<weekday>{WEEKDAY})\b"
_WEEKDAYS = rf"(?P<weekday>{WEEKDAY})(?P<plural>s)?\b"

_IN_A_TEXT = (
    ISO, DAYS_OF_MONTH, MONTH_DAYS, DAY_OF_MONTH, MONTH_DAY, MONTH_OF_YEAR, PORTION_OF_MONTH, SEASON_OF_YEAR,
    PORTION_OF_YEAR, MONTH_ALONE, _WEEKDAYS, YEAR_ALONE,
)  # fmt: skip


class DateParts(NamedTuple):
    """As much of a date as the words say."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weekday: int | None = None  # 0 is Monday
    season: str = ""
    portion: str = ""  # "early ", "the end of "
    is_range: bool = False  # all days from `day` to `last_day`; otherwise the two
    is_plural: bool = False  # "Mondays"


class WrittenDate(NamedTuple):
    """A date in a text, with its offsets."""

    start: int
    end: int
    words: str
    parts: DateParts


def unnamed(pattern: str) -> str:
    """The same pattern without its group names, to be used inside a larger one."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


_ANY = re.compile(rf"(?<![\w.,$£€-])(?:{'|'.join(map(unnamed, _IN_A_TEXT))})")  # names of months have capitals
_EACH = tuple(map(re.compile, _IN_A_TEXT))
_MONTH_OR_WORD = re.compile(r"(?:May|March)\Z")  # a verb when it opens a sentence


def find_written_dates(text: str) -> Iterator[WrittenDate]:
    """The dates that a plain text writes out, in order."""
    for found in _ANY.finditer(text):
        if _MONTH_OR_WORD.match(found[0]) and not text[: found.start()].strip(" \"'"):
            continue
        groups = next(match for each in _EACH if (match := each.fullmatch(text, *found.span()))).groupdict()
        yield WrittenDate(*found.span(), found[0], read_parts(groups))


def read_parts(groups: Mapping[str, str | None]) -> DateParts:
    """The parts of a date from the groups of one of the patterns above."""
    month, weekday, joint = (groups.get(name) for name in ("month", "weekday", "joint"))
    return DateParts(
        year=_number(groups.get("year")),
        month=(int(month) if month.isdigit() else month_number(month)) if month else None,
        day=_number(groups.get("day")),
        last_day=_number(groups.get("last_day")),
        weekday=weekday_number(weekday) if weekday else None,
        season=(groups.get("season") or "").lower(),
        portion=(groups.get("portion") or "").lower(),
        is_range=bool(groups.get("range")) or joint not in (None, "and"),
        is_plural=bool(groups.get("plural")),
    )


def _number(words: str | None) -> int | None:
    return int(re.sub(r"\D", "", words)) if words else None


def read_date(words: str) -> datetime | None:
    """The first midnight of a date typed as 2022, 2022-06 or 2022-06-24."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", words)
    if not parts:
        return None
    try:
        return datetime(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1), tzinfo=UTC)
    except ValueError:
        return None
