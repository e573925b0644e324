"""Running counts of an event, such as a death toll: the newest figure and the earlier ones."""

from collections.abc import Sequence, Set
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from chat.answer import Evidence, Sentence, Support
from chat.answering.claims import Claim, agree, claims_of, context_of, days_named, is_same_event
from chat.answering.disagreement import (
    Difference,
    difference,
    disagreement_sentence,
    disagreement_text,
    find_disagreements,
)
from chat.answering.quoting import attribution, visible
from chat.english.plain_text import content_stems, plain
from chat.understanding.counts import CountedThing, without_counting_words
from chat.understanding.question import Question

_COUNTED_ONES = content_stems("people persons men women children civilians victims homes houses households")
_UNDATED = datetime(1, 1, 1, tzinfo=UTC)
_NEAR = timedelta(days=45)  # reports of one event name its day or their own, and go on counting for weeks

Count = tuple[tuple[Claim, ...], ...]  # one group of agreeing claims per figure, in the order of their reports


def running_count(about: str, evidence: Sequence[Evidence], question: str = "") -> Count:
    """The figures that the evidence gives for one event, the one that shares most words with the question."""
    claims = [claim for one in evidence for claim in claims_of(one) if claim.about == about]
    ordered = sorted(_without_superseded(_of_one_event(claims, _event_words(about, question))), key=_reported)
    starts = [at for at, claim in enumerate(ordered) if not at or not agree(ordered[at - 1].figures, claim.figures)]
    return tuple(tuple(ordered[start:end]) for start, end in zip(starts, [*starts[1:], len(ordered)], strict=False))


def _event_words(about: str, question: str) -> frozenset[str]:
    """The words that describe the event, without those that say what is counted."""
    text = plain(question)
    is_known = about in set(CountedThing)
    return content_stems(without_counting_words(CountedThing(about), text) if is_known else text) - _COUNTED_ONES


def _of_one_event(claims: Sequence[Claim], asked: frozenset[str]) -> list[Claim]:
    """The claim that shares most words with the question, and all claims about the same event.

    Of claims that share equally many, the first in its article leads, as news does. Claims that share none are about
    something else.
    """
    shared = {claim: len(asked & content_stems(context_of(claim))) for claim in claims}
    ranks = {id: rank for rank, id in enumerate(dict.fromkeys(claim.evidence.article.id for claim in claims))}
    left = sorted(
        (claim for claim in claims if shared[claim] or not asked),
        key=lambda claim: (-shared[claim], ranks[claim.evidence.article.id], claim.evidence.start),
    )
    found, left = left[:1], left[1:]
    for known in found:  # grows while it is walked
        found += [claim for claim in left if _is_of_its_days(known, claim) and is_same_event(known, claim)]
        left = [claim for claim in left if claim not in found]
    return found


def _without_superseded(claims: Sequence[Claim]) -> list[Claim]:
    """An article leads with its newest figure; another one further down is older."""
    leading = {claim.evidence.article.id: claim for claim in sorted(claims, key=_reported, reverse=True)}
    return [claim for claim in claims if agree(leading[claim.evidence.article.id].figures, claim.figures)]


def _is_of_its_days(one: Claim, other: Claim) -> bool:
    """Whether two sentences are about nearly the same days; one that names none is about the day of its report."""
    spans, others = days_named(one), days_named(other)
    return any(a.first - _NEAR <= b.last and b.first - _NEAR <= a.last for a in spans for b in others)


def _reported(claim: Claim) -> tuple[datetime, str, int]:
    """When and where it was reported; a later correction of something else does not make a figure newer."""
    article = claim.evidence.article
    return article.published_at or _UNDATED, article.id, claim.evidence.start


def is_settled(count: Count) -> bool:
    """Whether each figure replaced the one before, and none contradicts another of the same time."""
    return all(difference(one[-1], other[0]) is Difference.UPDATE for one, other in pairwise(count))


def newest(count: Count, evidence: Sequence[Evidence]) -> Evidence:
    """The best piece of evidence with the newest figure."""
    return min((claim.evidence for claim in count[-1]), key=evidence.index)


def differences(question: Question, evidence: Sequence[Evidence], cited: Set[Evidence]) -> tuple[Sentence, ...]:
    """Sentences on what the cited evidence disagrees about; a running count gets one sentence.

    How a count grew is said where the question asks for it, or where the answer cites a superseded figure.
    """
    found = [
        one for one in find_disagreements(evidence) if not {one.first.evidence, one.second.evidence}.isdisjoint(cited)
    ]
    updated = {one.about: one for one in reversed(found) if one.difference is Difference.UPDATE}
    counts = {about: running_count(about, [one.first.evidence, *evidence]) for about, one in updated.items()}
    sentences: dict[str, Sentence] = {}
    for one in found:
        count = counts[one.about] if one.difference is Difference.UPDATE else ()
        if len(count) < 2 or not is_settled(count):
            sentences[disagreement_text(one)] = disagreement_sentence(one)
        elif question.analysis.counted == one.about or _superseded(count) & cited:
            sentences[one.about] = history(count)
    return tuple(sentences.values())


def _superseded(count: Count) -> set[Evidence]:
    return {claim.evidence for group in count[:-1] for claim in group}


def history(count: Count) -> Sentence:
    """How a figure changed, each step cited to the report that had it first."""
    steps = [group[0] for group in count]
    changes = ", then ".join(f"{visible(step.words).lower()} ({attribution(step.evidence)})" for step in steps)
    citations = tuple(dict.fromkeys(step.evidence for step in steps))
    return Sentence(f"The figure as the reports came in: {changes}.", citations, Support.SUPPORTED)
