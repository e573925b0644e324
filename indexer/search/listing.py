"""Lists the articles of an archive that have some words and fit a filter: counts, days, and pages of any number."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from corpus.agencies import dateline_end
from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.search.article_table import EVERY_ARTICLE, UNDATED, ArticleFilter, ArticleTable
from indexer.search.index import Index
from indexer.search.words import SearchedWords
from indexer.storage.rows import Integers


class Order(StrEnum):
    """How a list is sorted."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles found, best or newest or oldest first, as rows of the table; a page of them is read at a time."""

    table: ArticleTable
    words: SearchedWords
    rows: Integers
    passages: dict[int, int]  # row -> the id of its best passage, where words were searched
    days: dict[date, int]  # how many were found on each day, also of days that the filter leaves out
    matched: int  # how many have the words, also those that the filter leaves out

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, with the sentence of it that is shown and the spans of the words searched for."""

    article: Article
    sentence: Span
    words: tuple[Span, ...]


class Lists:
    """Lists articles of one index; any number of readers may share it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._table: ArticleTable | None = None

    @property
    def table(self) -> ArticleTable:
        """The articles as they are now; read anew after the archive has changed."""
        with self._lock:
            if self._table is None or self._table.sequence != self._index.archive.sequence():
                self._index.refresh()
                self._table = ArticleTable(self._index.archive)
            return self._table

    def find(self, text: str, wanted: ArticleFilter = EVERY_ARTICLE, order: Order = Order.RELEVANCE) -> Listing:
        """The articles with all these words, the last of which may be unfinished; all articles for a blank text.

        Words in quotation marks must stand in that order.
        """
        table, words = self.table, SearchedWords.of(text)
        if not words:
            every = np.arange(len(table), dtype=np.int64)
            return self._listing(table, words, every, {}, wanted, Order.NEWEST if order is Order.RELEVANCE else order)
        ids, scores = self._index.keywords.with_all_words(words)
        return self.of_passages(words, ids[np.lexsort((ids, -scores))], wanted, order)

    def of_passages(self, words: SearchedWords, ids: Integers, wanted: ArticleFilter, order: Order) -> Listing:
        """The articles of these passages, best first; an article stands where its best passage does."""
        table = self.table
        rows = table.rows_of(ids)
        ids, rows = ids[rows >= 0], rows[rows >= 0]
        _, first = np.unique(rows, return_index=True)
        first.sort()
        passages = dict(zip(rows[first].tolist(), ids[first].tolist(), strict=True))
        return self._listing(table, words, rows[first], passages, wanted, order)

    def _listing(
        self,
        table: ArticleTable,
        words: SearchedWords,
        rows: Integers,
        passages: dict[int, int],
        wanted: ArticleFilter,
        order: Order,
    ) -> Listing:
        days = table.days_of(rows[table.allowed(wanted.without_days)[rows]])
        fitting = rows[table.allowed(wanted)[rows]]
        return Listing(table, words, _ordered(fitting, table.days[fitting], order), passages, days, len(rows))

    def read(self, listing: Listing, start: int, count: int) -> tuple[Listed, ...]:
        """The articles from a place in the list on, as many as are wanted; one that is damaged is left out."""
        rows = listing.rows[start : start + count].tolist()
        archive = self._index.archive
        articles = {(one.id, one.version): one for one in archive.whole_articles(map(listing.table.version_of, rows))}
        ids = [listing.passages[row] for row in rows if row in listing.passages]
        passages = archive.passages(ids)
        found = []
        for row in rows:
            if article := articles.get(listing.table.version_of(row)):
                passage = passages.get(listing.passages.get(row, -1))
                span = Span(passage.start, passage.end) if passage else Span(0, len(article.text))
                found.append(_listed(article, span, listing.words))
        return tuple(found)


def _ordered(rows: Integers, days: Integers, order: Order) -> Integers:
    """Undated articles come last by time; of one day, those that were added last come first."""
    match order:
        case Order.NEWEST:
            return rows[np.lexsort((-rows, np.where(days == UNDATED, 1, -days)))]
        case Order.OLDEST:
            return rows[np.lexsort((rows, np.where(days == UNDATED, np.iinfo(np.int64).max, days)))]
        case Order.RELEVANCE:
            return rows


def _listed(article: Article, passage: Span, words: SearchedWords) -> Listed:
    """The sentence of the passage with most of the words; the first one where no word is in the text."""
    text = article.text[passage.start : passage.end]
    sentences = [Span(passage.start + one.start, passage.start + one.end) for one in split_sentences(text)]
    found = [words.spans_in(article.text, one) for one in sentences]
    best = max(range(len(sentences)), key=lambda at: (_variety(article.text, found[at]), -at))
    return Listed(article, _without_dateline(article, sentences[best], found[best]), tuple(found[best]))


def _without_dateline(article: Article, sentence: Span, words: Sequence[Span]) -> Span:
    """The sentence without the dateline of its article, unless a word that was searched for stands in it."""
    if article.text[: sentence.start].strip():
        return sentence
    start = sentence.start + dateline_end(article.text[sentence.start : sentence.end])
    return sentence if any(one.start < start for one in words) else Span(start, sentence.end)


def _variety(text: str, spans: Sequence[Span]) -> int:
    return len({text[start:end].casefold() for start, end in spans})
