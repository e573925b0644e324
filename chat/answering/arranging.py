"""Arrange evidence as an answer in quotations: order, number and labels, by the kind of question."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from chat.answer import Evidence, Sentence
from chat.answering.claims import claims_of, moment_of
from chat.answering.plain_prose import is_prose
from chat.answering.quoting import quotation, visible
from chat.answering.selecting import FACT, Shape, apart, says_the_same, shape_of
from chat.answering.time_asked import names_a_past_time
from chat.answering.timeline import describe_date, when
from chat.answering.weighing import Asking, asking_of
from chat.checking.speakers import says, speaker_left_out
from chat.english.event_dates import EventDate
from chat.english.figures import read_figures
from chat.english.intervals import Interval, describe, overlap
from chat.english.names import find_names
from chat.english.plain_text import plain
from chat.understanding.answer_types import AnswerKind
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question, SplitBy

_COMPARED = 4  # quotations of an answer in parts
_ENOUGH_OF_SEVERAL = 0.6  # of the best score, in an answer in parts
_NEAREST = "The nearest reports"
_NEWEST, _EARLIER, _LATER = "The newest report", "Earlier", "Later"
LABELS = frozenset({_NEAREST, _NEWEST, _EARLIER, _LATER})  # those that are the same in every answer
_EARLIER_ENOUGH = 0.4  # of the best score: what the newest report replaces is often worded as the question is


class _Labelled(NamedTuple):
    label: str
    evidence: Evidence


def arrange(question: Question, askings: Sequence[Asking]) -> tuple[Sentence, ...]:
    """The answer in quotations: each attributed, in the order of the kind, what says the same cited with it."""
    if len(askings) == 1:
        return _arranged(askings[0], shape_of(askings[0].kind))
    shape = Shape(quotations=max(1, _COMPARED // max(1, len(askings))), enough=_ENOUGH_OF_SEVERAL)
    sentences: list[Sentence] = []
    for one in askings:
        others = [other for other in askings if other is not one]
        label = partial(_label_of_part, one, others) if question.split_by is not SplitBy.ASKINGS else None
        sentences += _arranged(one, shape, label)
    return tuple(dict.fromkeys(sentences))


def opening(askings: Sequence[Asking], quotations: Sequence[Sentence]) -> Sequence[Sentence]:
    """The quotation that a written answer begins with: the newest figure of a count that has changed."""
    if len(askings) != 1:
        return ()
    has_changed = askings[0].kind is QuestionKind.FIGURE and len(askings[0].count) > 1
    return quotations[:1] if has_changed or askings[0].question.asks_for_now else ()


def written_from(asking: Asking) -> tuple[Evidence, ...]:
    """The evidence that a model is given.

    Of a running count only the reports of its newest figure; of how things stand now the newest report; of statements
    those of the speaker asked about.
    """
    if asking.question.asks_for_now:
        return tuple(one for one in asking.evidence if one.article.id == asking.evidence[0].article.id)
    if asking.kind is QuestionKind.FIGURE and len(asking.count) > 1:
        newest_ones = {claim.evidence for claim in asking.count[-1]}
        return tuple(one for one in asking.evidence if one in newest_ones)
    return (
        tuple(_by_speaker(asking.question, asking.evidence))
        if asking.kind is QuestionKind.STATEMENT
        else asking.evidence
    )


def _arranged(asking: Asking, shape: Shape, label_of: Callable[[Evidence], str] | None = None) -> tuple[Sentence, ...]:
    """The quotations for one part; `label_of` names the part that a quotation belongs to."""
    ordered, repeats = apart(asking.evidence)
    if not ordered:
        return ()
    is_now = asking.question.asks_for_now and asking.kind in _OF_NOW
    floor = (_EARLIER_ENOUGH if is_now else shape.enough) * max(one.score for one in ordered)
    best = tuple(one for at, one in enumerate(ordered) if not at or one.score >= floor)
    by_kind = _now_and_earlier if is_now else _BY_KIND.get(asking.kind, _plain)
    labelled = (_plain if label_of else by_kind)(asking_of(asking.question, best), shape.quotations)
    return tuple(
        quotation(
            one,
            label=next(filter(is_prose, filter(None, (label_of(one) if label_of else label, _speaker(one)))), ""),
            also=[again for again in repeats if says_the_same(one, again)],
            with_dateline=asking.question.analysis.answer_type.kind is AnswerKind.PLACE,
        )
        for label, one in labelled
    )


def _figures(asking: Asking, limit: int) -> list[_Labelled]:
    """The newest figure and evidence without another one; earlier figures follow in a sentence of their own."""
    if not asking.count:
        return _plain(asking, limit)
    newest_ones = {claim.evidence for claim in asking.count[-1]}
    about = asking.count[-1][0].about
    others = (
        one
        for one in asking.evidence[1:]
        if one in newest_ones or all(claim.about != about for claim in claims_of(one))
    )
    return [_Labelled("", one) for one in (asking.evidence[0], *others)][:limit]


def _now_and_earlier(asking: Asking, limit: int) -> list[_Labelled]:
    """The newest report; what it replaces, labelled as earlier. An undated report is neither, and left out."""
    newest, *others = asking.evidence[:limit]
    if newest.article.published_at:
        others = [one for one in others if one.article.published_at]
    day = moment_of(newest).date()
    lead = _Labelled(_NEWEST if asking.kind is QuestionKind.YES_NO else "", newest)
    by_time = sorted(others, key=moment_of, reverse=True)
    return [lead, *(_Labelled(_EARLIER if moment_of(one).date() < day else "", one) for one in by_time)]


def _in_their_words(asking: Asking, limit: int) -> list[_Labelled]:
    """What the speaker asked about says; the nearest reports, labelled as such, where the speaker says nothing."""
    speaker = asking.question.analysis.speaker
    spoken = tuple(_by_speaker(asking.question, asking.evidence))
    labelled = _plain(asking_of(asking.question, spoken), limit)
    is_found = speaker is None or not speaker.is_asked_about or any(says(one, speaker) for one in asking.evidence)
    return labelled if is_found else [_Labelled(_NEAREST, labelled[0].evidence), *labelled[1:]]


def _by_speaker(question: Question, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The evidence in which the speaker asked about says something; all of it, where there is none."""
    speaker = question.analysis.speaker
    spoken = [one for one in evidence if says(one, speaker)] if speaker and speaker.is_asked_about else []
    return spoken or evidence


def _side_by_side(asking: Asking, limit: int) -> list[_Labelled]:
    """The best sentence of each article, then the others."""
    evidence = asking.evidence
    first = {one.article.id: one for one in reversed(evidence)}
    leading = [one for one in evidence if first[one.article.id] is one]
    return [_Labelled("", one) for one in (*leading, *(one for one in evidence if one not in leading))][:limit]


def _plain(asking: Asking, limit: int) -> list[_Labelled]:
    return [_Labelled("", one) for one in asking.evidence[:limit]]


def _label_of_part(part: Asking, others: Sequence[Asking], one: Evidence) -> str:
    """The source, time or name by which a part differs from the others, where the evidence has it."""
    asked, beside = part.question, [other.question for other in others]
    interval, published = asked.published or asked.preferred, one.article.published_locally
    if any(asked.sources != other.sources for other in beside):
        return visible(one.article.source) if one.article.source in asked.sources else ""
    if any((asked.published, asked.preferred) != (other.published, other.preferred) for other in beside):
        return describe(interval) if interval and published and _inside(interval, published.replace(tzinfo=UTC)) else ""
    known = {word for other in beside for word in _name_words(other)}
    names = [word for word in _name_words(asked) if word not in known]
    has_them = any(all(word in text for word in names) for text in (one.text, one.article.source))
    return " ".join(names) if names and has_them else ""


def _name_words(part: Question) -> list[str]:
    return [word for name in find_names(plain(part.search_text)) for word in name.words]


def _inside(interval: Interval, moment: datetime) -> bool:
    return (not interval.start or interval.start <= moment) and (not interval.end or moment < interval.end)


def _earlier_then_later(asking: Asking, limit: int) -> list[_Labelled]:
    """By the day of the report, where there are several days."""
    dated = sorted(asking.evidence[:limit], key=lambda one: (moment_of(one), one.number))
    first = moment_of(dated[0]).date()
    if moment_of(dated[-1]).date() == first:
        return _plain(asking, limit)
    labels = [_EARLIER if moment_of(one).date() == first else _LATER for one in dated]
    return [
        _Labelled(label if label not in labels[:at] else "", one)
        for at, (label, one) in enumerate(zip(labels, dated, strict=True))
    ]


def _by_time(asking: Asking, limit: int) -> list[_Labelled]:
    """In the order in which it happened, each with its date; a running count in the order of its reports."""
    if counted := [group[0].evidence for group in asking.count][:limit]:
        return [_Labelled("", one) for one in counted]
    best = asking.evidence[0].score
    dated = [(*when(one), one) for one in asking.evidence]
    dated = [each for each in dated if each[1] or each[2].score >= FACT.enough * best]
    dated = ([each for each in dated if _is_of(asking.question, each[0])] or dated)[:limit]
    dated.sort(key=lambda each: (each[0].first, _clock(each[2].text), each[2].number))
    return [_Labelled(describe_date(happened) if is_stated else "", one) for happened, is_stated, one in dated]


def _is_of(question: Question, happened: EventDate) -> bool:
    """Whether something happened in the time that a question names, or while that was still reported on."""
    time_asked = question.preferred if names_a_past_time(question) else None
    return time_asked is None or overlap(happened.interval, time_asked)


def _clock(text: str) -> float:
    """The first time of day in a sentence, in minutes since midnight."""
    return next((abs(figure.value) for figure in read_figures(plain(text)) if figure.unit == "clock"), 0.0)


def _speaker(one: Evidence) -> str:
    name = visible(speaker_left_out(one))
    return f"{name[0].upper()}{name[1:]} said" if name else ""


_OF_NOW = (QuestionKind.FACT, QuestionKind.YES_NO, QuestionKind.LIST)
_BY_KIND = {
    QuestionKind.FIGURE: _figures,
    QuestionKind.COMPARISON: _side_by_side,
    QuestionKind.CHANGE: _earlier_then_later,
    QuestionKind.TIMELINE: _by_time,
    QuestionKind.STATEMENT: _in_their_words,
}
