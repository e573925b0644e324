"""Search for articles as a reader looks through them: by their words or, where none has these, by their meaning."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from chat.gathering.asking import question_to
from chat.understanding.typed_text import typed_question
from indexer.search.article_table import EVERY_ARTICLE, ArticleFilter
from indexer.search.listing import Listing, Lists, Order

if TYPE_CHECKING:
    from chat.gathering.search import EvidenceSearch

_NEAREST = 40  # passages
_WORDS_WITH_MEANING = 2  # the meaning of one word that no article has is no guide


@dataclass(frozen=True, slots=True)
class Found:
    """A list of articles, and whether their words or their meaning was searched."""

    listing: Listing
    by_meaning: bool = False


class ArticleSearch:
    """Lists the articles of one archive; any number of readers may share it."""

    def __init__(self, search: "EvidenceSearch") -> None:
        self._search = search
        self.lists = Lists(search.index)

    def find(self, text: str, wanted: ArticleFilter = EVERY_ARTICLE, order: Order = Order.RELEVANCE) -> Found:
        """The articles with all these words or, where there is none, those nearest in meaning."""
        listing = self.lists.find(text, wanted, order)
        if listing.matched or listing.words.count < _WORDS_WITH_MEANING:
            return Found(listing)
        question = question_to(self._search.index.table, typed_question(text), as_of=datetime.now(UTC))
        hits = self._search.hits(question, _NEAREST)
        passages = np.array([hit.passage.id for hit in hits], dtype=np.int64)
        return Found(self.lists.of_passages(listing.words, passages, wanted, order), by_meaning=True)
