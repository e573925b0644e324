"""Understand a text: from its words, the archive's names and the turns before it to a Question."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from chat.english.intervals import days_of
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.conditions import (
    FOLLOWS,
    READ_CHARACTERS,
    SPEAKERS,
    Names,
    Reading,
    carry,
    is_condition_only,
    read_as_of,
    read_authors,
    read_link,
    read_now,
    read_quotations,
    read_recency,
    read_section,
    read_sources,
    read_times,
)
from chat.understanding.follow_ups import (
    Earlier,
    Link,
    asks_for_more,
    bare_asking,
    complete,
    fragment,
    has_its_own_subject,
    leaves_open,
    link,
    names_no_subject,
    weigh,
    weigh_shared,
)
from chat.understanding.intents import asks_for_headlines, counts_articles, subject_to_list, words_to_find
from chat.understanding.kinds import bare_question
from chat.understanding.parallels import Likeness, Parallel, replace_parallel
from chat.understanding.question import FilterKey, FilterKind, Intent, Question
from chat.understanding.remarks import remark_of, subject_to_count
from chat.understanding.sub_questions import with_parts
from chat.understanding.typed_filters import cut, read_typed_filters

Continues = Callable[[Question], bool]  # of a question read alone


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
    removed: frozenset[FilterKey] = frozenset(),
    last_day: datetime | None = None,
    continues: Continues | None = None,
    likeness: Likeness | None = None,
) -> Question:
    """What `text` asks for; without `likeness` pure, without a model, a millisecond or two.

    `sources`, `authors`, `sections` and `agencies` are the archive's own names. `earlier` are the questions before
    this one, oldest first, as they were understood then, and `earlier_answers` the texts of their answers, in the same
    order, "" where the archive held none. Filters in `removed` are not applied. `last_day` is when the newest article
    was published, for "as of the archive's last day". `continues` says whether a question whose words leave it open
    follows the one before it; without it, rules do. `likeness` compares words by an embedding.
    """
    names = Names(sources, authors, sections, agencies)
    decided = None
    if earlier and continues and FOLLOWS not in removed and leaves_open(text):
        alone = _understood(text, as_of, names, (), (), removed, last_day, None, None)
        decided = continues(alone)
    return _understood(text, as_of, names, earlier, earlier_answers, removed, last_day, decided, likeness)


def _understood(
    text: str,
    as_of: datetime,
    names: Names,
    earlier: Sequence[Question],
    earlier_answers: Sequence[str],
    removed: frozenset[FilterKey],
    last_day: datetime | None,
    continues: bool | None,
    likeness: Likeness | None,
) -> Question:
    reading = Reading(text=text, as_of=as_of, removed=removed, unread=text[:READ_CHARACTERS])
    first = _start_of_subject(earlier)
    earlier, earlier_answers = earlier[first:], earlier_answers[first:]
    follows = _read(reading, names, earlier, earlier_answers, last_day, continues)
    question = _searched(reading, follows, earlier, earlier_answers, likeness)
    return with_parts(reading, _with_intent(question))


def _read(
    reading: Reading,
    names: Names,
    earlier: Sequence[Question],
    earlier_answers: Sequence[str],
    last_day: datetime | None,
    continues: bool | None,
) -> Link:
    """Read all conditions; returns how much the question depends on the one before it."""
    read_as_of(reading, last_day)
    read_typed_filters(reading, names)
    read_quotations(reading)
    follows = read_link(reading, earlier)
    read_times(reading, earlier[-1] if earlier and follows is not Link.NONE else None, follows, last_day)
    read_sources(reading, names)
    read_authors(reading, names)
    read_section(reading, names)
    read_now(reading)
    read_recency(reading)
    if follows is not Link.NONE and is_condition_only(reading):
        follows = Link.COMPLETES
    if follows is Link.STANDS and _asks_about_a_year(reading):
        is_new = True
    elif follows in (Link.STANDS, Link.LEANS) and continues is not None:
        is_new = not continues
    else:
        is_new = follows in (Link.STANDS, Link.LEANS) and _changes_the_subject(
            reading, follows, earlier, earlier_answers
        )
    if is_new:
        follows = Link.NONE
        reading.filters = [one for one in reading.filters if one.key != FOLLOWS]
    if follows in (Link.LEANS, Link.COMPLETES):
        carry(reading, earlier[-1])
    return follows


def _asks_about_a_year(reading: Reading) -> bool:
    """ "What happened in November 2022?" names no subject but a time of its own."""
    has_year = any(re.search(r"\b(?:19|20)\d\d\b", each.words) for each in reading.times)
    return has_year and names_no_subject(reading.unread)


def _start_of_subject(earlier: Sequence[Question]) -> int:
    """The place of the last question that follows none: those before it are about something else."""
    return max((at for at, question in enumerate(earlier) if not question.follows), default=0)


def _changes_the_subject(
    reading: Reading, follows: Link, earlier: Sequence[Question], earlier_answers: Sequence[str]
) -> bool:
    words = " ".join((reading.unread, *reading.phrases))
    return has_its_own_subject(words, follows, [one.text for one in _weighed(earlier, earlier_answers)])


def _weighed(earlier: Sequence[Question], earlier_answers: Sequence[str]) -> tuple[Earlier, ...]:
    return weigh([question.search_text for question in earlier], earlier_answers[-1] if earlier_answers else "")


def _searched(
    reading: Reading,
    follows: Link,
    earlier: Sequence[Question],
    earlier_answers: Sequence[str],
    likeness: Likeness | None,
) -> Question:
    search_text = cut(reading.text, reading.cuts)
    asked, parallel = [question.search_text for question in earlier], None
    answer = earlier_answers[-1] if earlier_answers else ""
    if follows is Link.COMPLETES:
        piece = fragment(search_text)
        previous = _without_replaced(reading, earlier[-1])
        piece = (search_text if piece is None else piece).strip(" ?!.")
        parallel = _parallel(reading, piece, previous, likeness)
        search_text = parallel.text if parallel else complete(piece, previous, answer)
        asked = asked[:-1]
    return Question(
        text=reading.text,
        search_text=search_text,
        as_of=reading.as_of,
        wants_more=asks_for_more(reading.text),
        asks_for_now=reading.asks_for_now,
        follows=_followed(follows, parallel, asked, answer) or _previous(follows, earlier),
        last_of_archive=next((one.words for one in reading.times if one.is_last_of_archive), ""),
        named=reading.named,
        published=reading.published,
        preferred=reading.preferred,
        sources=reading.sources,
        preferred_sources=tuple(name for name in reading.preferred_sources if name not in reading.sources),
        agencies=reading.agencies,
        authors=reading.authors,
        said_by=" ".join(one.words for one in reading.filters if one.kind in SPEAKERS),
        section=reading.section,
        phrases=reading.phrases,
        recency=reading.recency,
        filters=tuple(reading.filters),
    )


def _previous(follows: Link, earlier: Sequence[Question]) -> tuple[Earlier, ...]:
    """The question before, which a part still follows where nothing else was said."""
    return () if follows is Link.NONE else weigh_shared(earlier[-1].search_text)


def _followed(follows: Link, parallel: Parallel | None, asked: Sequence[str], answer: str) -> tuple[Earlier, ...]:
    """The earlier words; without those that a replacement dropped."""
    if follows is Link.NONE:
        return ()
    return weigh_shared(parallel.shared) if parallel else weigh(asked, answer)


def _parallel(reading: Reading, piece: str, previous: str, likeness: Likeness | None) -> Parallel | None:
    """The question before with the part replaced that this turn is parallel to; its dates are put at the end."""
    if not piece or bare_asking(piece):
        return None
    rest, dates = piece, ""
    for each in reading.times:
        found = re.search(rf"(?:\b(?:in|on|at|during|for) )?(?:\bthe )?{re.escape(each.words)}", rest)
        if found:
            rest, dates = f"{rest[: found.start()]} {rest[found.end() :]}", f"{dates} {found[0]}"
    parallel = replace_parallel(cut(rest, ()), bare_question(previous) or previous, likeness)
    return replace(parallel, text=f"{parallel.text.rstrip(' ?!.')}{dates}?") if parallel else None


def _without_replaced(reading: Reading, previous: Question) -> str:
    """The question before, without the dates and sources that this turn replaces."""
    replaced = ((FilterKind.TIME, reading.times), (FilterKind.SOURCE, reading.named_speakers))
    kinds = [kind for kind, named in replaced if named]
    text = previous.search_text
    for one in previous.filters:
        if one.words and one.kind in kinds:
            text = re.sub(rf"(?:\b(?:according to|as reported by|by|in) )?(?:\bthe )?{re.escape(one.words)}", " ", text)
    return cut(text, ())


def _with_intent(question: Question) -> Question:
    if words := words_to_find(question.text):
        return replace(question, intent=Intent.FIND, subject=words)
    if remark := remark_of(question.text):
        return replace(question, intent=Intent.REMARK, remark=remark)
    if subject := subject_to_count(question.search_text):
        return replace(_of_its_time(question), intent=Intent.COUNT_ARTICLES, subject=subject)
    if subject := subject_to_list(question):
        return replace(_of_its_time(question), intent=Intent.SEARCH, subject=subject, search_text=subject)
    if counts_articles(question):
        return replace(_of_its_time(question), intent=Intent.COUNT_ARTICLES)
    if asks_for_headlines(question, link(question.search_text)):
        return replace(question, intent=Intent.HEADLINES)
    return question


def _of_its_time(question: Question) -> Question:
    """The question with the time that it names as that of publication: it asks for articles, not for events."""
    if question.named is None or question.published == question.named:
        return question
    label = Notice(NoticeKind.PUBLISHED, times=(days_of(question.named),))
    filters = tuple(replace(one, notice=label) if one.kind is FilterKind.TIME else one for one in question.filters)
    return replace(question, published=question.named, filters=filters)
