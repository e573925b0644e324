"""Pairs of evidence that tell one event differently: a conflict of reports, a later figure, or a correction."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from chat.answer import Evidence, Sentence, Support
from chat.answering.composing import attribution, visible
from chat.english.event_dates import EventDate, Precision, event_dates
from chat.english.figures import Bound, Figure, Match, match_figure, read_figures
from chat.english.names import find_names, is_title
from chat.english.plain_text import content_stems, plain
from corpus.english.calendar import WEEKDAY
from corpus.english.number_words import BELOW_HUNDRED, SCALES, alternatives
from corpus.sentences import split_sentences


class Difference(StrEnum):
    """How two reports of one event differ."""

    CONFLICT = "conflict"
    UPDATE = "update"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Side:
    """What one piece of evidence says of the point in question, in its own words."""

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


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a sentence of the evidence says: a number that counts something, or its wording."""

    about: str
    words: str
    figures: tuple[Figure, ...]
    sentence: str
    stems: frozenset[str]  # of the sentence
    evidence: Evidence


_SMALL = alternatives((*BELOW_HUNDRED, *SCALES))
_LIMIT = (
    r"(?:(?:at least|more than|over|nearly|almost|about|around|some|up to|fewer than|less than|roughly|an estimated"
    r"|approximately|only)\s)?"
)
_DIGITS = r"\d[\d,]*(?:\.\d+)?(?:\s(?:hundred|thousand|million))?"
_NUMBER = rf"(?P<n>{_LIMIT}(?:{_DIGITS}|(?:a\s)?(?:{_SMALL})(?:[-\s](?:and\s)?(?:{_SMALL}))*))"
_LONE = rf"(?:(?<!\bof )|(?<=\btotal of ))(?<!\baged ){_NUMBER}"  # not the age in "a woman of 67"
_PEOPLE = r"(?:\s(?:more\s)?(?:people|persons|men|women|civilians|residents|others|victims|passengers|of them))?"
_BEING = (
    r"(?:\s(?:who|are|were|is|was|have|has|had|been|be|now|still|known|confirmed|reported|feared|believed|listed|as|to|also"
    r"|remain|remained))*"
)
_TO = r"(?:to|of|at|is|was|reached|passed|stands at|stood at)"
_DEAD = r"(?:died|dead|killed|perished)"
_MARCHED = r"walked|march(?:ed)?|demonstrated|protested|rallied|took part|turned out|(?:filled|took to) the streets"
_DARK = r"without (?:power|electricity)|in the dark|lost (?:their )?(?:power|electricity)"
_COUNTED = {
    about: tuple(re.compile(rf"\b{pattern}", re.IGNORECASE) for pattern in patterns)
    for about, patterns in {
        "died": (
            rf"{_LONE}(?:\s(?:people|persons|victims|civilians|residents))?{_BEING}\s{_DEAD}\b",
            rf"toll\b[^.;]{{0,60}}?\b{_TO}\s{_NUMBER}\b",
            rf"number of (?:people |those )?(?:known to have )?(?:{_DEAD}|deaths)\b[^.;]{{0,70}}?\b{_TO}\s{_NUMBER}\b",
            rf"(?:killed|killing|kills)\s{_NUMBER}(?=\s(?:people|persons|civilians|residents|and|in)\b|[.,;])",
            rf"{_NUMBER}\s(?:deaths|fatalities)\b",
        ),
        "missing": (rf"{_LONE}{_PEOPLE}{_BEING}\s(?:missing|unaccounted for)\b",),
        "injured": (
            rf"{_LONE}{_PEOPLE}{_BEING}\s(?:injured|hurt|wounded)\b",
            rf"(?:injured|injuring|wounded|wounding)\s{_NUMBER}\b",
        ),
        "marched": (
            rf"{_LONE}{_PEOPLE}\s(?:{_MARCHED})\b",
            rf"{_NUMBER}\s(?:marchers|protesters|demonstrators)\b",
            rf"crowd of {_NUMBER}\b",
        ),
        "homes flooded": (
            rf"{_NUMBER}\s(?:homes|houses){_BEING}\s(?:flooded|under water|inundated)\b",
            rf"flooded {_NUMBER}\s(?:homes|houses)\b",
        ),
        "without power": (
            rf"{_NUMBER}\s(?:customers|homes|households|people){_BEING}\s(?:{_DARK})\b",
            rf"cut off (?:the )?(?:power|electricity) to {_NUMBER}\b",
        ),
        "arrested": (
            rf"{_LONE}{_PEOPLE}{_BEING}\s(?:arrested|detained)\b",
            rf"(?:arrested|detained) {_NUMBER}\b",
        ),
    }.items()
}
_VOTE = re.compile(rf"\b(?P<n>(?:\d+|{_SMALL}) (?:votes )?to (?:\d+|{_SMALL}))\b(?=[^.]*)", re.IGNORECASE)
_VOTED = re.compile(r"\bvote|\bmajority|\bcarried\b|\bapproved\b|\brefused\b|\bresult\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_SAID_ON = re.compile(
    r"\b(?:said|says|told \w+|announced|confirmed|reported)(?: (?:late|early))? on "
    rf"{WEEKDAY}\b"
)
_RISING = frozenset(("died", "missing", "injured", "arrested", "homes flooded", "without power"))
_SAME_TIME = timedelta(hours=6)
_SAME_STORY = timedelta(days=7)
_ALIKE = 0.5  # of their content words, two sentences that tell the same; the point in question aside
_UNKNOWN = datetime(1, 1, 1, tzinfo=UTC)
_REMEMBERED = 1024  # sentences: each is compared with many
_SHARED = 3  # content stems of title, lead and sentence


def find_disagreements(evidence: Sequence[Evidence]) -> tuple[Disagreement, ...]:
    """The pairs that disagree about a number, a date or a name of the same event; pure, no model."""
    claims = [claim for one in evidence for claim in claims_of(one)]
    found: dict[tuple[str, int, int], Disagreement] = {}
    for one, other in combinations(claims, 2):
        key = (one.about, one.evidence.number, other.evidence.number)
        if one.evidence == other.evidence or one.about != other.about or key in found:
            continue
        if told := _compare(*sorted((one, other), key=lambda claim: moment_of(claim.evidence))):
            found[key] = told
    return tuple(found.values())


def disagreement_sentence(told: Disagreement) -> Sentence:
    """A sentence of an answer, ours, built from the checked parts; its citations are in the order of the sides."""
    return Sentence(told_as_text(told, marks=False), (told.first.evidence, told.second.evidence), Support.SUPPORTED)


def told_as_text(told: Disagreement, *, marks: bool = True) -> str:
    """The same in words, with the citation mark inside each pair of parentheses."""
    first, second = (_side_text(side, marks=marks) for side in (told.first, told.second))
    if told.difference is Difference.CONFLICT:
        return f"The reports differ: {first}; {second}."
    if told.difference is Difference.UPDATE:
        return f"The figure changed as reports came in: first {first}, later {second}."
    done = "corrected" if told.second.evidence.article.correction else "changed"
    return f"The article was {done}: first {first}, now {second}."


def _side_text(side: Side, *, marks: bool) -> str:
    article = side.evidence.article
    version = f", version {article.version}" if article.version > 1 else ""
    corrected = ", corrected" if article.correction else ""
    mark = f" [{side.evidence.number}]" if marks else ""
    return f"{visible(side.words)} ({attribution(side.evidence)}{version}{corrected}{mark})"


def days_spoken_of(claim: Claim) -> tuple[EventDate, ...]:
    """The days, months or years that a claim's sentence names, or else the day of its report."""
    published = claim.evidence.article.published_at
    if published is None:
        return ()
    today = published.date()
    return _dates(_SAID_ON.sub("said", claim.sentence), published) or (EventDate("", today, today, Precision.DAY),)


def claims_of(evidence: Evidence) -> Iterator[Claim]:
    """What each sentence of the evidence says that another may deny: what it counts, and its wording."""
    for span in split_sentences(evidence.text):
        sentence = plain(evidence.text[span.start : span.end])
        stems = content_stems(sentence)
        for about, words in _counted(sentence):
            yield Claim(about, words, _figures(words), sentence, stems, evidence)
        yield Claim("wording", "", (), sentence, stems, evidence)


@lru_cache(maxsize=_REMEMBERED)
def _counted(sentence: str) -> tuple[tuple[str, str], ...]:
    """What a plain sentence counts, each with the words of its number."""
    counted = []
    for about, patterns in _COUNTED.items():
        found = next(filter(None, (pattern.search(sentence) for pattern in patterns)), None)
        if found and _figures(found["n"]) and not _YEAR.fullmatch(found["n"]):
            counted.append((about, found["n"]))
    if _VOTED.search(sentence) and (vote := _VOTE.search(sentence)):
        counted.append(("vote", vote["n"]))
    return tuple(counted)


def _figures(words: str) -> tuple[Figure, ...]:
    return tuple(figure._replace(noun="", unit="") for figure in read_figures(words))


def _compare(one: Claim, other: Claim) -> Disagreement | None:
    if one.about == "wording":
        return _compare_wording(one, other)
    if agree(one.figures, other.figures) or not is_same_event(one, other):
        return None
    return _told(one.about, one, one.words, other, other.words)


def agree(one: Sequence[Figure], other: Sequence[Figure]) -> bool:
    """Whether figures can be right together: the same, or one a fair round form of the other."""
    if len(one) != len(other):
        return False
    return all(
        Match.ABSENT not in (match_figure(a, [b]), match_figure(b, [a])) or _about(a, b)
        for a, b in zip(one, other, strict=True)
    )


def _about(one: Figure, other: Figure) -> bool:
    """Whether one of two figures is a fair round form of the other."""
    return Bound.EXACT in (one.bound, other.bound) and (
        match_figure(one, [other]) is not Match.ABSENT or match_figure(other, [one]) is not Match.ABSENT
    )


def _told(about: str, one: Claim, words: str, other: Claim, other_words: str) -> Disagreement:
    sides = Side(words, one.evidence), Side(other_words, other.evidence)
    return Disagreement(difference(one, other, about), about, *sides)


def difference(one: Claim, other: Claim, about: str = "") -> Difference:
    """How two claims differ that cannot both be right; `one` is of the earlier report."""
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


def moment_of(evidence: Evidence) -> datetime:
    article = evidence.article
    moment = (article.updated_at if article.version > 1 else None) or article.published_at
    return moment or _UNKNOWN


def is_same_event(one: Claim, other: Claim) -> bool:
    """Whether two claims are of one event, by the days, the names and the words in and around their sentences."""
    if one.evidence.article.id == other.evidence.article.id:
        return one.evidence.article.version != other.evidence.article.version
    days, other_days = _days(one, one.sentence), _days(other, other.sentence)
    if days and other_days and not _near(days, other_days):
        return False
    if _place_names(one.sentence) & _place_names(other.sentence) and days and other_days:
        return True
    shared = content_stems(surroundings(one)) & content_stems(surroundings(other))
    names = _place_names(surroundings(one)) & _place_names(surroundings(other))
    if len(shared) < _SHARED or not names:
        return False
    around = _days(one, surroundings(one)), _days(other, surroundings(other))
    if _near(*around):
        return True
    in_sentences = _place_names(one.sentence) & _place_names(other.sentence)
    undated = not days or not other_days
    close = abs(moment_of(one.evidence) - moment_of(other.evidence)) <= _SAME_STORY and not (around[0] and around[1])
    return bool(undated and in_sentences) or close


def surroundings(claim: Claim) -> str:
    """The title, the first paragraph and the sentence."""
    article = claim.evidence.article
    return plain(f"{article.title}. {article.text.partition(chr(10) * 2)[0]} {claim.sentence}")


def _days(claim: Claim, text: str) -> list[EventDate]:
    """The days of what a text tells; not the one on which somebody said so."""
    published = claim.evidence.article.published_at
    told = _SAID_ON.sub("said", text)
    return [one for one in _dates(told, published) if one.precision is Precision.DAY] if published else []


def _near(days: Sequence[EventDate], others: Sequence[EventDate]) -> bool:
    return any(abs((one.first - other.first).days) <= 1 for one in days for other in others)


@lru_cache(maxsize=_REMEMBERED)
def _place_names(text: str) -> frozenset[str]:
    """Names, of anything, by their words; a title or a lone first word says little."""
    return frozenset(
        " ".join(word for word in name.words if not is_title(word))
        for name in find_names(text)
        if not name.initial or len(name.words) > 1
    ) - {""}


def _compare_wording(one: Claim, other: Claim) -> Disagreement | None:
    """Two sentences that are alike but for one date or one name."""
    union = one.stems | other.stems
    if not union or len(one.stems & other.stems) / len(union) < _ALIKE or one.sentence == other.sentence:
        return None
    same = one.evidence.article.id == other.evidence.article.id
    if not same and abs(moment_of(one.evidence) - moment_of(other.evidence)) > _SAME_STORY:
        return None
    return _compare_dates(one, other) or _compare_names(one, other)


def _compare_dates(one: Claim, other: Claim) -> Disagreement | None:
    dates, others = (_all_dates(claim) for claim in (one, other))
    missing = [date for date in dates if not any(_overlap(date, each) for each in others)]
    added = [date for date in others if not any(_overlap(date, each) for each in dates)]
    if len(missing) != 1 or len(added) != 1 or missing[0].words.lower() == added[0].words.lower():
        return None  # "Tuesday" and "Tuesday" are told apart by nobody
    return _told("date", one, missing[0].words, other, added[0].words)


def _all_dates(claim: Claim) -> Sequence[EventDate]:
    published = claim.evidence.article.published_at
    return _dates(claim.sentence, published) if published else ()


@lru_cache(maxsize=_REMEMBERED)
def _dates(text: str, published: datetime) -> tuple[EventDate, ...]:
    return tuple(event_dates(text, published))


def _overlap(one: EventDate, other: EventDate) -> bool:
    return one.first <= other.last and other.first <= one.last


def _compare_names(one: Claim, other: Claim) -> Disagreement | None:
    names, others = _place_names(one.sentence), _place_names(other.sentence)
    missing, added = names - others, others - names
    if len(missing) != 1 or len(added) != 1 or not names & others:
        return None
    (name,), (other_name,) = missing, added
    if name in other.sentence or other_name in one.sentence or _may_be_one(name, other_name):
        return None
    return _told("name", one, name, other, other_name)


def _may_be_one(name: str, other: str) -> bool:
    """Whether two names share a word, however they are hyphenated, or one is the initials of the other."""
    words, others = (one.lower().replace("-", " ").split() for one in (name, other))
    initials = ("".join(word[0] for word in some) for some in (words, others))
    return not set(words).isdisjoint(others) or {"".join(words), "".join(others)} & set(initials) != set()
