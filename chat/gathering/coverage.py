"""How many articles of an archive mention a question's subject: what an abstention reports."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime

from chat.english.intervals import describe
from chat.english.names import find_names
from chat.english.plain_text import plain
from chat.gathering.retrieval import scope_of
from chat.understanding.question import Intent, Question
from indexer.search.index import Index

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


def coverage_sentence(coverage: Coverage, where: str = "it") -> str:
    """The coverage as a sentence for a reader; empty when the question names no subject."""
    if not coverage.words:
        return ""
    words = " and ".join(f"“{word}”" for word in coverage.words)
    if not coverage.articles:
        until = f" up to {_day(coverage.until)}" if coverage.until else ""
        return f"No article in {where}{until} mentions {words}."
    one, many = f"1 article in {where} mentions", f"{coverage.articles:,} articles in {where} mention"
    articles = one if coverage.articles == 1 else many
    days = {day for day in (coverage.first_day, coverage.last_day) if day}
    when = " to ".join(map(_day, sorted(days)))
    return f"{articles} {words}{f', published {when}' if when else ''}."


def count_sentence(coverage: Coverage) -> str:
    """How many articles meet the conditions of a question, as a sentence for a reader."""
    days = [_day(day) for day in dict.fromkeys((coverage.first_day, coverage.last_day)) if day]
    when = f", published {' to '.join(days)}" if days else ""
    return f"{coverage.articles:,} {'article' if coverage.articles == 1 else 'articles'} in the archive{when}."


def subject_coverage(question: Question, index: Index) -> Coverage:
    """The articles that have every word of the subject, of those within the question's scope."""
    subject, table = subject_words(question, index), index.table
    allowed, found = table.allowed(scope_of(question)), articles_on_subject(question, index)
    published = {
        table.article_of(row)[0]: table.published_locally(row)
        for row in allowed.nonzero()[0].tolist()
        if table.article_of(row) in found
    }
    moments = sorted(moment for moment in published.values() if moment is not None)
    first, last = (datetime.fromtimestamp(moments[at], UTC).date() if moments else None for at in (0, -1))
    is_later = table.last_published is not None and table.last_published > question.as_of
    return Coverage(len(published), first, last, subject, question.as_of.date() if is_later else None)


def articles_on_subject(question: Question, index: Index) -> set[tuple[str, int]]:
    """Ids and versions of the articles within the question's scope that have every word of its subject."""
    subject, table = subject_words(question, index), index.table
    found = {table.article_of(row) for row in table.allowed(scope_of(question)).nonzero()[0].tolist()}
    if subject or question.intent is not Intent.COUNT_ARTICLES:
        found &= _articles_with(subject, index)
    return found


def coverage_notice(question: Question, index: Index, where: str = "it") -> str:
    """What an abstention says of the archive: that it begins later, or how much of it is on the subject."""
    return begins_later(question, index) or coverage_sentence(subject_coverage(question, index), where)


def begins_later(question: Question, index: Index) -> str:
    """That every article with a date is later than the as-of moment; otherwise empty."""
    first = index.table.first_published
    if first is None or first <= question.as_of:
        return ""
    return f"The archive begins on {_day(first)}, later than the moment that is asked about ({_day(question.as_of)})."


def undated_notice(question: Question, index: Index) -> str:
    """That undated articles are left out of a look back; empty where there are none."""
    undated = index.table.undated_articles() if question.looks_back and index.table.last_published else 0
    if not undated:
        return ""
    day = _day(question.as_of)
    articles = "1 article without a date is" if undated == 1 else f"{undated:,} articles without a date are"
    return (
        f"{articles} left out: nothing shows that the archive had it by {day}."
        if undated == 1
        else (f"{articles} left out: nothing shows that the archive had them by {day}.")
    )


def last_time_notice(question: Question, index: Index) -> str:
    """How a time without a year was read where the archive ends before the last one; otherwise empty."""
    last = index.table.last_published
    if not question.last_of_archive or question.named is None or last is None:
        return ""
    return f"The archive ends on {_day(last)}: “{question.last_of_archive}” is read as {describe(question.named)}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


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


def _articles_with(words: tuple[str, ...], index: Index) -> set[tuple[str, int]]:
    """Ids and versions of the articles that have all words, in any form, in the title or the text."""
    found: set[tuple[str, int]] | None = None
    for word in words:
        rows = index.table.rows_of(index.keywords.mentioning(word))
        having = {index.table.article_of(int(row)) for row in rows if row >= 0}
        found = having if found is None else found & having
    return found or set()
