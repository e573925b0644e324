"""The sort of thing that answers a question, and how well a sentence provides it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chat.english.plain_text import plain
from corpus.english.calendar import MONTH_NAME, WEEKDAY
from corpus.english.function_words import is_function_word
from corpus.english.number_words import BELOW_HUNDRED, SCALES, alternatives
from indexer.search.stemming import stem


class AnswerKind(StrEnum):
    """The sort of thing that answers a question, by its question word; coarser than Li & Roth 2002."""

    PERSON = "person"  # or organisation
    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DURATION = "duration"
    REASON = "reason"
    MANNER = "manner"
    NAME = "name"  # of what the question describes
    THING = "thing"  # anything


@dataclass(frozen=True, slots=True)
class AnswerType:
    """The sort of thing, the stem of what a number counts, and the noun after "which"."""

    kind: AnswerKind
    counted: str = ""
    noun: str = ""


_PEOPLE = (
    r"person|people|man|woman|president|minister|leader|king|queen|emperor|pope|author|writer|actor|actress|director|"
    r"scientist|chemist|physicist|mathematician|architect|artist|general|captain|mayor|player|coach|manager|official|"
    r"spokes\w+|company|companies|organi[sz]ation|team|group|agency|party|bank|publisher|band|ruler|explorer"
)
_PLACES = (
    "place|city|cities|town|village|country|countries|state|region|province|county|district|continent|island|river|"
    "location|street|stadium|port|venue|area"
)
_TIMES = "years?|dates?|days?|months?|century|centuries|decades?|time|season|era|weekday"
_MEASURES = (
    "number|amount|population|temperature|height|depth|width|length|weight|size|speed|distance|rate|score|age|level|"
    "total|toll|margin|capacity|rank|average|ratio|estimate|frequency|efficiency|wavelength|gauge"
)
_VERBS = "is|was|are|were|did|does|do|has|have|had|will|would|can|could|should|might|may"
_WHAT = r"\b(?:what|which) (?:[\w-]+ )?"
_BE = "(?:(?:is|was|are|were|were) )?(?:the )?"
_WITH = r"\b(?:by|to|of|with|from|for|and)"
_NAME_ASKED = (
    r"\b(?:what|which)\b(?=.*\b(?:call(?:ed)?|known as|refer(?:red)? to as|terms?|nicknamed?|names?|titles?|titled|"
    r"(?:way|word|expression) (?:of|for))\b)"
)
_PREPOSITIONS = "of|for|in|from|to|on|that"
_BEFORE_A_VERB = rf"(?=(?:{_VERBS}|{_PREPOSITIONS}|\w+ed|made|led|won)\b)"
_NOUN_AFTER_BE = r"(?:the |an? )?(?:name of (?:the )?)?(?:\w+ ){0,2}?(?P<sort>\w+) (?=of|for|that|in|who|which|used)\b"
# "what type of school", "which river", "what is the longest river in"
_SORTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:what|which) (?:type|kind|sort|form|part)s? of (?:the |an? )?(?P<sort>[\w'-]+)",
        rf"\b(?:what|which) (?!(?:{_VERBS}|happen\w*|caused)\b)(?:[\w'-]+ ){{0,2}}?(?P<sort>[\w'-]+) {_BEFORE_A_VERB}",
        rf"\bwhat (?:{_VERBS}) {_NOUN_AFTER_BE}",
    )
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’]*\s+(?=[A-Z“\"])")
_NO_SORT = frozenset("type kind sort form part did does".split())
# The first match in the question decides; of two at one place, the upper one.
_ASKED = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            AnswerKind.MONEY,
            r"\bhow much (?:money|did \w+ (?:pay|cost|earn|spend)|.*\b(?:cost|pay|paid|worth|spent|price)\b)",
        ),
        (AnswerKind.MONEY, rf"{_WHAT}(?:price|cost|fine|sum|salary|budget|fee)\b"),
        (
            AnswerKind.SHARE,
            rf"(?:{_WHAT}|\bwhat {_BE}(?:\w+ )?)(?:percent(?:age)?|proportion|share|fraction)\b|\bhow much of\b",
        ),
        (AnswerKind.DURATION, r"\bhow long\b|\bfor how many (?:years|months|weeks|days|hours|minutes)\b"),
        (AnswerKind.NUMBER, r"\bhow many (?:of the |more |other )?(?:different |new |total )?(?P<counted>[\w-]+)"),
        (AnswerKind.NUMBER, r"\bhow (?:much|old|far|tall|high|deep|wide|big|large|fast|heavy|hot|cold|often|few)\b"),
        (
            AnswerKind.TIME,
            rf"(?:^|[,;] |\bsince )when(?!.*, (?:what|which|who|how)\b)\b|\bwhen (?:{_VERBS})\b|{_WHAT}(?:{_TIMES})\b",
        ),
        (AnswerKind.NUMBER, rf"\bwhat {_BE}(?:[\w'-]+ ){{0,3}}?(?P<counted>{_MEASURES})\b"),
        (AnswerKind.REASON, rf"\bwhy\b|\bwhat {_BE}(?:reasons?|causes?)\b|\bhow come\b"),
        (AnswerKind.REASON, r"\bwhat (?:caused|led to|prompted|sparked|triggered)\b"),
        (AnswerKind.PLACE, rf"(?:^|[,;] |\bfrom )where\b|\bwhere (?:{_VERBS})\b|{_WHAT}(?:{_PLACES})\b"),
        (AnswerKind.PERSON, rf"(?:^|[,;] |{_WITH} )who(?:m|se)?\b|\bwho (?:{_VERBS})\b|{_WHAT}(?:{_PEOPLE})\b"),
        (AnswerKind.NAME, _NAME_ASKED),
        (AnswerKind.MANNER, r"\bhow\b"),
        (AnswerKind.THING, r"\b(?:what|which)\b"),
    )
)

_YEAR = r"(?:1[0-9]|20)\d\ds?"
_CALENDAR = rf"(?:{MONTH_NAME}|{WEEKDAY})"
_COUNTS = (
    rf"{alternatives(BELOW_HUNDRED)}|(?:{alternatives(SCALES)})s?|half|third|quarter|twice|once|single|none|several"
)
_TIME = re.compile(
    rf"\b(?:{_YEAR}|{_CALENDAR}|\w+ centur(?:y|ies)|BCE?|AD|today|yesterday|tonight|\d+s|decades?|"
    r"(?:last|this|next) (?:week|month|year|night)|morning|afternoon|evening|midnight|noon|"
    r"spring|summer|autumn|winter|\d{1,2}(?::\d\d)? ?[ap]\.?m)\b"
)
_NUMBER = re.compile(rf"\b\d[\d,.]*\d\b|\b\d+|\b(?:{_COUNTS})\b", re.IGNORECASE)
_MONEY = re.compile(
    r"[$£€¥]\s?\d|\b(?:dollars?|pounds?|euros?|yen|roubles?|rubles?|crowns?|rupees?|francs?|cents?)\b", re.IGNORECASE
)
_SHARE = re.compile(
    r"\d\s?%|\bper ?cent\b|\bpercentage\b|\b(?:half|third|quarter|majority|most|tenth)s?\b|\bone in \w+", re.IGNORECASE
)
_DURATION = re.compile(
    rf"(?:\d|\b(?:{_COUNTS}|an?|few|many)\b)[ -](?:\w+[ -])?"
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))\b"
    r"|\b(?:from|between) .{0,24}\d{3,4}\b.{0,12}\b(?:to|and|until)\b|\b\d{4} ?- ?\d{2,4}|\buntil\b|\bsince\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|as a result|result(?:ed|ing|s)?|since|so that|in order to|to avoid|over|"
    r"caus(?:e|ed|es|ing)|led to|reasons?|therefore|thus|after|for fear|sparked|triggered|prompted|blam\w+|citing|"
    r"attribut\w+|in (?:response|protest|retaliation)|as (?:the|a|it|they|he|she))\b",
    re.IGNORECASE,
)
_MANNER = re.compile(
    r"\b(?:by (?:\w+ing|the|an?|means)|through|using|with|via|thus|as an?|(?!only|early|family|likely)\w{3,}ly)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w'.-]*\w(?: (?:(?:of|the|de|van|von|and|bin|al|ibn) ){0,2}[A-Z][\w'-]*)*")
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|of|on|across|around|outside|between|into|within|inside|toward|towards|through|off|throughout|along|via|where|located|"
    rf"situated|based) (?:the |an? )?(?:\w+ ){{0,2}}?(?P<place>(?!{_CALENDAR})[A-Z][\w'-]+)"
)
_WHEREABOUTS = re.compile(
    r"\b(?:located|situated|based|(?:north|south|east|west)(?:ern)?|coast|border|near|between|outside|inside|downtown|"
    r"city|town|river|street|island)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:called|named|known as|termed|dubbed|referred to as|i\.e\.|titled|terms?|refers? to|defined|"
    r"nicknamed?|or)\b|[\"(]",
    re.IGNORECASE,
)
_WHO_DID = re.compile(r"\bwho (?:also |first |then )?([a-z]+)\b")
_DOING = re.compile(r"\b([A-Z][\w'-]+) (?:also |first |then )?([a-z]+)\b")
_NAMES_ANYTHING = 0.5  # a sentence that names or defines something often answers
_ANOTHER_NUMBER = 0.3  # money, a share or a duration may be written in a way that is not known here


def answer_type_of(question: str) -> AnswerType:
    """The sort of thing that would answer a question; of several sentences the last asks, the others lead to it."""
    *before, last = _SENTENCE_END.split(question.strip())
    found = _answer_type_of(last)
    return _answer_type_of(question) if before and found == AnswerType(AnswerKind.THING) else found


def _answer_type_of(question: str) -> AnswerType:
    found = [
        (match.start(), at, kind, match.groupdict().get("counted"))
        for at, (kind, pattern) in enumerate(_ASKED)
        if (match := pattern.search(question))
    ]
    noun = _noun_of(question)
    if not found:
        return AnswerType(AnswerKind.THING, noun=noun)
    _, _, kind, counted = min(found, key=lambda one: one[:2])
    return AnswerType(kind, stem(counted) if counted else "", noun)


def _noun_of(question: str) -> str:
    """The noun that names the sort of thing: "river" of "which river"; may be empty."""
    for pattern in _SORTS:
        found = pattern.search(question)
        if found and not is_function_word(found["sort"]) and found["sort"].lower() not in _NO_SORT:
            return found["sort"].lower()
    return ""


@lru_cache(maxsize=16_384)
def fit(asked: AnswerType, question: str, sentence: str) -> float:
    """How well a sentence provides the sort of thing asked for, and not one that the question names itself: 0 to 1."""
    text, known = _plain(sentence), question.lower()
    match asked.kind:
        case AnswerKind.PERSON:
            return 1.0 if _does_what_was_asked(text, known) else _new_name(text, known)
        case AnswerKind.PLACE:
            return max(_new(_PLACE, text, known), 0.5 * bool(_WHEREABOUTS.search(text)))
        case AnswerKind.TIME:
            return _new(_TIME, text, known)
        case AnswerKind.NUMBER:
            return _new_number(asked.counted, text, known)
        case AnswerKind.MONEY | AnswerKind.SHARE | AnswerKind.DURATION:
            pattern = {AnswerKind.MONEY: _MONEY, AnswerKind.SHARE: _SHARE, AnswerKind.DURATION: _DURATION}[asked.kind]
            return 1.0 if pattern.search(text) else _ANOTHER_NUMBER * _new(_NUMBER, text, known)
        case AnswerKind.REASON:
            return float(_REASON.search(text) is not None)
        case AnswerKind.NAME:
            return float(_NAMED.search(text) is not None)
        case AnswerKind.MANNER:
            return float(_MANNER.search(text) is not None)
        case AnswerKind.THING:
            return _NAMES_ANYTHING * float(_NAMED.search(text) is not None)


_plain = lru_cache(maxsize=16_384)(plain)


def _new(pattern: re.Pattern[str], text: str, known: str) -> float:
    return float(any(found[found.lastgroup or 0].lower() not in known for found in pattern.finditer(text)))


def _does_what_was_asked(text: str, known: str) -> bool:
    """Whether a name stands before the verb of "who argued": "Hess argued", also where it opens the sentence."""
    asked = _WHO_DID.search(known)
    if not asked or is_function_word(asked[1]):
        return False
    return any(
        stem(found[2].lower()) == stem(asked[1])
        and not is_function_word(found[1].lower())
        and found[1].lower() not in known
        for found in _DOING.finditer(text)
    )


def _new_name(text: str, known: str) -> float:
    """Most for a name of several words, least for one that may be only the first word of its sentence."""
    said = set(re.findall(r"[\w'-]+", known))
    best = 0.0
    for found in _NAME.finditer(text):
        words = [word for word in found[0].split() if word[0].isupper() and word.lower().removesuffix("'s") not in said]
        if words:
            best = max(best, 1.0 if len(words) > 1 else 0.8 if found.start() else 0.3)
    return best


def _new_number(counted: str, text: str, known: str) -> float:
    """Most for a number that stands before what is counted, least for a year."""
    said = set(known.split())
    best = 0.0
    for found in _NUMBER.finditer(text):
        if found[0].lower() in said:
            continue
        after = {stem(word) for word in re.findall(r"[\w-]+", text[found.end() : found.end() + 40])[:4]}
        best = max(best, 1.0 if counted in after else 0.3 if re.fullmatch(_YEAR, found[0]) else 0.6)
    return best
