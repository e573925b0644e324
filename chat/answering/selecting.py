"""Choose the evidence that a kind of question needs, in its order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

from chat.answer import Evidence
from chat.answering.corrections import with_whole_note
from chat.answering.running_counts import Count, is_settled, newest, running_count
from chat.checking.speakers import says, with_who_speaks, with_whole_quotation
from chat.checking.verifying import verify
from chat.english.figures import read_figures
from chat.english.plain_text import content_stems, plain
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Shape:
    """How much an answer to a kind of question contains."""

    more: int = 0  # pieces of evidence beyond the usual
    quotations: int = 5
    enough: float = 0.75  # share of the best score from which a piece of evidence is quoted


FACT = Shape()
_SHAPES: Mapping[QuestionKind, Shape] = MappingProxyType(
    {
        QuestionKind.LIST: Shape(2, 6, 0.6),
        QuestionKind.COMPARISON: Shape(2, 4, 0.6),
        QuestionKind.CHANGE: Shape(2, 4, 0.6),
        QuestionKind.TIMELINE: Shape(4, 8, 0.55),
    }
)
_UNDATED = datetime(1, 1, 1, tzinfo=UTC)
_SPEAKS = 0.15  # added to the score where the person asked about speaks
_ON_THE_SUBJECT = 0.5  # share of the best score, and of the words of the question, of a report that tells its state
_ALIKE = 0.8  # share of their content words from which two sentences may say the same


def shape_of(kind: QuestionKind) -> Shape:
    """How much an answer to this kind contains."""
    return _SHAPES.get(kind, FACT)


def select(question: Question, kind: QuestionKind, evidence: Sequence[Evidence], usual: int) -> tuple[Evidence, ...]:
    """The evidence for a kind of question, numbered from 1; what repeats it word for word comes last."""
    complete = [with_who_speaks(with_whole_quotation(with_whole_note(one))) for one in evidence]
    ordered, repeats = apart(_best_first(question, kind, _without_overlaps(complete)))
    chosen = ordered[: usual + shape_of(kind).more]
    again = [one for one in repeats if any(says_the_same(kept, one) for kept in chosen)]
    return tuple(replace(one, number=number) for number, one in enumerate([*chosen, *again], start=1))


def _without_overlaps(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Each stretch of an article once: a longer piece replaces a better one that it contains; partial overlaps go."""
    kept: list[Evidence] = []
    for one in evidence:
        over = next((at for at, other in enumerate(kept) if overlap(one, other)), None)
        if over is None:
            kept.append(one)
        elif one.start <= kept[over].start and kept[over].end <= one.end:
            kept[over] = replace(one, score=kept[over].score)
    return kept


def overlap(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces share words of one version of an article."""
    same = (one.article.id, one.article.version) == (other.article.id, other.article.version)
    return same and one.start < other.end and other.start < one.end


def _best_first(question: Question, kind: QuestionKind, evidence: Sequence[Evidence]) -> list[Evidence]:
    if kind in (QuestionKind.FIGURE, QuestionKind.TIMELINE, QuestionKind.CHANGE):
        return _newest_figure_first(question, evidence)
    if question.asks_for_now and kind in (QuestionKind.FACT, QuestionKind.YES_NO, QuestionKind.LIST) and evidence:
        return _newest_report_first(question, evidence)
    if kind is QuestionKind.STATEMENT:
        scores = [one.score + _SPEAKS * says(one, question.analysis.speaker) for one in evidence]
        order = sorted(range(len(evidence)), key=lambda at: -scores[at])
        return [evidence[at] for at in order]
    return list(evidence)


def _newest_report_first(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best piece of each report on the subject, the newest report first; then the rest."""
    asked, enough = content_stems(plain(question.search_text)), _ON_THE_SUBJECT * max(one.score for one in evidence)
    reports: dict[str, Evidence] = {}
    for one in evidence:
        shared = len(asked & _stems(f"{one.article.title}. {one.text}"))
        if one.score >= enough and shared >= _ON_THE_SUBJECT * len(asked) and one.article.published_at:
            reports.setdefault(one.article.id, one)
    newest = sorted(reports.values(), key=lambda one: one.article.published_at or _UNDATED, reverse=True)
    return list(dict.fromkeys((*newest, *evidence)))


def _newest_figure_first(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The newest figure, then the earlier ones, the latest first, then the rest."""
    count = settled_count(question, evidence)
    if not count:
        return list(evidence)
    steps = [group[0].evidence for group in reversed(count)]
    return list(dict.fromkeys((newest(count, evidence), *steps, *evidence)))


def settled_count(question: Question, evidence: Sequence[Evidence]) -> Count:
    """The running count that a question asks for, where each figure replaced the one before; otherwise empty."""
    thing = question.analysis.counted
    count = running_count(thing, evidence, question.search_text) if thing else ()
    return count if is_settled(count) else ()


def apart(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """Evidence that says something new, and evidence that repeats an earlier piece in the same words."""
    kept: list[Evidence] = []
    repeats: list[Evidence] = []
    for one in evidence:
        (repeats if any(says_the_same(before, one) for before in kept) else kept).append(one)
    return kept, repeats


def says_the_same(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces are nearly identical in words, and each supports the other."""
    if one.text == other.text:
        return True
    mine, theirs = _stems(one.text), _stems(other.text)
    if len(mine & theirs) < _ALIKE * len(mine | theirs) or _figures(one.text) != _figures(other.text):
        return False
    return not any(verify(a.text, (b,)).problems for a, b in ((one, other), (other, one)))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return content_stems(plain(text))


def _figures(text: str) -> set[tuple[float, str]]:
    return {(figure.value, figure.unit) for figure in read_figures(plain(text))}
