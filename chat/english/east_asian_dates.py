"""Dates as Chinese, Japanese and Korean write them: 2024年3月5日, 去年3月, 2024년 3월, also as a range or a limit.

A year alone is also how a thing is told apart ("2024年大选"); it says when something happened only behind "in".
"""

import re
from dataclasses import replace
from typing import NamedTuple

from chat.english.calendar_words import Asking, Stretch, days, likely_year, months, readable_year

_HAN_DIGITS = {digit: value % 10 for value, digit in enumerate("〇一二三四五六七八九零")}
_YEARS_BACK = {"今年": 0, "本年": 0, "올해": 0, "금년": 0, "去年": 1, "昨年": 1, "작년": 1, "지난해": 1}
_HAN = "〇零一二三四五六七八九十"
_NUMBER = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_YEAR = rf"(?:(?:\d{{4}}|[{_HAN}]{{4}}) ?[年년](?![度间間])|{'|'.join(_YEARS_BACK)})"
_MONTH = rf"{_NUMBER} ?(?:月份?|월)"
_DAY = rf"{_NUMBER} ?[日号號일]"
_DATE = rf"(?<![\d{_HAN}])(?:{_YEAR}(?: ?{_MONTH}(?: ?{_DAY})?)?|{_MONTH} ?{_DAY}|(?:\d{{1,2}} ?[月월]|{_MONTH}份))"
_LAST = rf"(?:{_DATE}|{_DAY})"
_SINCE = "以来|以來|以降|以後|以后|之後|之后|から|起|이후|부터|이래"
_UNTIL = "以前|まで|为止|為止|이전|까지"
_BEFORE = "之前|より前"

_RANGE = rf"(?P<first>{_DATE})(?: ?(?:至|到|から|부터|[~〜～–—-]) ?(?P<last>{_LAST})(?:まで|까지|为止|為止)?)?"
# Names the groups "within", "first", "last", "since", "until", "before" and "inside".
EAST_ASIAN = (
    rf"(?P<within>[在于於] ?)?{_RANGE}"
    rf"(?: ?(?:(?P<since>{_SINCE})|(?P<until>{_UNTIL})|(?P<before>{_BEFORE})|(?P<inside>に|에)))?"
)

_PARTS = re.compile(rf"(?P<year>{_YEAR})?(?: ?(?P<month>{_MONTH}))?(?: ?(?P<day>{_DAY}))?")


class _Parts(NamedTuple):
    year: int | None
    month: int | None
    day: int | None
    is_certain: bool  # the year is written as a number


def read_east_asian(found: re.Match[str], asking: Asking) -> Stretch | None:
    """The days that a match of EAST_ASIAN names, the last one included; None for a day that does not exist."""
    try:
        first = _parts(found["first"], asking)
        stretch = _stretch(first, asking)
        if not found["last"]:
            is_time = any(found[name] for name in ("within", "inside", "since", "until", "before"))
            return replace(stretch, certain=stretch.certain and (first.month is not None or is_time))
        last = _stretch(_completed(_parts(found["last"], asking), first), asking)
    except ValueError:
        return None
    return replace(last, start=stretch.start, certain=stretch.certain) if stretch.start < last.end else None


def _parts(words: str, asking: Asking) -> _Parts:
    found = _PARTS.fullmatch(words)
    if found is None:
        raise ValueError(words)
    year = found["year"]
    back = _YEARS_BACK.get(year or "")
    number = _number(year) if year and back is None else None
    if back is not None:
        number = asking.today.year - back
    return _Parts(number, _number(found["month"]), _number(found["day"]), back is None and number is not None)


def _number(words: str | None) -> int | None:
    """The number that digits of any width or Han numerals write, before a word for year, month or day."""
    if not words:
        return None
    digits = re.match(rf"\d+|[{_HAN}]+", words)
    if digits is None:
        raise ValueError(words)
    if digits[0].isdigit() and digits[0] not in _HAN_DIGITS:
        return int(digits[0])
    tens, ten, ones = digits[0].rpartition("十")
    if not ten:
        return int("".join(str(_HAN_DIGITS[digit]) for digit in ones))
    return 10 * (_HAN_DIGITS[tens] if tens else 1) + (_HAN_DIGITS[ones] if ones else 0)


def _completed(last: _Parts, first: _Parts) -> _Parts:
    """What the end of a range leaves out is that of its start: "3月5日至7日"."""
    month = last.month or (first.month if last.day else None)
    return last._replace(year=last.year or first.year, month=month)


def _stretch(parts: _Parts, asking: Asking) -> Stretch:
    if parts.month is None:
        return months(readable_year(parts.year), 1, 12, certain=parts.is_certain)
    year = readable_year(parts.year) if parts.year else likely_year(parts.month, parts.day or 1, asking)
    whole = months(year, parts.month, certain=parts.is_certain)
    if not 1 <= parts.month <= 12:
        raise ValueError("no such month")
    return days(whole.start.replace(day=parts.day), certain=parts.is_certain) if parts.day else whole
