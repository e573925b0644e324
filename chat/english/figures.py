"""Numbers, amounts, percentages and clock times of a text, read into values that can be compared."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from corpus.english.function_words import is_function_word
from corpus.english.number_words import BELOW_HUNDRED, ONES, ORDINALS, SCALES, TEENS, TENS, UP_TO_TWELVE, alternatives
from indexer.search.stemming import stem


class Bound(StrEnum):
    """How the words before a number limit it."""

    EXACT = ""
    ABOUT = "about"
    ABOVE = "more than"
    BELOW = "less than"


class Figure(NamedTuple):
    """One number of a text: its value in base units, what it measures and what it counts."""

    words: str
    value: float
    unit: str  # "%", a currency, a measure, "clock", "order"; empty when no unit is written
    noun: str  # the stem of the word after it; empty when there is none
    bound: Bound


class Match(StrEnum):
    """How a number of a sentence stands to the numbers of its evidence."""

    HELD = "held"
    LOOSE = "loose"  # the value is there, but its "more than" or "up to" was dropped or added
    ABSENT = "absent"


_SCALES = {**SCALES, "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_FRACTIONS = {"half": 0.5, "halves": 0.5}
_UNITS = {
    spelling: unit
    for unit, spellings in {
        "%": "% percent per|cent percentage",
        "USD": "$ us$ dollar dollars usd", "GBP": "£ pound pounds gbp", "EUR": "€ euro euros eur", "JPY": "¥ yen",
        "RUB": "rouble roubles ruble rubles", "franc": "franc francs", "crown": "crown crowns kroner kronor",
        "rupee": "rupee rupees", "lira": "lira liras", "yuan": "yuan renminbi", "tenge": "tenge",
        "km": "km kilometre kilometres kilometer kilometers", "m": "m metre metres meter meters",
        "cm": "cm centimetre centimetres centimeter centimeters", "mile": "mile miles",
        "kg": "kg kilogram kilograms kilo kilos", "tonne": "tonne tonnes ton tons",
        "litre": "litre litres liter liters",
        "degree": "degree degrees °c °", "hectare": "hectare hectares",
        "second": "seconds", "minute": "minute minutes", "hour": "hour hours", "day": "day days", "week": "week weeks",
        "month": "month months", "year": "year years",
    }.items()
    for spelling in spellings.replace("|", " ").split()
}  # fmt: skip
del _UNITS["cent"]

_BELOW_TWENTY = alternatives((*TEENS, *ONES))
_SMALL_WORDS = rf"(?:(?:{alternatives(TENS)})(?:[-\s](?:{alternatives(ONES)})\b)?|{_BELOW_TWENTY})"
_SCALE_WORDS = alternatives(SCALES)
_NUMBER = re.compile(
    rf"""(?<![\w.])(?<![A-Za-z]-)(?<!\d,)
    (?P<mark>(?:US|A|C)?\$|[£€¥])?
    (?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
       (?:(?P<ending>st|nd|rd|th)\b|(?:[\s-]?(?P<scale>{_SCALE_WORDS}|mn|bn|tn|k)|(?P<million>m))\b)?
     |(?P<words>(?:{_SMALL_WORDS}|\ba(?=\s(?:{_SCALE_WORDS})\b))
       (?:\s(?:{_SCALE_WORDS})(?:\s(?:and\s)?{_SMALL_WORDS})?)*)\b
     |(?P<order>{alternatives((*ORDINALS, *_FRACTIONS))})\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_AFTER = re.compile(r"[\s-]?(?P<unit>%|°C?|per cent\b|[^\W\d_]+)(?:[\s-](?P<next>[^\W\d_]+))?")
_BOUNDS = (
    (
        Bound.ABOVE,
        r"more than|over|above|at least|exceed(?:s|ed|ing)?|upwards of|no fewer than|passed|past|greater than",
    ),
    (
        Bound.BELOW,
        r"less than|fewer than|under|below|up to|at most|nearly|almost|as (?:much|many) as|no more than|close to",
    ),
    (
        Bound.ABOUT,
        r"about|around|some|roughly|approximately|an estimated|or so|circa|an average of|estimated at|nearer",
    ),
)
_BOUND_BEFORE = tuple(
    (bound, re.compile(rf"\b(?:{pattern})\s+(?:a\s+)?$", re.IGNORECASE)) for bound, pattern in _BOUNDS
)
_LONGEST_BOUND = 24
_CLOCK = re.compile(
    rf"""\b(?:(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b\.?
    |(?P<hour24>[01]?\d|2[0-4]):(?P<minute24>[0-5]\d)
    |(?P<military>[0-2]\d[0-5]\d)(?=\s(?:GMT|UTC|local))
    |(?P<part>half|quarter)\s(?P<side>past|to)\s(?P<past>{alternatives(UP_TO_TWELVE)}|\d{{1,2}})
    |(?P<spoken>{alternatives(UP_TO_TWELVE)}|1?\d)(?:\so'clock)?
     \s(?:in\sthe\s(?P<when>morning|afternoon|evening)|at\snight)
    |(?P<named>noon|midday|midnight))(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_HALF_DAY = 12 * 60
_NEAR = 0.05  # how far "about" may be from the value
_FAIR_BOUND = 0.15  # how far "more than" may be from the value


def read_figures(text: str) -> list[Figure]:
    """The numbers and clock times of a plain text from which dates have been blanked; a lone "one" is none."""
    clocks = list(_read_clocks(text))
    if clocks:
        text = _CLOCK.sub(lambda found: " " * len(found[0]), text)
    return clocks + list(_read_numbers(text))


def _read_numbers(text: str) -> Iterator[Figure]:
    for found in _NUMBER.finditer(text):
        if found[0].lower() != "one":
            yield _figure(text, found)


def _figure(text: str, found: re.Match[str]) -> Figure:
    after = _AFTER.match(text, found.end())
    unit, noun = _unit_and_noun(found, after)
    words = found[0] + (after[0].split("-")[0] if after and unit and not found["mark"] and unit != "order" else "")
    return Figure(words.strip(), _value(found), unit, noun, _bound(text, found.start()))


def _value(found: re.Match[str]) -> float:
    if found["order"]:
        word = found["order"].lower()
        return _FRACTIONS.get(word) or ORDINALS[word]
    if found["digits"]:
        scale = "million" if found["million"] and found["mark"] else (found["scale"] or "").lower()
        return float(found["digits"].replace(",", "")) * _SCALES.get(scale, 1)
    return _value_of_words(found["words"].lower())


def _value_of_words(phrase: str) -> float:
    total = current = 0.0
    for word in re.split(r"[-\s]+", phrase):
        if word in BELOW_HUNDRED:
            current += BELOW_HUNDRED[word]
        elif word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0.0
    return total + current


def _unit_and_noun(found: re.Match[str], after: re.Match[str] | None) -> tuple[str, str]:
    if found["order"] or found["ending"]:
        return "order", ""
    if found["mark"]:
        return _UNITS[found["mark"].lower().removeprefix("us").removeprefix("a").removeprefix("c")], ""
    if found["million"]:
        return "m", ""
    if after is None:
        return "", ""
    unit = _UNITS.get(after["unit"].lower().removesuffix(" cent"), "")
    if not unit and after["next"] and _UNITS.get(after["next"].lower()) in _CURRENCIES:
        unit = _UNITS[after["next"].lower()]  # "3 billion Swiss francs"
    return unit, "" if unit or is_function_word(after["unit"]) else stem(after["unit"])


_CURRENCIES = frozenset(("USD", "GBP", "EUR", "JPY", "RUB", "franc", "crown", "rupee", "lira", "yuan", "tenge"))


def _bound(text: str, start: int) -> Bound:
    before = text[max(0, start - _LONGEST_BOUND) : start]
    return next((bound for bound, pattern in _BOUND_BEFORE if pattern.search(before)), Bound.EXACT)


def _read_clocks(text: str) -> Iterator[Figure]:
    for found in _CLOCK.finditer(text):
        yield Figure(found[0], _minutes(found), "clock", "", Bound.EXACT)


def _minutes(found: re.Match[str]) -> float:
    """Minutes since midnight; a time that may be before or after noon is negative."""
    if found["named"]:
        return 0 if found["named"].lower() == "midnight" else _HALF_DAY
    if found["hour"]:
        return int(found["hour"]) % 12 * 60 + int(found["minute"] or 0) + _HALF_DAY * (found["half"].lower() == "p")
    if found["military"]:
        return int(found["military"][:2]) * 60 + int(found["military"][2:])
    if found["hour24"]:
        return int(found["hour24"]) % 24 * 60 + int(found["minute24"])
    if found["spoken"]:
        hour = found["spoken"].lower()
        return (UP_TO_TWELVE.get(hour) or int(hour)) % 12 * 60 + _HALF_DAY * (found["when"] != "morning")
    hour = found["past"].lower()
    minutes = 30 if found["part"].lower() == "half" else 15
    return (
        -((UP_TO_TWELVE.get(hour) or int(hour)) % 12 * 60 + (minutes if found["side"].lower() == "past" else -minutes))
        or -720
    )


def match_figure(figure: Figure, evidence: Sequence[Figure]) -> Match:
    """Whether the evidence holds a figure, with its unit, what it counts and its bound."""
    matches = [_match(figure, other) for other in evidence]
    return Match.HELD if Match.HELD in matches else Match.LOOSE if Match.LOOSE in matches else Match.ABSENT


def counted_otherwise(figure: Figure, evidence: Sequence[Figure]) -> Figure | None:
    """A figure of the evidence that counts the same thing differently, when none counts it in the same way."""
    if not figure.noun or figure.unit:
        return None
    same = [other for other in evidence if other.noun == figure.noun and not other.unit]
    return None if not same or any(_match(figure, other) is not Match.ABSENT for other in same) else same[0]


def _match(figure: Figure, other: Figure) -> Match:
    if (figure.unit == "clock") != (other.unit == "clock"):
        return Match.ABSENT
    if figure.unit == "clock":
        return Match.HELD if _same_clock(figure.value, other.value) else Match.ABSENT
    if not _same_unit(figure.unit, other.unit):
        return Match.ABSENT
    if abs(figure.value - other.value) <= 1e-9 * abs(other.value):
        return _match_bounds(figure.bound, other.bound)
    return Match.HELD if _fair_rounding(figure, other.value) else Match.ABSENT


def _same_clock(one: float, other: float) -> bool:
    if one < 0 or other < 0:
        return abs(one) % _HALF_DAY == abs(other) % _HALF_DAY
    return one == other


def _same_unit(one: str, other: str) -> bool:
    if "%" in (one, other):
        return one == other
    return one == other or not one or not other or "order" in (one, other)


def _match_bounds(bound: Bound, other: Bound) -> Match:
    if bound is other or Bound.ABOUT in (bound, other):
        return Match.HELD
    return Match.ABSENT if bound and other else Match.LOOSE


def _fair_rounding(figure: Figure, value: float) -> bool:
    off = (value - figure.value) / figure.value if figure.value else 1.0
    if figure.bound is Bound.ABOUT:
        return abs(off) <= _NEAR
    if figure.bound is Bound.ABOVE:
        return 0 < off <= _FAIR_BOUND
    return figure.bound is Bound.BELOW and -_FAIR_BOUND <= off < 0
