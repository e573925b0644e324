"""Understand what a question asks for: its words, its moment, the range, sources and phrases that it names."""

import re
from collections.abc import Sequence
from datetime import datetime

from chat.english.calendar_words import Interval
from chat.understanding.follow_ups import Earlier, Link, complete, fragment, has_its_own_subject, weigh
from chat.understanding.reading import (
    FOLLOWS,
    READ_CHARACTERS,
    TELLERS,
    Names,
    Reading,
    carry,
    is_condition_only,
    read_as_of,
    read_authors,
    read_link,
    read_quotations,
    read_recency,
    read_section,
    read_sources,
    read_times,
    read_typed_filters,
)
from chat.understanding.sub_questions import with_parts
from chat.understanding.typed_filters import cut
from chat.understanding.understood import Question, Recency, Understood

__all__ = ["Earlier", "Interval", "Question", "Recency", "Understood", "understand"]


def understand(
    text: str,
    *,
    as_of: datetime,
    sources: Sequence[str] = (),
    authors: Sequence[str] = (),
    sections: Sequence[str] = (),
    agencies: Sequence[str] = (),
    earlier: Sequence[Question] = (),
    earlier_answers: Sequence[str] = (),
    removed: frozenset[str] = frozenset(),
    last_day: datetime | None = None,
) -> Question:
    """What `text` asks for; pure, without a model, a millisecond or two.

    `sources`, `authors`, `sections` and `agencies` are the archive's own names. `earlier` are the questions before
    this one, oldest first, and `earlier_answers` what was answered to them, in the same order, "" where the archive
    held no answer. What has its key in `removed` is not applied. `last_day` is when the newest article was published,
    for who asks "as of the archive's last day".
    """
    first = _where_the_subject_begins(earlier)
    earlier, earlier_answers = earlier[first:], earlier_answers[first:]
    reading = Reading(text=text, as_of=as_of, removed=removed, masked=text[:READ_CHARACTERS])
    names = Names(sources, authors, sections, agencies)
    read_as_of(reading, last_day)
    read_typed_filters(reading, names)
    read_quotations(reading)
    follows = read_link(reading, earlier)
    read_times(reading, earlier[-1] if earlier and follows is not Link.NONE else None, follows)
    read_sources(reading, names)
    read_authors(reading, names)
    read_section(reading, names)
    read_recency(reading)
    if follows is not Link.NONE and is_condition_only(reading):
        follows = Link.COMPLETES
    if follows in (Link.STANDS, Link.LEANS) and _changes_the_subject(reading, follows, earlier, earlier_answers):
        follows = Link.NONE
        reading.chips = [chip for chip in reading.chips if chip.key != FOLLOWS]
    if follows in (Link.LEANS, Link.COMPLETES):
        carry(reading, earlier[-1])
    question = _search_for(reading, follows, earlier, earlier_answers)
    return with_parts(reading, question)


def _where_the_subject_begins(earlier: Sequence[Question]) -> int:
    """The last question that follows none: what was asked before it was about something else."""
    return max((at for at, question in enumerate(earlier) if not question.follows), default=0)


def _changes_the_subject(
    reading: Reading, follows: Link, earlier: Sequence[Question], earlier_answers: Sequence[str]
) -> bool:
    said = " ".join((reading.masked, *reading.phrases))
    return has_its_own_subject(said, follows, [one.text for one in _weighed(earlier, earlier_answers)])


def _weighed(earlier: Sequence[Question], earlier_answers: Sequence[str]) -> tuple[Earlier, ...]:
    return weigh([question.search_text for question in earlier], earlier_answers[-1] if earlier_answers else "")


def _search_for(
    reading: Reading, follows: Link, earlier: Sequence[Question], earlier_answers: Sequence[str]
) -> Question:
    search_text = cut(reading.text, reading.cuts)
    asked = [question.search_text for question in earlier]
    answer = earlier_answers[-1] if earlier_answers else ""
    if follows is Link.COMPLETES:
        piece = fragment(search_text)
        previous = _without_replaced(reading, earlier[-1])
        search_text = complete((search_text if piece is None else piece).strip(" ?!."), previous, answer)
        asked = asked[:-1]
    return Question(
        text=reading.text,
        search_text=search_text,
        as_of=reading.as_of,
        follows=() if follows is Link.NONE else weigh(asked, answer),
        named=reading.named,
        published=reading.published,
        preferred=reading.preferred,
        sources=reading.sources,
        preferred_sources=tuple(name for name in reading.preferred_sources if name not in reading.sources),
        agencies=reading.agencies,
        authors=reading.authors,
        said_by=" ".join(chip.words for chip in reading.chips if chip.key.split(":", 1)[0] in TELLERS),
        section=reading.section,
        phrases=reading.phrases,
        recency=reading.recency,
        understood=tuple(reading.chips),
    )


def _without_replaced(reading: Reading, previous: Question) -> str:
    """The question before, without the dates and sources that this turn replaces."""
    kinds = [kind for kind, named in (("time", reading.times), ("source", reading.told_apart)) if named]
    text = previous.search_text
    for chip in previous.understood:
        if chip.words and chip.key.split(":", 1)[0] in kinds:
            text = re.sub(
                rf"(?:\b(?:according to|as reported by|by|in) )?(?:\bthe )?{re.escape(chip.words)}", " ", text
            )
    return cut(text, ())
