"""Whether a sentence affirms or denies a proposition outright; in doubt neither."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from chat.answer import Evidence
from chat.english.contrasts import find_contrast
from chat.english.days import blank_days, days_of, is_named, read_days
from chat.english.figures import Match, match_figure, read_figures
from chat.english.irregular_forms import base_stem
from chat.english.names import is_title
from chat.english.plain_text import plain
from chat.understanding.propositions import Proposition, is_content
from corpus.sentences import split_sentences


class Stance(StrEnum):
    """How a sentence stands to what a question takes to be so."""

    AFFIRMS = "affirms"
    DENIES = "denies"


class Held(NamedTuple):
    """The stance of a sentence on a proposition, and the place of the verb that it affirms or denies."""

    stance: Stance
    verb: int


_TOKEN = re.compile(r"[^\W_](?:[\w'.-]*[^\W_])?|[,;:()]| - ")
_BE = frozenset("is are was were be been being".split())
_PRESENT, _PAST = frozenset(("is", "are")), frozenset(("was", "were", "been"))
_MODALS = frozenset("will would can could should must may might".split())
_HAVE = frozenset(("has", "have", "had"))
_BESIDE = frozenset("the a an its his her their this that these those also now finally did does do".split()) | _HAVE
_NEGATORS = frozenset("not never no neither nor nobody none".split())
# Words with which a clause may continue without changing what it says before them.
_GOES_ON = frozenset(
    "in on at after before because when while since during despite over for with by as until from to against about "
    "under between although and but".split()
)
# With one of these words a sentence does not state something as a fact.
_HEDGE = re.compile(
    r"whether|if|unless|would|could|may|might|should|must|plan\w*|propos\w*|expect\w*|hop(?:es?|ed|ing)|want\w*|seek\w*|sought"
    r"|alleg\w*|reported(?:ly)?|rumou?r\w*|den(?:y|ies|ied|ying)|likely|possibl[ey]|perhaps|nearly|almost|suppos\w*|inten[dt]\w*"
    r"|urg(?:e|es|ed|ing)|threat\w*|promis\w*|accus\w*|claim\w*|sa(?:id|ys?|ying)|t(?:old|ells?)|according|believ\w*|suspect\w*"
    r"|fail\w*|refus\w*|yet|due|attempt\w*|tr(?:y|ies|ied|ying)|unable|fake|false\w*|wrong\w*|mistak\w*|hardly|barely|partly|half"
    r"|some|most|few|once|only|except|without|unlike|un\w+ed|argu\w*|warn\w*|insist\w*|suggest\w*|think\w*|thought|called|asked"
)
_SAFE_TO_SHOW = re.compile(r"[\w ,'%-]{1,160}")


def weigh_stances(proposition: Proposition, evidence: Sequence[Evidence]) -> tuple[Held, Evidence] | None:
    """The stance of the evidence on a proposition, and the first piece with it; None without one, or with both."""
    found = [(held, one) for one in evidence if (held := stance(proposition, one))]
    return found[0] if len({held.stance for held, _ in found}) == 1 else None


def stance(proposition: Proposition, evidence: Evidence) -> Held | None:
    """Whether a sentence of the evidence affirms or denies the proposition in the same words; mostly neither.

    Favours precision over recall: what is attributed, quoted, conditional, or worded in another order or with other
    words in between counts as neither.
    """
    published = evidence.article.published_locally
    for span in split_sentences(evidence.text):
        sentence = plain(evidence.text[span.start : span.end])
        if (
            '"' in sentence
            or sentence.endswith("?")
            or not _fits(proposition, sentence, published and published.date())
        ):
            continue
        if held := _affirmed_or_denied(proposition, sentence, evidence.article.text):
            return held
    return None


def _fits(proposition: Proposition, sentence: str, published: date | None) -> bool:
    """Whether a sentence has the numbers and dates of the proposition, and no hedge of its own."""
    asked = " ".join(proposition.words)
    known = {base_stem(word) for word in proposition.words}
    if any(_HEDGE.fullmatch(word) and base_stem(word) not in known for word in _tokens(sentence.lower())):
        return False
    held, days = read_figures(blank_days(sentence)), days_of(sentence, published)
    return all(match_figure(one, held) is Match.HELD for one in read_figures(blank_days(asked))) and all(
        is_named(day, days) for day in read_days(asked)
    )


def _tokens(text: str) -> list[str]:
    """Words and the marks that end a clause, without dates."""
    return _TOKEN.findall(re.sub(r"\bcannot\b", "can not", blank_days(text)))


def _affirmed_or_denied(proposition: Proposition, sentence: str, article: str) -> Held | None:
    tokens = _tokens(sentence)
    for core in _cores(replace(proposition, words=tuple(_tokens(" ".join(proposition.words))))):
        for found in _matches(core, tokens, article):
            if found.negators == 1 and _clause_ends(tokens[found.end :]):
                return Held(Stance.DENIES, found.verb)
            if (
                not found.negators
                and core.is_whole
                and core.auxiliary != "there"
                and _goes_on_or_ends(tokens[found.end :])
            ):
                return Held(Stance.AFFIRMS, found.verb)
        if held := _contradicted(core, sentence, tokens, article):
            return held
    return None


def _contradicted(core: Proposition, sentence: str, tokens: Sequence[str], article: str) -> Held | None:
    """Whether a sentence has the opposite of a word in its place."""
    contrast = find_contrast(" ".join(core.words), sentence)
    at = next((at for at, word in enumerate(core.words) if contrast and word.lower() == contrast.sentence), None)
    if contrast is None or at is None or not core.words[at].islower():
        return None
    contrary = replace(core, words=(*core.words[:at], contrast.evidence, *core.words[at + 1 :]))
    fits = (not found.negators and _clause_ends(tokens[found.end :]) for found in _matches(contrary, tokens, article))
    return Held(Stance.DENIES, at) if any(fits) else None


def _cores(proposition: Proposition) -> Iterator[Proposition]:
    """The proposition, then its core: who denies that he resigned denies that he did so in anger."""
    yield proposition
    for at, word in enumerate(proposition.words):
        if word.lower() in _GOES_ON and len(_stems(proposition.words[:at])) > 1:
            yield replace(proposition, words=proposition.words[:at], is_whole=False)
            return


class _Matched(NamedTuple):
    end: int  # of the sentence's tokens
    negators: int
    verb: int  # of the proposition's words


def _matches(proposition: Proposition, tokens: Sequence[str], article: str) -> Iterator[_Matched]:
    """Where a sentence has the words of a proposition in order, with only function words between them."""
    words = [(at, base_stem(word)) for at, word in enumerate(proposition.words) if is_content(word)]
    for start in range(len(tokens)):
        opens = words and base_stem(tokens[start]) == words[0][1] and _opens_a_phrase(tokens, start, article)
        if opens and (found := _match_from(proposition, tokens, start, words)):
            yield found


def _match_from(
    proposition: Proposition, tokens: Sequence[str], start: int, words: Sequence[tuple[int, str]]
) -> _Matched | None:
    own = {word.lower() for word in proposition.words} - _BE
    place, between, negators, verb = start + 1, set[str](), int(start > 0 and tokens[start - 1].lower() == "no"), -1
    for at, wanted in words[1:]:
        skipped: set[str] = set()
        while place < len(tokens) and base_stem(tokens[place]) != wanted:
            word = tokens[place].lower()
            if word in _NEGATORS or word.endswith("n't"):
                negators, verb = negators + 1, at
                word = word.removesuffix("n't")
            elif word not in _BESIDE | _BE | _MODALS | own:
                return None
            skipped.add(word)
            place += 1
        if place == len(tokens) or (tokens[place].endswith("ing") and not proposition.words[at].endswith("ing")):
            return None
        verb = at if verb < 0 and not proposition.words[at][0].isupper() else verb
        between |= skipped
        place += 1
    return _Matched(place, negators, max(verb, 0)) if _is_said_alike(proposition, between) else None


def _is_said_alike(proposition: Proposition, between: set[str]) -> bool:
    """Whether the sentence has the mood, the voice and the time of the question."""
    if proposition.auxiliary == "there":
        return not between & (_BE | _MODALS)
    asked = {proposition.auxiliary, *(word.lower() for word in proposition.words)}
    if (asked & _MODALS) != (between & _MODALS):
        return False
    if not asked & _BE:
        return not between & _BE
    if proposition.auxiliary in _PRESENT:
        return bool(between & _PRESENT) and not between & _PAST
    return bool(between & _BE) and not between & _PRESENT


def _opens_a_phrase(tokens: Sequence[str], start: int, article: str) -> bool:
    """Whether no other word belongs to the first: not the deputy mayor for the mayor, nor New York for York."""
    if tokens[start].endswith("'s") or start == 0:
        return start == 0
    before = tokens[start - 1]
    if before.lower() in ("the", "a", "an", "no", "its", "his", "her", "their") or not before[0].isalnum():
        return True
    if not tokens[start][0].isupper():
        return False
    alone = re.compile(rf"(?<![A-Z]\w )(?<!\w )\b{re.escape(tokens[start])}\b|\b[a-z]+ {re.escape(tokens[start])}\b")
    return before.lower() in _GOES_ON or is_title(before) or (before[0].isupper() and alone.search(article) is not None)


def _clause_ends(rest: Sequence[str]) -> bool:
    return not rest or rest[0] == ";" or (rest[0] == "," and rest[1:2] in (["but"], ["and"], ["although"], ["despite"]))


def _goes_on_or_ends(rest: Sequence[str]) -> bool:
    return not rest or rest[0] in (";", ",", ".") or rest[0].lower() in _GOES_ON


def _stems(words: Sequence[str]) -> list[str]:
    return [base_stem(word) for word in words if is_content(word)]


def as_clause(proposition: Proposition, held: Held) -> str:
    """The proposition as it may follow "that": "Stannard did resign"; empty when it holds more than plain words."""
    at = held.verb
    clause = " ".join((*proposition.words[:at], proposition.auxiliary, *proposition.words[at:])).replace(" ,", ",")
    return clause if at and _SAFE_TO_SHOW.fullmatch(clause) else ""
