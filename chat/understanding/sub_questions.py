"""Split a question that sets things side by side, or asks several things, into parts."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from chat.english.intervals import days_of, is_history
from chat.english.time_expressions import TimeExpression, disjoint, together
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.conditions import READ_CHARACTERS, Reading
from chat.understanding.follow_ups import PREVIOUS_WEIGHT, Earlier, Link, link
from chat.understanding.parts import MOST_PARTS, compares, split_askings, split_names
from chat.understanding.question import FilterKind, Question, Recency, SplitBy
from chat.understanding.typed_filters import cut


def with_parts(reading: Reading, question: Question) -> Question:
    """The question with its parts, each searched on its own, unless the reader removed the split."""
    splits = (
        (SplitBy.SOURCES, _by_source),
        (SplitBy.DATES, _by_time),
        (SplitBy.NAMES, _by_name),
        (SplitBy.ASKINGS, _by_asking),
    )
    for kind, split in splits:
        parts = split(reading, question)[:MOST_PARTS]
        if len(parts) > 1:
            label = _label(kind, parts)
            if not reading.apply(FilterKind.PARTS, kind, label, ""):
                return question
            return replace(question, parts=parts, split_by=kind, filters=tuple(reading.filters))
    return question


def _label(kind: SplitBy, parts: Sequence[Question]) -> Notice:
    if kind is SplitBy.DATES:
        times = (one for part in parts if (one := part.preferred or part.published))
        return Notice(NoticeKind.TIMES_ASKED_APART, times=tuple(map(days_of, times)))
    names = [
        ", ".join(dict.fromkeys((*part.sources, *part.agencies))) if kind is SplitBy.SOURCES else part.search_text
        for part in parts
    ]
    return Notice(NoticeKind.ASKED_APART, " / ".join(names))


def _by_source(reading: Reading, question: Question) -> tuple[Question, ...]:
    """ "Reported by both A and B" asks for each of them; "by A or B" accepts either."""
    named = reading.named_speakers
    if len(named) < 2 or " or " in reading.text[named[0].end : named[-1].start]:
        return ()
    names = dict.fromkeys(mention.name for mention in named)
    return tuple(
        replace(
            question,
            sources=tuple(each for each in question.sources if each == name),
            agencies=tuple(each for each in question.agencies if each == name),
            filters=(),
        )
        for name in names
    )


def _by_time(reading: Reading, question: Question) -> tuple[Question, ...]:
    """ "In June 2021 and in June 2022", or two times in a comparison."""
    times = reading.times
    if len(times) < 2 or not disjoint(times):
        return ()
    beside = all(_BESIDE.fullmatch(reading.text[a.end : b.start]) for a, b in pairwise(times))
    if not beside and not compares(reading.text):
        return ()
    listed = reading.text[times[0].start : times[-1].end]
    texts = [_only(time, times, question.search_text, listed if beside else "") for time in times]
    return tuple(_at_times(reading, question, (time,), text) for time, text in zip(times, texts, strict=True))


def _only(time: TimeExpression, times: Sequence[TimeExpression], text: str, listed: str) -> str:
    """The text with one of its times: instead of the list, or without the words of the others."""
    if listed and listed in text:
        return text.replace(listed, time.words, 1)
    for other in times:
        if other is not time:
            text = text.replace(other.words, " ", 1)
    return cut(_LEFT_HANGING.sub("", cut(text, ())), ())


_LEFT_HANGING = re.compile(r"\b(?:and|or|versus|vs\.?|(?:compared? )?(?:with|to)|than)(?=\s*\W*$)", re.IGNORECASE)
_BESIDE = re.compile(r"\W*(?:and|or|than|versus|vs\.?|with|to)\W*(?:in |on |during |that of )?", re.IGNORECASE)


def _at_times(reading: Reading, question: Question, times: Sequence[TimeExpression], search_text: str) -> Question:
    named, published, preferred = together(times)
    return replace(
        question,
        search_text=search_text,
        named=named,
        published=question.published if reading.has_typed_dates else published,
        preferred=preferred,
        recency=Recency.NONE if is_history(named, question.as_of) else question.recency,
        filters=(),
    )


def _by_name(reading: Reading, question: Question) -> tuple[Question, ...]:
    return tuple(replace(question, search_text=text, filters=()) for text in split_names(question.search_text))


def _by_asking(reading: Reading, question: Question) -> tuple[Question, ...]:
    """Each with its own dates and phrases; one that refers back is searched for together with the first."""
    pieces = split_askings(question.search_text[:READ_CHARACTERS])
    parts: list[Question] = []
    for piece in pieces:
        times = [time for time in reading.times if time.words in piece]
        part = _at_times(reading, question, times, piece) if times else replace(question, search_text=piece, filters=())
        if parts and link(piece) is not Link.STANDS and link(pieces[0]) is Link.STANDS:
            part = replace(part, follows=(Earlier(pieces[0], PREVIOUS_WEIGHT), *question.follows))
        parts.append(replace(part, phrases=tuple(phrase for phrase in question.phrases if phrase in piece)))
    return tuple(parts)
