"""Weigh what was found: whether it answers the question, and which of it becomes numbered evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from chat.answer import Evidence, Status
from chat.answering.running_counts import Count
from chat.answering.selecting import overlap, select, settled_count
from chat.gathering.abstention import AbstentionSettings
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question

NEAREST_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Asking:
    """One part of a question that has evidence, numbered as in the whole answer, and what the evidence says."""

    question: Question
    evidence: tuple[Evidence, ...]
    count: Count  # the running count that is asked for; empty without one

    @property
    def kind(self) -> QuestionKind:
        """How the part is to be answered."""
        return self.question.analysis.kind


def asking_of(question: Question, evidence: tuple[Evidence, ...]) -> Asking:
    """A part of a question with what its evidence says."""
    return Asking(question, evidence, settled_count(question, evidence))


@dataclass(frozen=True, slots=True)
class Weighed:
    """The numbered evidence of a question, best first, whether it answers, and the parts that have some.

    Where the archive does not hold the answer, the evidence is one sentence from each of the nearest articles.
    """

    evidence: tuple[Evidence, ...]
    status: Status
    askings: tuple[Asking, ...] = ()
    answerability: float = 0.0  # of the part that has most of it


def weigh(
    question: Question,
    in_reach: Callable[[Question], Sequence[Evidence]],
    answerability: Callable[[Question, Sequence[Evidence]], float],
    limits: AbstentionSettings,
    usual: int,
    cited_before: Sequence[Evidence] = (),
) -> Weighed:
    """Gather and weigh the evidence for each part of a question; the parts take turns.

    `in_reach` finds evidence, `answerability` is the probability that it holds an answer, `usual` is how many pieces a
    part gets, and what was `cited_before` is left out.
    """
    reached = [
        (part, [one for one in in_reach(part) if not any(overlap(one, other) for other in cited_before)])
        for part in question.parts or (question,)
    ]
    sureness = [answerability(part, found[:usual]) for part, found in reached]
    answered = [one for one, sure in zip(reached, sureness, strict=True) if sure >= limits.threshold]
    if not answered:
        found = [one for _, found in reached for one in found[:usual]]
        return Weighed(nearest(found), Status.NOT_IN_ARCHIVE, answerability=max(sureness))
    status = Status.ANSWERED if len(answered) == len(reached) else Status.PARTIAL
    if max(sureness) < limits.sure:
        status = Status.UNCERTAIN
    chosen = [select(part, part.analysis.kind, found, usual) for part, found in answered]
    evidence = taking_turns(chosen)
    numbered = {span_of(one): one for one in evidence}
    askings = (
        asking_of(part, tuple(numbered[span_of(one)] for one in found))
        for (part, _), found in zip(answered, chosen, strict=True)
    )
    return Weighed(evidence, status, tuple(askings), max(sureness))


def nearest(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The best evidence of each of the nearest articles, numbered anew."""
    by_article = {one.article.id: one for one in reversed(evidence)}
    best = sorted(by_article.values(), key=lambda one: one.number)[:NEAREST_ARTICLES]
    return tuple(replace(one, number=number) for number, one in enumerate(best, start=1))


def span_of(one: Evidence) -> tuple[str, int, int, int]:
    """What identifies a piece of evidence: the version of the article and the offsets."""
    return one.article.id, one.article.version, one.start, one.end


def taking_turns(lists: Sequence[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    """The evidence of several parts as one list: the best of each, then the second best; each span once."""
    if len(lists) == 1:
        return tuple(lists[0])
    best = [max(one.score for one in evidence) or 1.0 for evidence in lists]
    # Scores of different questions cannot be compared; relative to the best of its own question each can.
    relative = [
        [replace(one, score=one.score / top) for one in evidence] for evidence, top in zip(lists, best, strict=True)
    ]
    turns = [one for rank in zip_longest(*relative) for one in rank if one is not None]
    first = {span_of(one): one for one in reversed(turns)}
    kept = [one for one in turns if first[span_of(one)] is one]
    return tuple(replace(one, number=number) for number, one in enumerate(kept, start=1))
