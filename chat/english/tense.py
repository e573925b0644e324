"""Whether the clause around some words tells of what happened or of what is to come."""

import re
from enum import Enum, auto

from corpus.english.speech_verbs import SPEECH_ALONE


class Tense(Enum):
    """What the verbs of a clause say."""

    PAST = auto()
    AHEAD = auto()
    OPEN = auto()  # neither, or both


_CLAUSE_ENDS = re.compile(
    r"[;:\"]|,(?!\d)| - |\b(?:and|but|while|whereas|which|who|that|after|before|because|when|although|though|where|if"
    r"|until)\b"
)
_AHEAD = re.compile(
    r"\b(?:will|shall|(?:is|are) to|(?:is|are)(?: now)? (?:due|set|scheduled|expected|planned|likely)(?: to| for)?"
    r"|(?:is|are) going to|(?:plans?|hopes?|expects?|intends?) to)\b(?:(?: not| also| be| have| been)* [a-z]+)?",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    r"\b(?:may|might|could|should|must|would|can|cannot|unless|ought|planned|scheduled|due|expected|supposed"
    r"|set (?:to|for)|(?:has|have) to)\b"
)
_INFINITIVE = re.compile(r"\b(?:to|be|being)(?: be| have been)? [a-z]+\b")
_IRREGULAR = (
    "was|were|had|did|been|began|begun|became|blew|broke|broken|brought|built|burst|bought|came|caught|chose|cut|died|done|"
    "drew|drove|fell|fallen|fled|flew|fought|found|froze|gave|given|gone|got|grew|held|hit|hurt|kept|knew|laid|led|left|lit|"
    "lost|made|met|paid|put|quit|ran|risen|rose|said|sang|sank|sat|saw|seen|sent|set|shook|shot|shut|sold|spent|split|spoke|"
    "spread|stood|stole|struck|swam|swept|swore|taken|taught|threw|told|took|tore|went|withdrew|woke|won|wore|written|wrote"
)
_REGULAR = (
    r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bits )(?<!\btheir )"  # "the proposed bridge"
    r"(?!need|seed|feed|deed|indeed|speed|breed|hundred|united|exceed|proceed|succeed)[a-z]{2,}ed"
)
_PAST = re.compile(rf"\b(?:{_IRREGULAR}|{_REGULAR})\b", re.IGNORECASE)
_SPEAKS = re.compile(rf"\b(?:{SPEECH_ALONE})\b")
_LEANS = re.compile(r"\s*(?:[a-z]+ing|with|in|on|at|during|among|including|early|late)\b")
_ASIDE = re.compile(r"\([^()]*\)")


def clause_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of the clause of a plain sentence around the words from `start` to `end`."""
    clauses, at = _clauses(text, start, end)
    return clauses[at]


def tense_at(text: str, start: int, end: int) -> Tense:
    """The tense of the clause around a time in a plain sentence.

    A time without a verb has that of the clause that it opens ("On Monday, they met") or that it follows ("They met, on
    Monday").
    """
    clauses, at = _clauses(text, start, end)
    first, last = clauses[at]
    own = f"{text[first:start]} {text[end:last]}"
    if _has_a_verb(own):
        return tense_of(own)
    beside = clauses[at + 1 :] if at == 0 else clauses[at - 1 :: -1] if _LEANS.match(text, first) else []
    others = (text[first:last] for first, last in beside)
    return next((tense_of(each) for each in others if _has_a_verb(each) and not _SPEAKS.search(each)), Tense.OPEN)


def _clauses(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """The offsets of the clauses of a sentence, and which of them holds the words; what is in brackets is no clause."""
    if not any(each.start() < start and end < each.end() for each in _ASIDE.finditer(text)):
        text = _ASIDE.sub(lambda each: " " * len(each[0]), text)
    boundaries = [each.span() for each in _CLAUSE_ENDS.finditer(text) if each.end() <= start or each.start() >= end]
    ends = [0, *(place for span in boundaries for place in span), len(text)]
    clauses = list(zip(ends[::2], ends[1::2], strict=True))
    return clauses, next(at for at, (_, last) in enumerate(clauses) if end <= last)


def _has_a_verb(clause: str) -> bool:
    return any(pattern.search(clause) for pattern in (_AHEAD, _PERHAPS, _PAST))


def tense_of(clause: str) -> Tense:
    """The tense of a clause of a plain text."""
    ahead = _AHEAD.search(clause) is not None
    said = _AHEAD.sub(" ", clause)
    past = _PAST.search(_INFINITIVE.sub(" ", said)) is not None
    if ahead == past or _PERHAPS.search(said):
        return Tense.OPEN
    return Tense.AHEAD if ahead else Tense.PAST
