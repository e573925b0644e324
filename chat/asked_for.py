"""What a question asks for, and whether a sentence has such a thing to say."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chat.plain_text import plain, stem


class Kind(StrEnum):
    """The kind of thing that answers a question, by its question word; after Li & Roth 2002, coarse classes."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DURATION = "duration"
    REASON = "reason"
    MANNER = "manner"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The kind of thing and, where it is counted or named by kind ("how many ships"), the stem of that noun."""

    kind: Kind
    noun: str = ""


_PEOPLE = (
    "person|people|man|woman|president|minister|leader|king|queen|emperor|pope|author|writer|actor|actress|director|"
    "scientist|chemist|physicist|mathematician|architect|artist|general|captain|mayor|player|coach|manager|official|"
    "spokes\\w+|company|companies|organi[sz]ation|team|group|agency|party|bank|publisher|band|ruler|explorer"
)
_PLACES = (
    "place|city|cities|town|village|country|countries|state|region|province|county|district|continent|island|river|"
    "location|street|stadium|port|venue|area"
)
_TIMES = "year|years|date|day|days|month|century|decade|time|season|era|weekday"
_VERBS = "is|was|are|were|did|does|do|has|have|had|will|would|can|could|should|might|may"
_MEASURES = (
    "number|amount|population|temperature|height|depth|width|length|weight|size|speed|distance|rate|score|age|level|"
    "total|toll|margin|capacity|rank|average|area"
)
# The first that fits decides; the noun, where one is caught, is what is counted.
_ASKED = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Kind.MONEY, r"\bhow much (?:money|did \w+ (?:pay|cost|earn|spend)|.*\b(?:cost|pay|paid|worth|spent|money|price)\b)"),
        (Kind.MONEY, r"\b(?:what|which) (?:\w+ )?(?:price|cost|fine|sum|salary|budget|fee)\b"),
        (Kind.SHARE, r"\b(?:what|which) (?:\w+ )?(?:percent(?:age)?|proportion|share|fraction)\b|\bhow much of\b"),
        (Kind.DURATION, r"\bhow long\b|\bfor how many (?:years|months|weeks|days|hours|minutes)\b"),
        (Kind.NUMBER, r"\bhow many (?:of the |more |other )?(?:different |new |total )?(?P<noun>[\w-]+)"),
        (Kind.NUMBER, r"\bhow (?:much|old|far|tall|high|deep|wide|big|large|fast|heavy|hot|cold|often|few)\b"),
        (Kind.TIME, rf"(?:^|[,;] |\bsince )when\b|\bwhen (?:{_VERBS})\b|\b(?:what|which) (?:\w+ )?(?:{_TIMES})\b"),
        (Kind.NUMBER, rf"\bwhat(?: is| was| were| are|'s)? (?:the )?(?:\w+ )?(?P<noun>{_MEASURES})\b"),
        (Kind.REASON, r"\bwhy\b|\bwhat (?:was the |is the |were the |are the )?(?:reasons?|causes?|caused|led to|prompted|sparked|triggered)\b|\bhow come\b"),
        (Kind.PLACE, rf"(?:^|[,;] |\bfrom )where\b|\bwhere (?:{_VERBS})\b|\b(?:what|which) (?:[\w-]+ )?(?:{_PLACES})\b"),
        (Kind.PERSON, rf"(?:^|[,;] |\b(?:by|to|of|with|from|for|and) )who(?:m|se)?\b|\bwho (?:{_VERBS})\b|\b(?:what|which) (?:[\w-]+ )?(?P<noun>{_PEOPLE})\b"),
        (Kind.MANNER, r"\bhow\b"),
        (Kind.THING, r"\b(?:what|which) (?:(?:is|was|are|were) )?(?:(?:the|an?) )?(?:(?:kind|type|sort|name|form)s? of )?(?P<noun>[\w-]+)"),
    )
)  # fmt: skip
_YEAR = r"(?:1[0-9]|20)\d\d(?:s)?"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TIME = re.compile(
    rf"\b(?:{_YEAR}|{_MONTH}|{_DAY}|\w+ century|\w+ centuries|BCE?|AD|today|yesterday|tonight|last (?:week|month|year|night)|"
    rf"(?:this|next) (?:week|month|year)|\d+s|morning|afternoon|evening|midnight|noon|decades?|spring|summer|autumn|winter|"
    r"\d{1,2}(?::\d\d)? ?[ap]\.?m)\b"
)
_COUNT_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|"
    "dozens?|half|third|quarter|twice|once|single|none|several"
)
_NUMBER = re.compile(rf"\b\d[\d,.]*\d\b|\b\d+|\b(?:{_COUNT_WORDS})\b", re.IGNORECASE)
_MONEY = re.compile(
    r"[$£€¥]\s?\d|\b(?:dollars?|pounds?|euros?|yen|roubles?|rubles?|crowns?|rupees?|francs?|cents?)\b", re.IGNORECASE
)
_SHARE = re.compile(
    r"\d\s?%|\bper ?cent\b|\bpercentage\b|\b(?:half|third|quarter|majority|most|tenth)s?\b|\bone in \w+", re.IGNORECASE
)
_DURATION = re.compile(
    rf"(?:\d|\b(?:{_COUNT_WORDS}|a|an|few|many)\b)[ -](?:\w+[ -])?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))\b"
    rf"|\b(?:from|between) .{{0,24}}\d{{3,4}}\b.{{0,12}}\b(?:to|and|until)\b|\b{_YEAR} ?[-–] ?\d{{2,4}}|\buntil\b|\bsince\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\bbecause\b|\bdue to\b|\bowing to\b|\bthanks to\b|\bas a result\b|\bresult(?:ed|ing|s)?\b|\bsince\b|\bso that\b|\bin order to\b|"
    r"\bcaus(?:e|ed|es|ing)\b|\bled to\b|\breasons?\b|\btherefore\b|\bthus\b|\bover\b|\bafter\b|\bfor fear\b|\bto avoid\b|\bsparked\b|"
    r"\btriggered\b|\bprompted\b|\bblam\w+\b|\battribut\w+\b|\bin (?:response|protest|retaliation)\b|\bciting\b|\bas (?:the|a|it|they|he|she)\b",
    re.IGNORECASE,
)
_MANNER = re.compile(r"\bby (?:\w+ing|the|a|an|means)\b|\bthrough\b|\busing\b|\bwith\b|\bvia\b|\bthus\b", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Z][\w'’.-]*[\w])(?:(?: (?:of|the|de|van|von|and|bin|al|ibn)){0,2} [A-Z][\w'’-]*)*")
_PLACE_WORD = re.compile(
    rf"\b(?:in|at|near|from|to|of|on|across|around|outside|between|into|through|off|throughout|along|via|where|located|situated|based)\s+(?:the |an? )?(?:\w+ ){{0,2}}?(?P<name>(?!{_MONTH}|{_DAY})[A-Z][\w'’-]+)"
)
_PLACE_NOUN = re.compile(
    r"\b(?:located|situated|based|located|north|south|east|west|northern|southern|eastern|western|coast|border|near|between|outside|inside|downtown|city|town|river|street|island)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«»]")
_SPEAKING = re.compile(r"\b(?:said|says|told|added|wrote|according to)\b")


@lru_cache(maxsize=1024)
def asked_for(question: str) -> AskedFor:
    """The kind of thing that would answer a question."""
    found = [
        (match.start(), at, kind, match)
        for at, (kind, pattern) in enumerate(_ASKED)
        if (match := pattern.search(question))
    ]
    if not found:
        return AskedFor(Kind.THING)
    _, _, kind, match = min(found)
    noun = match.groupdict().get("noun") or ""
    return AskedFor(kind, stem(noun) if noun else "")


def fit(asked: AskedFor, question: str, sentence: str) -> float:
    """How well a sentence has what is asked for and the question does not hold already: 0 to 1."""
    text = plain(sentence)
    match asked.kind:
        case Kind.PERSON:
            return _new_names(text, question)
        case Kind.PLACE:
            return max(_has_new(_PLACE_WORD, text, question), 0.5 * bool(_PLACE_NOUN.search(text)))
        case Kind.TIME:
            return _has_new(_TIME, text, question)
        case Kind.NUMBER:
            return _number_of(asked.noun, text, question)
        case Kind.MONEY:
            return 1.0 if _MONEY.search(text) else 0.3 * _has_new(_NUMBER, text, question)
        case Kind.SHARE:
            return 1.0 if _SHARE.search(text) else 0.4 * _has_new(_NUMBER, text, question)
        case Kind.DURATION:
            return 1.0 if _DURATION.search(text) else 0.3 * _has_new(_NUMBER, text, question)
        case Kind.REASON:
            return float(bool(_REASON.search(text)))
        case Kind.MANNER:
            return float(bool(_MANNER.search(text)))
        case Kind.THING:
            return 0.0


def _has_new(pattern: re.Pattern[str], text: str, question: str) -> float:
    known = question.lower()
    return float(any(found[found.lastgroup or 0].lower() not in known for found in pattern.finditer(text)))


def _new_names(text: str, question: str) -> float:
    """A name that the question does not hold: of several words, or inside the sentence, rather than its first word."""
    known = set(question.lower().split())
    best = 0.0
    for found in _NAME.finditer(text):
        words = [word for word in found[0].split() if word.lower().strip("'s.") not in known and word[0].isupper()]
        if words:
            inside = found.start() > 0
            best = max(best, 1.0 if len(words) > 1 else 0.8 if inside else 0.3)
    return best


def _number_of(noun: str, text: str, question: str) -> float:
    """1 for a number that stands before what is counted, less for one elsewhere, nothing for a number of the question."""
    known, best = question.lower(), 0.0
    for found in _NUMBER.finditer(text):
        if found[0].lower() in known.split():
            continue
        after = {stem(word) for word in re.findall(r"[\w-]+", text[found.end() : found.end() + 40].lower())[:4]}
        best = max(best, 1.0 if noun and noun in after else 0.6 if not re.fullmatch(_YEAR, found[0]) else 0.3)
    return best
