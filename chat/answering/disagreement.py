"""Pairs of evidence that report one event differently: a conflict, a later figure, or a correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import combinations

from chat.answer import Evidence, Sentence, Support
from chat.answering.claims import SAME_STORY, Claim, agree, claims_of, dates_in, is_same_event, moment_of, names_in
from chat.answering.quoting import attribution, visible
from chat.english.event_dates import EventDate


class Difference(StrEnum):
    """How two reports of one event differ."""

    CONFLICT = "conflict"
    UPDATE = "update"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Side:
    """What one piece of evidence says about the point in question, in its own words."""

    words: str
    evidence: Evidence

    @property
    def is_corrected(self) -> bool:
        """Whether the words are from an article that was corrected."""
        return self.evidence.article.version > 1 or self.evidence.article.correction is not None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sides that cannot both be right at one time; the earlier report first."""

    difference: Difference
    about: str  # "died", "homes flooded", "date", "name", ...
    first: Side
    second: Side


_RISING = frozenset(("died", "missing", "injured", "arrested", "homes flooded", "without power"))
_SAME_TIME = timedelta(hours=6)
_ALIKE = 0.5  # share of the content words that two sentences have in common when they report the same


def find_disagreements(evidence: Sequence[Evidence]) -> tuple[Disagreement, ...]:
    """The pairs that disagree about a number, a date or a name of the same event; by rules, without a model."""
    claims = [claim for one in evidence for claim in claims_of(one)]
    found: dict[tuple[str, int, int], Disagreement] = {}
    for one, other in combinations(claims, 2):
        key = (one.about, one.evidence.number, other.evidence.number)
        if one.evidence == other.evidence or one.about != other.about or key in found:
            continue
        earlier, later = sorted((one, other), key=lambda claim: moment_of(claim.evidence))
        if differing := _compare(earlier, later):
            found[key] = differing
    return tuple(found.values())


def disagreement_sentence(disagreement: Disagreement) -> Sentence:
    """A sentence of an answer that reports both sides and cites them in their order."""
    citations = (disagreement.first.evidence, disagreement.second.evidence)
    return Sentence(disagreement_text(disagreement, marks=False), citations, Support.SUPPORTED)


def disagreement_text(disagreement: Disagreement, *, marks: bool = True) -> str:
    """Both sides in words, with the citation mark inside each pair of parentheses."""
    first, second = (_side_text(side, marks=marks) for side in (disagreement.first, disagreement.second))
    if disagreement.difference is Difference.CONFLICT:
        return f"The reports differ: {first}; {second}."
    if disagreement.difference is Difference.UPDATE:
        return f"The figure changed as reports came in: first {first}, later {second}."
    done = "corrected" if disagreement.second.evidence.article.correction else "changed"
    return f"The article was {done}: first {first}, now {second}."


def _side_text(side: Side, *, marks: bool) -> str:
    article = side.evidence.article
    version = f", version {article.version}" if article.version > 1 else ""
    corrected = ", corrected" if article.correction else ""
    mark = f" [{side.evidence.number}]" if marks else ""
    return f"{visible(side.words)} ({attribution(side.evidence)}{version}{corrected}{mark})"


def _compare(one: Claim, other: Claim) -> Disagreement | None:
    if one.about == "wording":
        return _compare_wording(one, other)
    if agree(one.figures, other.figures) or not is_same_event(one, other):
        return None
    return _disagreement(one.about, one, one.words, other, other.words)


def _disagreement(about: str, one: Claim, words: str, other: Claim, other_words: str) -> Disagreement:
    sides = Side(words, one.evidence), Side(other_words, other.evidence)
    return Disagreement(difference(one, other, about), about, *sides)


def difference(one: Claim, other: Claim, about: str = "") -> Difference:
    """How two claims that cannot both be right differ; `one` is from the earlier report."""
    article, later = one.evidence.article, other.evidence.article
    if article.id == later.id and article.version != later.version:
        return Difference.CORRECTION
    apart = moment_of(other.evidence) - moment_of(one.evidence)
    if _publisher(one.evidence) == _publisher(other.evidence):
        return Difference.UPDATE if apart else Difference.CONFLICT
    if (about or one.about) in _RISING and apart > _SAME_TIME:
        return Difference.UPDATE
    return Difference.CONFLICT


def _publisher(evidence: Evidence) -> str:
    return (evidence.article.agency or evidence.article.source).casefold()


def _compare_wording(one: Claim, other: Claim) -> Disagreement | None:
    """The one date or the one name in which two otherwise similar sentences differ."""
    union = one.stems | other.stems
    if not union or len(one.stems & other.stems) / len(union) < _ALIKE or one.sentence == other.sentence:
        return None
    same = one.evidence.article.id == other.evidence.article.id
    if not same and abs(moment_of(one.evidence) - moment_of(other.evidence)) > SAME_STORY:
        return None
    return _compare_dates(one, other) or _compare_names(one, other)


def _compare_dates(one: Claim, other: Claim) -> Disagreement | None:
    dates, others = (dates_in(claim) for claim in (one, other))
    missing = [date for date in dates if not any(_overlap(date, each) for each in others)]
    added = [date for date in others if not any(_overlap(date, each) for each in dates)]
    if len(missing) != 1 or len(added) != 1 or missing[0].words.lower() == added[0].words.lower():
        return None  # no reader can see how "Tuesday" differs from "Tuesday"
    return _disagreement("date", one, missing[0].words, other, added[0].words)


def _overlap(one: EventDate, other: EventDate) -> bool:
    return one.first <= other.last and other.first <= one.last


def _compare_names(one: Claim, other: Claim) -> Disagreement | None:
    names, others = names_in(one.sentence), names_in(other.sentence)
    missing, added = names - others, others - names
    if len(missing) != 1 or len(added) != 1 or not names & others:
        return None
    (name,), (other_name,) = missing, added
    if name in other.sentence or other_name in one.sentence or _may_be_one(name, other_name):
        return None
    return _disagreement("name", one, name, other, other_name)


def _may_be_one(name: str, other: str) -> bool:
    """Whether two names share a word, hyphens aside, or one is the initials of the other."""
    words, others = (one.lower().replace("-", " ").split() for one in (name, other))
    initials = ("".join(word[0] for word in some) for some in (words, others))
    return not set(words).isdisjoint(others) or {"".join(words), "".join(others)} & set(initials) != set()
