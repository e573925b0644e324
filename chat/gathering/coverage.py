"""How many articles of an archive mention a question's subject: what an abstention reports."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from chat.english.names import find_names
from chat.english.plain_text import plain
from chat.gathering.retrieval import scope_of
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.question import Intent, Question
from indexer.search.index import Index
from indexer.search.scope import Mask

# Vowels and tones of many scripts are combining marks, which \w leaves out.
_MARKS = "".join(chr(code) for code in range(0x300, 0x1800) if unicodedata.category(chr(code)).startswith("M"))
_WORD = re.compile(rf"\w[\w{_MARKS}]*")
_RAREST = 2  # words that stand for the subject of a question without names


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many articles mention the subject, and from when to when."""

    articles: int
    first_day: date | None
    last_day: date | None
    words: tuple[str, ...]  # of the subject; the articles mention all of them
    until: date | None = None  # the day of the as-of moment, where the archive has later articles


def coverage_notices(coverage: Coverage) -> tuple[Notice, ...]:
    """How many articles mention the subject; none when the question names no subject."""
    if not coverage.words:
        return ()
    if not coverage.articles and coverage.until:
        return (Notice(NoticeKind.NOTHING_MENTIONS_UNTIL, words=coverage.words, days=(coverage.until,)),)
    if not coverage.articles:
        return (Notice(NoticeKind.NOTHING_MENTIONS, words=coverage.words),)
    kinds = (NoticeKind.MENTIONED, NoticeKind.MENTIONED_ON, NoticeKind.MENTIONED_BETWEEN)
    return (_counted(coverage, kinds, coverage.words),)


def count_notice(coverage: Coverage) -> Notice:
    """How many articles meet the conditions of a question."""
    return _counted(coverage, (NoticeKind.COUNTED, NoticeKind.COUNTED_ON, NoticeKind.COUNTED_BETWEEN))


def _counted(coverage: Coverage, kinds: Sequence[NoticeKind], words: tuple[str, ...] = ()) -> Notice:
    """With no day, one day, or the first and the last: there is a kind for each."""
    days = tuple(dict.fromkeys(day for day in (coverage.first_day, coverage.last_day) if day))
    shown = days if len(days) < 2 else (days[0], *days)
    return Notice(kinds[len(days)], count=coverage.articles, words=words, days=shown)


def subject_coverage(question: Question, index: Index) -> Coverage:
    """The articles that have every word of the subject, of those within the question's scope."""
    subject, table = subject_words(question, index), index.table
    found = _versions_on(subject, question, index)
    days = table.days_of(found)
    first, last = (days[at].astype(object) if len(days) else None for at in (0, -1))
    is_later = table.last_published is not None and table.last_published > question.as_of
    articles = len({article_id for article_id, _ in table.articles_of(found)})
    return Coverage(articles, first, last, subject, question.as_of.date() if is_later else None)


def articles_on_subject(question: Question, index: Index) -> set[tuple[str, int]]:
    """Ids and versions of the articles within the question's scope that have every word of its subject."""
    return set(index.table.articles_of(_versions_on(subject_words(question, index), question, index)))


def _versions_on(subject: Sequence[str], question: Question, index: Index) -> Mask:
    """One bit a version; all within the scope where articles are counted that need not be about anything."""
    found = index.table.allowed_versions(scope_of(question))
    if not subject and question.intent is not Intent.COUNT_ARTICLES:
        return np.zeros_like(found)
    for word in subject:
        found = found & index.table.versions_of(index.keywords.mentioning(word))
    return found


def subject_notices(question: Question, index: Index) -> tuple[Notice, ...]:
    """What an abstention says of the archive: that it begins later, or how much of it is on the subject."""
    return begins_later(question, index) or coverage_notices(subject_coverage(question, index))


def begins_later(question: Question, index: Index) -> tuple[Notice, ...]:
    """That every article with a date is later than the as-of moment; otherwise nothing."""
    first = index.table.first_published
    if first is None or first <= question.as_of:
        return ()
    return (Notice(NoticeKind.BEGINS_LATER, days=(first.date(), question.as_of.date())),)


def undated_notices(question: Question, index: Index) -> tuple[Notice, ...]:
    """That undated articles are left out of a look back; nothing where there are none."""
    undated = index.table.undated_articles() if question.looks_back and index.table.last_published else 0
    return (Notice(NoticeKind.UNDATED, count=undated, days=(question.as_of.date(),)),) if undated else ()


def last_time_notices(question: Question, index: Index) -> tuple[Notice, ...]:
    """How a time without a year was read where the archive ends before the last one; otherwise nothing."""
    last, read_as = index.table.last_published, question.named
    if not (question.last_of_archive and last and read_as and read_as.start and read_as.end):
        return ()
    days = read_as.start.date(), (read_as.end - timedelta(microseconds=1)).date()
    kind = NoticeKind.READ_AS_DAY if days[0] == days[1] else NoticeKind.READ_AS_DAYS
    return (Notice(kind, words=(question.last_of_archive,), days=(last.date(), *days)),)


def degraded_notices(index: Index) -> tuple[Notice, ...]:
    """What a reader should know about a degraded search; nothing otherwise."""
    trouble, damaged = index.vectors.trouble, len(index.archive.damaged)
    only_words = (Notice(NoticeKind.ONLY_WORDS, trouble),) if trouble else ()
    return only_words + ((Notice(NoticeKind.DAMAGED, count=damaged),) if damaged else ())


def subject_words(question: Question, index: Index) -> tuple[str, ...]:
    """The words of the question's names, as written; of a question without names, its rarest words."""
    text, sources = plain(question.search_text), set(_WORD.findall(plain(question.said_by)))
    named = [word for name in find_names(text) for word in name.words if index.keywords.terms(word)]
    if named := [word for word in named if word not in sources]:
        return tuple(dict.fromkeys(named))
    searched = [word for word in dict.fromkeys(_WORD.findall(text)) if index.keywords.terms(word)]
    searched = [word for word in searched if word not in sources]
    searched.sort(key=lambda word: min(map(index.keywords.frequency, index.keywords.terms(word))))
    return tuple(searched[:_RAREST])
