"""How much of an archive speaks of a question's subject, for the answer that has none to give."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from chat.english.names import find_names
from chat.english.plain_text import plain
from chat.gathering.retrieval import scope_of
from chat.understanding.question import Question
from indexer.search.index import Index

_WORD = re.compile(r"\w+")
_RAREST = 2  # words that stand for the subject of a question without names


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many articles mention the subject, and from when to when."""

    articles: int
    first_day: date | None
    last_day: date | None
    words: tuple[str, ...]  # what they mention, all of it


def told(coverage: Coverage, where: str = "it") -> str:
    """What there is, as a sentence for a reader; empty when the question names no subject."""
    if not coverage.words:
        return ""
    words = " and ".join(f"“{word}”" for word in coverage.words)
    if not coverage.articles:
        return f"No article in {where} mentions {words}."
    one, many = f"1 article in {where} mentions", f"{coverage.articles:,} articles in {where} mention"
    articles = one if coverage.articles == 1 else many
    days = {day for day in (coverage.first_day, coverage.last_day) if day}
    when = " to ".join(f"{day.day} {day:%B %Y}" for day in sorted(days))
    return f"{articles} {words}{f', published {when}' if when else ''}."


def subject_coverage(question: Question, index: Index) -> Coverage:
    """The articles, of those that the question may be answered from, that have every word of its subject."""
    subject = subject_words(question, index)
    table = index.table
    allowed = table.allowed(scope_of(question))
    found = _articles_with(subject, index) & {table.article_of(row) for row in allowed.nonzero()[0].tolist()}
    published = {
        table.article_of(row)[0]: table.published_at(row)
        for row in allowed.nonzero()[0].tolist()
        if table.article_of(row) in found
    }
    moments = sorted(moment for moment in published.values() if moment is not None)
    first, last = (datetime.fromtimestamp(moments[at], UTC).date() if moments else None for at in (0, -1))
    return Coverage(len(published), first, last, subject)


def subject_words(question: Question, index: Index) -> tuple[str, ...]:
    """The words of the question's names, as written; of a question without names, its rarest words."""
    text, tellers = plain(question.search_text), set(_WORD.findall(plain(question.said_by)))
    named = [word for name in find_names(text) for word in name.words if index.keywords.terms(word)]
    if named := [word for word in named if word not in tellers]:
        return tuple(dict.fromkeys(named))
    telling = [word for word in dict.fromkeys(_WORD.findall(text)) if index.keywords.terms(word)]
    telling = [word for word in telling if word not in tellers]
    telling.sort(key=lambda word: min(map(index.keywords.frequency, index.keywords.terms(word))))
    return tuple(telling[:_RAREST])


def _articles_with(words: tuple[str, ...], index: Index) -> set[tuple[str, int]]:
    """Article ids and versions; a word counts in any of its forms, in the title or the text."""
    found: set[tuple[str, int]] | None = None
    for word in words:
        ids = [passage_id for passage_id, _ in index.keywords.search(word, max(1, index.keywords.passages))]
        rows = index.table.rows_of(ids)
        holding = {index.table.article_of(int(row)) for row in rows if row >= 0}
        found = holding if found is None else found & holding
    return found or set()
