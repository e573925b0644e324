"""Candidates: the sentences of the passages found, which may become evidence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from chat.english.days import blank_days
from chat.gathering.retrieval import Hit
from corpus.article import Article
from corpus.sentences import Span, paragraph_at, split_sentences
from indexer.storage.archive import Archive

_DATELINE_CHARACTERS = 40
_PRONOUN = re.compile(
    r"[\"“'‘(]*(?:he|she|they|it|his|her|their|its|that|this|these|those|there|both|the (?:two|latter|former|pair))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may become evidence."""

    article: Article
    span: Span
    before: str  # the sentence before it in its article; empty for the first
    passage: float = 0.0  # the score of its best passage, as a share of the best score of all

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.span.start : self.span.end]

    @property
    def opens_with_pronoun(self) -> bool:
        """Whether the sentence refers to the one before."""
        return _PRONOUN.match(self.text) is not None

    def with_antecedent(self) -> Span:
        """The sentence, with the one before when it opens with a pronoun and both are in one paragraph."""
        if not self.opens_with_pronoun:
            return self.span
        paragraph = paragraph_at(self.article.text, self.span.start).start
        earlier = split_sentences(self.article.text[paragraph : self.span.start])
        return Span(paragraph + earlier[-1].start, self.span.end) if earlier else self.span


def candidates_of(hits: Sequence[Hit], passages: int, archive: Archive) -> list[Candidate]:
    """The sentences of the best passages and the ones on either side, each once, with its best passage's score.

    A question ("How high will gas prices get?") states nothing: it is a candidate only where there is no other.
    """
    chosen = _first_passages(hits, passages)
    best = max((hit.score for hit in chosen), default=1.0) or 1.0
    versions = dict.fromkeys((hit.passage.article_id, hit.passage.version) for hit in chosen)
    articles = {version: archive.article(*version) for version in versions}
    candidates: dict[tuple[str, int, Span], Candidate] = {}
    for hit in chosen:
        version = (hit.passage.article_id, hit.passage.version)
        article = articles[version]
        for before, span in _in_reach(hit, split_sentences(article.text)):
            if not _is_dateline(article.text[span.start : span.end]):
                previous = article.text[before.start : before.end] if before else ""
                candidates.setdefault((*version, span), Candidate(article, span, previous, hit.score / best))
    found = list(candidates.values())
    return [one for one in found if not one.text.endswith("?")] or found


def _first_passages(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """The best hits until they have so many passages: each of their sentences may have to be embedded."""
    totals = accumulate(len(hit.passages) for hit in hits)
    return [hit for hit, total in zip(hits, totals, strict=True) if total - len(hit.passages) < limit]


def _in_reach(hit: Hit, spans: Sequence[Span]) -> Iterator[tuple[Span | None, Span]]:
    """A passage's sentences and one more on either side, which a passage may cut; each with the one before."""
    inside = [at for at, span in enumerate(spans) if span.end > hit.start and span.start < hit.end]
    for at in range(max(0, inside[0] - 1), min(len(spans), inside[-1] + 2)) if inside else ():
        yield (spans[at - 1] if at else None), spans[at]


def _is_dateline(text: str) -> bool:
    """Whether a sentence is a date and nothing else, as many pages have it above the story."""
    return len(text) <= _DATELINE_CHARACTERS and not any(map(str.isalnum, blank_days(text)))
