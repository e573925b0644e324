"""Claims: what a sentence of the evidence says that another may deny, and the event that it is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from chat.answer import Evidence
from chat.english.event_dates import EventDate, Precision, event_dates
from chat.english.figures import Bound, Figure, Match, match_figure, read_figures
from chat.english.names import find_names, is_title
from chat.english.plain_text import content_stems, plain
from corpus.english.calendar import WEEKDAY
from corpus.english.number_words import BELOW_HUNDRED, SCALES, alternatives
from corpus.sentences import paragraph_at, split_sentences


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a sentence of the evidence says: a number that counts something, or its wording."""

    about: str  # "died", "homes flooded", "vote", "wording", ...
    words: str  # of the number
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
_UNITS = r"(?:years|months|weeks|days|hours|minutes|times|metres|meters|miles|homes|houses|cars|ships|buildings)"
_PEOPLE = (
    r"(?:\s(?:more\s)?(?:people|persons|men|women|children|of them"
    rf"|(?!{_UNITS}\b)[a-z]{{3,}}(?:s|men|women)))?"  # "two dockers", "nine firemen"
)
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
            rf"{_LONE}{_PEOPLE}{_BEING}\s{_DEAD}\b",
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
SAME_STORY = timedelta(days=7)
_SHARED = 3  # content stems of title, lead and sentence
_UNKNOWN = datetime(1, 1, 1, tzinfo=UTC)
_CACHED = 1024  # sentences: each is compared with many


def claims_of(evidence: Evidence) -> Iterator[Claim]:
    """A claim for each thing that a sentence of the evidence counts, and one for its wording."""
    for span in split_sentences(evidence.text):
        sentence = plain(evidence.text[span.start : span.end])
        stems = content_stems(sentence)
        for about, words in _counted(sentence):
            yield Claim(about, words, _figures(words), sentence, stems, evidence)
        yield Claim("wording", "", (), sentence, stems, evidence)


@lru_cache(maxsize=_CACHED)
def _counted(sentence: str) -> tuple[tuple[str, str], ...]:
    """What a plain sentence counts, with the words of each number."""
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


def agree(one: Sequence[Figure], other: Sequence[Figure]) -> bool:
    """Whether figures are consistent: equal, or one a fair rounding of the other."""
    if len(one) != len(other):
        return False
    return all(
        Match.ABSENT not in (match_figure(a, [b]), match_figure(b, [a])) or _is_rounded(a, b)
        for a, b in zip(one, other, strict=True)
    )


def _is_rounded(one: Figure, other: Figure) -> bool:
    """Whether one of two figures is a fair rounding of the other."""
    return Bound.EXACT in (one.bound, other.bound) and (
        match_figure(one, [other]) is not Match.ABSENT or match_figure(other, [one]) is not Match.ABSENT
    )


def days_named(claim: Claim) -> tuple[EventDate, ...]:
    """The days, months or years that a claim's sentence names, or else the day of its report."""
    published = claim.evidence.article.published_locally
    if published is None:
        return ()
    today = published.date()
    return _dates(_SAID_ON.sub("said", claim.sentence), published) or (EventDate("", today, today, Precision.DAY),)


def moment_of(evidence: Evidence) -> datetime:
    """When the version of the article that the evidence is from appeared; year 1 when that is unknown."""
    article = evidence.article
    moment = (article.updated_at if article.version > 1 else None) or article.published_at
    return moment or _UNKNOWN


def is_same_event(one: Claim, other: Claim) -> bool:
    """Whether two claims are about one event, by the days, names and words in and around their sentences."""
    if one.evidence.article.id == other.evidence.article.id:
        return one.evidence.article.version != other.evidence.article.version
    days, other_days = _days(one, one.sentence), _days(other, other.sentence)
    if days and other_days and not _near(days, other_days):
        return False
    if names_in(one.sentence) & names_in(other.sentence) and days and other_days:
        return True
    shared = content_stems(context_of(one)) & content_stems(context_of(other))
    names = names_in(context_of(one)) & names_in(context_of(other))
    if len(shared) < _SHARED or not names:
        return False
    around = _days(one, context_of(one)), _days(other, context_of(other))
    if _near(*around):
        return True
    in_sentences = names_in(one.sentence) & names_in(other.sentence)
    undated = not days or not other_days
    close = abs(moment_of(one.evidence) - moment_of(other.evidence)) <= SAME_STORY and not (around[0] and around[1])
    return bool(undated and in_sentences) or close


def context_of(claim: Claim) -> str:
    """The title, the first paragraph and the sentence."""
    article = claim.evidence.article
    start, end = paragraph_at(article.text, 0)
    return plain(f"{article.title}. {article.text[start:end]} {claim.sentence}")


def _days(claim: Claim, text: str) -> list[EventDate]:
    """The days that a text names, without those on which somebody only said something."""
    published = claim.evidence.article.published_locally
    if published is None:
        return []
    return [one for one in _dates(_SAID_ON.sub("said", text), published) if one.precision is Precision.DAY]


def _near(days: Sequence[EventDate], others: Sequence[EventDate]) -> bool:
    return any(abs((one.first - other.first).days) <= 1 for one in days for other in others)


@lru_cache(maxsize=_CACHED)
def names_in(text: str) -> frozenset[str]:
    """The names in a text, without titles and without a lone capitalised word that opens a sentence."""
    return frozenset(
        " ".join(word for word in name.words if not is_title(word))
        for name in find_names(text)
        if not name.initial or len(name.words) > 1
    ) - {""}


def dates_in(claim: Claim) -> Sequence[EventDate]:
    """The dates that a claim's sentence names; none without a day of publication."""
    published = claim.evidence.article.published_locally
    return _dates(claim.sentence, published) if published else ()


@lru_cache(maxsize=_CACHED)
def _dates(text: str, published: datetime) -> tuple[EventDate, ...]:
    return tuple(event_dates(text, published))
