"""Cards: the cited articles, each once, with the evidence that was taken from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from chat.answer import Evidence, Sentence
from chat.publishing.links import address_of_words
from corpus.article import Article
from indexer.storage.syndication import SyndicatedCopies


@dataclass(frozen=True, slots=True)
class Card:
    """One version of an article and its evidence, in the order of the numbers."""

    article: Article
    evidence: tuple[Evidence, ...]

    @property
    def copies(self) -> SyndicatedCopies:
        """The syndicated copies of the article."""
        return self.evidence[0].copies

    @property
    def original(self) -> str | None:
        """The article's own address, pointing at the quoted words; None when it is not http(s)."""
        return address_of_words(self.article.url, (item.text for item in self.evidence))


def cited(sentences: Iterable[Sentence]) -> tuple[Evidence, ...]:
    """The evidence that the sentences cite, each once, by number."""
    found = {evidence.number: evidence for sentence in sentences for evidence in sentence.citations}
    return tuple(found[number] for number in sorted(found))


def cards(evidence: Iterable[Evidence]) -> tuple[Card, ...]:
    """One card for each article, in the order in which the articles first appear."""
    grouped: dict[tuple[str, int], list[Evidence]] = {}
    for item in evidence:
        grouped.setdefault((item.article.id, item.article.version), []).append(item)
    return tuple(Card(items[0].article, tuple(items)) for items in grouped.values())
