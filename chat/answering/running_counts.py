"""A count that reports keep, such as a toll: its newest figure, and the figures before it."""

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
_NEAR = timedelta(days=45)  # reports of one event name its day, or their own, and count on for weeks

Count = tuple[tuple[Claim, ...], ...]  # claims that agree, a group for each figure, in the order of their reports


def running_count(about: str, evidence: Sequence[Evidence], question: str = "") -> Count:
    """The figures that the evidence gives for one event: the one that shares most words with the question."""
    claims = [claim for one in evidence for claim in claims_of(one) if claim.about == about]
    told = sorted(_without_former(_of_one_event(claims, _event_words(about, question))), key=_told_at)
    starts = [at for at, claim in enumerate(told) if not at or not agree(told[at - 1].figures, claim.figures)]
    return tuple(tuple(told[start:end]) for start, end in zip(starts, [*starts[1:], len(told)], strict=False))


def _event_words(about: str, question: str) -> frozenset[str]:
    """What a question says of the event, without what it wants counted."""
    text = plain(question)
    is_known = about in set(CountedThing)
    return content_stems(without_counting_words(CountedThing(about), text) if is_known else text) - _COUNTED_ONES


def _of_one_event(claims: Sequence[Claim], asked: frozenset[str]) -> list[Claim]:
    """One claim and those that are of its event, or of the event of one that is.

    Of claims that share as many words with the question, the one that its article has first: news leads with it. One
    that shares none is of something else.
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


def _without_former(claims: Sequence[Claim]) -> list[Claim]:
    """An article leads with its newest figure; one that it gives further down is of an hour before."""
    leading = {claim.evidence.article.id: claim for claim in sorted(claims, key=_told_at, reverse=True)}
    return [claim for claim in claims if agree(leading[claim.evidence.article.id].figures, claim.figures)]


def _is_of_its_days(one: Claim, other: Claim) -> bool:
    """Whether two sentences speak of about the same days; one that names none speaks of those of its report."""
    spans, others = days_named(one), days_named(other)
    return any(a.first - _NEAR <= b.last and b.first - _NEAR <= a.last for a in spans for b in others)


def _told_at(claim: Claim) -> tuple[datetime, str, int]:
    """When and where the report has it; a later correction of something else makes a figure no newer."""
    article = claim.evidence.article
    return article.published_at or _UNDATED, article.id, claim.evidence.start


def is_settled(count: Count) -> bool:
    """Whether each figure replaced the one before, and none contradicts another of its hour."""
    return all(difference(one[-1], other[0]) is Difference.UPDATE for one, other in pairwise(count))


def newest(count: Count, evidence: Sequence[Evidence]) -> Evidence:
    """Of the evidence that gives the newest figure the piece that bears most on the question."""
    return min((claim.evidence for claim in count[-1]), key=evidence.index)


def differences(question: Question, evidence: Sequence[Evidence], cited: Set[Evidence]) -> tuple[Sentence, ...]:
    """What the evidence disagrees about and the answer cites, in sentences of our own; a count in one of them.

    How a count grew is told to who asks for it, and where the answer cites a figure that was superseded.
    """
    found = [
        one for one in find_disagreements(evidence) if not {one.first.evidence, one.second.evidence}.isdisjoint(cited)
    ]
    updated = {one.about: one for one in reversed(found) if one.difference is Difference.UPDATE}
    counts = {about: running_count(about, [one.first.evidence, *evidence]) for about, one in updated.items()}
    told: dict[str, Sentence] = {}
    for one in found:
        count = counts[one.about] if one.difference is Difference.UPDATE else ()
        if len(count) < 2 or not is_settled(count):
            told[disagreement_text(one)] = disagreement_sentence(one)
        elif question.analysis.counted == one.about or _superseded(count) & cited:
            told[one.about] = history(count)
    return tuple(told.values())


def _superseded(count: Count) -> set[Evidence]:
    return {claim.evidence for group in count[:-1] for claim in group}


def history(count: Count) -> Sentence:
    """How a figure came to be what it is, each step by the report that had it first."""
    steps = [group[0] for group in count]
    told = ", then ".join(f"{visible(step.words).lower()} ({attribution(step.evidence)})" for step in steps)
    citations = tuple(dict.fromkeys(step.evidence for step in steps))
    return Sentence(f"The figure as the reports came in: {told}.", citations, Support.SUPPORTED)
