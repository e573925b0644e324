"""Which evidence a kind of question wants, and how an answer in quotations tells it: order, number, labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from types import MappingProxyType

from chat.answer import Evidence, Sentence
from chat.answering.claims import claims_of, moment_of
from chat.answering.completing import says_that_nobody_knows, tells
from chat.answering.corrections import with_whole_note
from chat.answering.plain_prose import is_prose
from chat.answering.propositions import Held, Stance, as_clause, presupposed, weigh_stances, yes_or_no
from chat.answering.quoting import quotation, visible
from chat.answering.running_counts import Count, asked_count, is_settled, newest, running_count
from chat.answering.timeline import describe_date, when
from chat.checking.speakers import names_a_speaker, says, speaker_left_out, with_who_speaks
from chat.checking.verifying import verify
from chat.english.figures import read_figures
from chat.english.names import find_names
from chat.english.plain_text import content_stems, plain
from chat.english.time_expressions import describe
from chat.understanding.kinds import QuestionKind, kind_of
from chat.understanding.question import Interval, Question


@dataclass(frozen=True, slots=True)
class Shape:
    """How much an answer of a kind tells."""

    more: int = 0  # pieces of evidence beyond the usual
    told: int = 3  # quotations
    enough: float = 0.75  # of the best one's score


_FACT = Shape()
SHAPES: Mapping[QuestionKind, Shape] = MappingProxyType(
    {
        QuestionKind.LIST: Shape(2, 6, 0.6),
        QuestionKind.COMPARISON: Shape(2, 4, 0.6),
        QuestionKind.CHANGE: Shape(2, 4, 0.6),
        QuestionKind.TIMELINE: Shape(4, 8, 0.55),
    }
)
_ENOUGH_OF_SEVERAL = 0.6  # of the best score, where one answer is made for several askings
_SPOKEN = 0.15  # what it is worth, to a question of who said what, that the person asked about speaks
_YES, _NO, _NEAREST = "Yes, the reports say", "No, the reports say", "The nearest reports"
_NOT_SAID, _OTHERWISE = "The reports do not say that", "The reports say otherwise"
_ALIKE = 0.8  # share of their content words in which two sentences say the same


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing that is asked and the evidence for it, with the numbers that it has in the whole answer."""

    question: Question
    evidence: tuple[Evidence, ...]

    @property
    def kind(self) -> QuestionKind:
        """What kind of question it is."""
        return kind_of(self.question.search_text)


def select(question: Question, kind: QuestionKind, evidence: Sequence[Evidence], usual: int) -> tuple[Evidence, ...]:
    """The evidence that the kind of question wants, numbered from 1; what repeats it word for word comes last."""
    wanted = _wanted_first(
        question, kind, _without_overlaps([with_who_speaks(with_whole_note(one)) for one in evidence])
    )
    ordered, repeats = _apart(wanted)
    chosen = ordered[: usual + SHAPES.get(kind, _FACT).more]
    again = [one for one in repeats if any(says_the_same(kept, one) for kept in chosen)]
    return tuple(replace(one, number=number) for number, one in enumerate([*chosen, *again], start=1))


def _without_overlaps(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Each stretch of an article once: what has a better piece in it takes its place, what cuts into one goes."""
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


def _wanted_first(question: Question, kind: QuestionKind, evidence: Sequence[Evidence]) -> list[Evidence]:
    if kind in (QuestionKind.FIGURE, QuestionKind.TIMELINE, QuestionKind.CHANGE):
        return _newest_figure_first(question.search_text, evidence)
    if kind is QuestionKind.STATEMENT:
        spoken = [one.score + _SPOKEN * says(one, question.search_text) for one in evidence]
        order = sorted(range(len(evidence)), key=lambda at: -spoken[at])
        return [evidence[at] for at in order]
    if kind is QuestionKind.YES_NO and (held := _decided(question, evidence)):
        return list(dict.fromkeys((held[1], *evidence)))
    return list(evidence)


def _newest_figure_first(text: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The newest figure, then the figures before it, the latest first, then the rest."""
    count = _count(text, evidence)
    if not count:
        return list(evidence)
    steps = [group[0].evidence for group in reversed(count)]
    return list(dict.fromkeys((newest(count, evidence), *steps, *evidence)))


def _count(text: str, evidence: Sequence[Evidence]) -> Count:
    """The count that a question asks for, when each of its figures replaced the one before; empty otherwise."""
    about = asked_count(text)
    count = running_count(about, evidence, text) if about else ()
    return count if is_settled(count) else ()


def written_from(question: Question, evidence: Sequence[Evidence], *, only_the_best: bool) -> tuple[Evidence, ...]:
    """What a model is given: of a count that is asked for and has changed, only the reports of its newest figure.

    With `only_the_best`, for a model that is easily led astray, what is not much worse than the best: what would be
    quoted.
    """
    text = question.search_text
    kind = kind_of(text)
    count = _count(text, evidence) if kind is QuestionKind.FIGURE else ()
    if len(count) > 1:
        newest_ones = {claim.evidence for claim in count[-1]}
        return tuple(one for one in evidence if one in newest_ones)
    if kind is QuestionKind.STATEMENT:
        evidence = _of_who_is_asked_about(text, evidence)
    floor = SHAPES.get(kind, _FACT).enough * max((one.score for one in evidence), default=0.0)
    return tuple(one for one in evidence if one.score >= floor) if only_the_best else tuple(evidence)


def _decided(question: Question, evidence: Sequence[Evidence]) -> tuple[Held, Evidence] | None:
    proposition = yes_or_no(question.search_text)
    return weigh_stances(proposition, evidence) if proposition else None


def _apart(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """What says something new, and what says again in the same words what came before it."""
    kept: list[Evidence] = []
    repeats: list[Evidence] = []
    for one in evidence:
        (repeats if any(says_the_same(before, one) for before in kept) else kept).append(one)
    return kept, repeats


def says_the_same(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces are near-identical in words, and neither says a thing that the other does not bear out."""
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


def arrange(question: Question, askings: Sequence[Asking]) -> tuple[Sentence, ...]:
    """The answer in quotations: each attributed, in the order of the kind, what says the same cited with it."""
    if len(askings) == 1:
        return _told(askings[0], SHAPES.get(askings[0].kind, _FACT))
    share = max(1, SHAPES[QuestionKind.COMPARISON].told // max(1, len(askings)))
    label = _label_of_part if "parts:askings" not in {chip.key for chip in question.understood} else None
    told: list[Sentence] = []
    for one in askings:
        shape = Shape(told=share, enough=_ENOUGH_OF_SEVERAL)
        told += _told(one, shape, label and partial(label, one, [other for other in askings if other is not one]))
    return tuple(dict.fromkeys(told))


def opening(askings: Sequence[Asking]) -> tuple[Sentence, ...]:
    """What a written answer begins with: the newest figure of a count, or what says yes, no or otherwise."""
    if len(askings) != 1:
        return ()
    asking, labels = askings[0], (_YES, _NO, _NOT_SAID, _OTHERWISE)
    told = arrange(asking.question, askings)[:1]
    if asking.kind is QuestionKind.FIGURE and len(_count(asking.question.search_text, asking.evidence)) > 1:
        return told
    return tuple(one for one in told if one.text.startswith(labels))


def _told(asking: Asking, shape: Shape, label_of: Callable[[Evidence], str] | None = None) -> tuple[Sentence, ...]:
    """One asking's quotations; `label_of` gives those of one part of a comparison its name."""
    ordered, repeats = _apart(asking.evidence)
    if not ordered:
        return ()
    question, kind = asking.question, asking.kind
    floor = shape.enough * max(one.score for one in ordered)
    best = [one for at, one in enumerate(ordered) if not at or one.score >= floor]
    best = _with_what_tells(question.search_text, best, ordered, shape.told)
    telling = _plain if label_of else _TELLING.get(kind, _as_they_bear)
    return tuple(
        quotation(
            one,
            label=next(filter(is_prose, filter(None, (label_of(one) if label_of else label, _speaker(one)))), ""),
            also=[again for again in repeats if says_the_same(one, again)],
        )
        for label, one in telling(question, best, shape.told)
    )


def _with_what_tells(text: str, best: list[Evidence], ordered: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The best, among the first of which is one with the sort of thing that is asked for, where any has it.

    That something is not known is told last.
    """
    first = sorted(best[:limit], key=lambda one: says_that_nobody_knows(one.text, text))
    if any(tells(text, one.text) for one in first):
        return [*first, *best[limit:]]
    telling = [one for one in ordered if one not in first and tells(text, one.text)][:1]
    kept = first[: limit - len(telling)]
    return [*kept, *telling, *(one for one in best if one not in kept and one not in telling)]


Labelled = tuple[str, Evidence]


def _as_they_bear(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    """The best first; what denies something that the question takes for granted says so."""
    told = [("", one) for one in evidence[:limit]]
    proposition = presupposed(question.search_text)
    found = weigh_stances(proposition, evidence) if proposition else None
    if proposition is None or found is None or found[0].stance is not Stance.DENIES:
        return told
    clause = as_clause(proposition, found[0])
    label = f"{_NOT_SAID} {clause}; they say" if clause else _OTHERWISE
    return [(label, found[1]), *(one for one in told if one[1] is not found[1])][:limit]


def _figures_told(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    """The newest figure, and what else bears on the question but gives no other; those are told as how it changed."""
    count = _count(question.search_text, evidence)
    if not count:
        return _as_they_bear(question, evidence, limit)
    newest_ones = {claim.evidence for claim in count[-1]}
    about = count[-1][0].about
    others = [
        one for one in evidence[1:] if one in newest_ones or all(claim.about != about for claim in claims_of(one))
    ]
    return [("", one) for one in (evidence[0], *others)][:limit]


def _yes_or_no(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    """Yes and no only where a sentence says so outright; otherwise what there is, called that."""
    found = _decided(question, evidence)
    if not found:
        return [(_NEAREST if not at else "", one) for at, one in enumerate(evidence[:limit])]
    label = _YES if found[0].stance is Stance.AFFIRMS else _NO
    return [(label, found[1]), *(("", one) for one in evidence[:limit] if one is not found[1])][:limit]


def _in_their_words(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    """What those who are asked about say; where none of them is found to speak, what there is, called that."""
    text = question.search_text
    told = _as_they_bear(question, _of_who_is_asked_about(text, evidence), limit)
    speaks = not names_a_speaker(text) or any(says(one, text) for one in evidence)
    return told if speaks or told[0][0] else [(_NEAREST, told[0][1]), *told[1:]]


def _of_who_is_asked_about(text: str, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The pieces in which somebody whom a question asks about speaks; all, where nobody is found to."""
    spoken = [one for one in evidence if says(one, text)] if names_a_speaker(text) else []
    return spoken or evidence


def _side_by_side(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    """The best sentence of each article, then the others."""
    first = {one.article.id: one for one in reversed(evidence)}
    apart = [one for one in evidence if first[one.article.id] is one]
    return _plain(question, [*apart, *(one for one in evidence if one not in apart)], limit)


def _plain(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    return [("", one) for one in evidence[:limit]]


def _label_of_part(part: Asking, others: Sequence[Asking], one: Evidence) -> str:
    """What a piece of evidence for one part of a comparison is of, where it is: its source, its time or its name."""
    asked, beside = part.question, [other.question for other in others]
    interval, published = asked.published or asked.preferred, one.article.published_at
    if any(asked.sources != other.sources for other in beside):
        return visible(one.article.source) if one.article.source in asked.sources else ""
    if any((asked.published, asked.preferred) != (other.published, other.preferred) for other in beside):
        return describe(interval) if interval and published and _inside(interval, published) else ""
    known = {word for other in beside for word in _name_words(other)}
    names = [word for word in _name_words(asked) if word not in known]
    of_them = any(all(word in text for word in names) for text in (one.text, one.article.source))
    return " ".join(names) if names and of_them else ""


def _name_words(part: Question) -> list[str]:
    return [word for name in find_names(plain(part.search_text)) for word in name.words]


def _inside(interval: Interval, moment: datetime) -> bool:
    return (not interval.start or interval.start <= moment) and (not interval.end or moment < interval.end)


def _earlier_then_later(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    """By the day of the report, where there are several."""
    dated = sorted(evidence[:limit], key=lambda one: (moment_of(one), one.number))
    first = moment_of(dated[0]).date()
    if moment_of(dated[-1]).date() == first:
        return _plain(question, evidence, limit)
    labels = ["Earlier" if moment_of(one).date() == first else "Later" for one in dated]
    return [
        (label if label not in labels[:at] else "", one)
        for at, (label, one) in enumerate(zip(labels, dated, strict=True))
    ]


def _by_time(question: Question, evidence: Sequence[Evidence], limit: int) -> list[Labelled]:
    """In the order in which it happened, each under its date; a count in the order of the reports."""
    if counted := [group[0].evidence for group in _count(question.search_text, evidence)][:limit]:
        return [("", one) for one in counted]
    best = evidence[0].score
    told = [(*when(one), one) for one in evidence]
    told = [each for each in told if each[1] or each[2].score >= _FACT.enough * best][:limit]
    told.sort(key=lambda each: (each[0].first, _clock(each[2].text), each[2].number))
    return [(describe_date(happened) if is_stated else "", one) for happened, is_stated, one in told]


def _clock(text: str) -> float:
    """Minutes since midnight that a sentence names first."""
    return next((abs(figure.value) for figure in read_figures(plain(text)) if figure.unit == "clock"), 0.0)


def _speaker(one: Evidence) -> str:
    name = visible(speaker_left_out(one))
    return f"{name[0].upper()}{name[1:]} said" if name else ""


_TELLING = {
    QuestionKind.FIGURE: _figures_told,
    QuestionKind.YES_NO: _yes_or_no,
    QuestionKind.COMPARISON: _side_by_side,
    QuestionKind.CHANGE: _earlier_then_later,
    QuestionKind.TIMELINE: _by_time,
    QuestionKind.STATEMENT: _in_their_words,
}
