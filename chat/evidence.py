"""From passages to numbered evidence: the few sentences that bear on a question."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chat.answer import Evidence
from chat.question import Question
from chat.retrieval import Hit, question_vector
from corpus.article import Article
from corpus.sentences import Span, split_sentences
from indexer.archive import Archive, Vector
from indexer.keywords import KeywordIndex
from indexer.passage import text_hash

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_LEANING = re.compile(
    r"[\"“'‘(]*(?:he|she|they|it|his|her|their|its|that|this|these|those|there|both|the (?:two|latter|former|pair))\b",
    re.IGNORECASE,
)
_KEPT_VECTORS = 20_000  # sentences; some 30 MB


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """How evidence is chosen; the weights are for the sum by which sentences are ranked."""

    passages: int = 8
    compared: int = 24  # sentences whose vectors are compared; the others have too few of the question's words
    sentences: int = 6
    similarity_weight: float = 1.0
    overlap_weight: float = 1.0
    passage_weight: float = 0.3
    same: float = 0.92  # two sentences this similar say the same


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may become evidence, and what speaks for it."""

    article: Article
    span: Span
    overlap: float  # share of the question's words, weighed by rarity, that it or its title holds
    passage: float  # how its passage was ranked: 1 for the best
    similarity: float = 0.0  # cosine to the question
    score: float = 0.0

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.span.start : self.span.end]


class SentenceVectors:
    """Unit vectors of sentences, kept in memory so that a sentence is embedded once."""

    def __init__(self, embedding: "BaseEmbedding") -> None:
        self._embedding = embedding
        self._held: dict[bytes, Vector] = {}

    def of(self, texts: Sequence[str]) -> Vector:
        """One row a text; float32."""
        digests = [text_hash(text) for text in texts]
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._held}
        rows = {digest: self._held[digest] for digest in digests if digest in self._held}
        if missing:
            made = np.asarray(self._embedding.get_text_embedding_batch(list(missing.values())), dtype=np.float32)
            made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)
            rows.update(zip(missing, made, strict=True))
            self._keep(dict(zip(missing, made, strict=True)))
        return np.stack([rows[digest] for digest in digests])

    def of_question(self, question: Question) -> Vector:
        """The direction of a question; float32."""
        return np.asarray(question_vector(question, self._embedding), dtype=np.float32)

    def _keep(self, made: Mapping[bytes, Vector]) -> None:
        if len(self._held) + len(made) > _KEPT_VECTORS:
            self._held.clear()
        self._held.update(made)


def gather_evidence(
    question: Question,
    hits: Sequence[Hit],
    archive: Archive,
    keywords: KeywordIndex,
    vectors: SentenceVectors,
    settings: EvidenceSettings = EvidenceSettings(),
) -> tuple[Evidence, ...]:
    """The sentences of the best passages that bear most on the question, best first, numbered from 1."""
    wanted = wanted_words(question, keywords)
    candidates = list(_candidates(hits[: settings.passages], archive, keywords, wanted))
    candidates.sort(key=lambda one: (-(one.overlap + settings.passage_weight * one.passage), one.span))
    scored = _scored(question, candidates[: settings.compared], vectors, settings)
    chosen = _without_repeats(scored, vectors, settings)[: settings.sentences]
    return tuple(
        Evidence(number, one.article, *_leaning_on_the_one_before(one), one.score)
        for number, one in enumerate(chosen, start=1)
    )


def wanted_words(question: Question, keywords: KeywordIndex) -> dict[str, float]:
    """The words that are searched for, weighed by how rare each is in the archive (inverse passage frequency)."""
    wanted = {term: rarity(term, keywords) for term in keywords.terms(question.search_text)}
    for earlier in question.follows:
        for term in keywords.terms(earlier.text):
            wanted.setdefault(term, earlier.weight * rarity(term, keywords))
    return wanted


def rarity(term: str, keywords: KeywordIndex) -> float:
    """The rarer a word, the more it says of what is asked (Robertson & Sparck Jones 1976); natural logarithm."""
    return math.log(1.0 + keywords.passages / (1.0 + keywords.frequency(term)))


def _candidates(
    hits: Sequence[Hit], archive: Archive, keywords: KeywordIndex, wanted: Mapping[str, float]
) -> Iterable[Candidate]:
    articles: dict[tuple[str, int], Article] = {}
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    for hit in hits:
        key = (hit.passage.article_id, hit.passage.version)
        if key not in articles:
            articles[key] = archive.article(*key)
        article = articles[key]
        in_title = set(keywords.terms(article.title))
        for span in split_sentences(hit.passage.text):
            whole = Span(hit.passage.start + span.start, hit.passage.start + span.end)
            terms = set(keywords.terms(article.text[whole.start : whole.end]))
            yield Candidate(article, whole, _overlap(wanted, terms, in_title), hit.score / best)


def _overlap(wanted: Mapping[str, float], terms: set[str], in_title: set[str]) -> float:
    """Words of the title count half: a sentence speaks of its article's subject without naming it."""
    total = sum(wanted.values()) or 1.0
    found = sum(
        rarity * (1.0 if term in terms else 0.5 if term in in_title else 0.0) for term, rarity in wanted.items()
    )
    return found / total


def _scored(
    question: Question, candidates: Sequence[Candidate], vectors: SentenceVectors, settings: EvidenceSettings
) -> list[Candidate]:
    if not candidates:
        return []
    similarities = vectors.of([one.text for one in candidates]) @ vectors.of_question(question)
    scored = [
        Candidate(
            one.article,
            one.span,
            one.overlap,
            one.passage,
            float(similarity),
            settings.similarity_weight * float(similarity)
            + settings.overlap_weight * one.overlap
            + settings.passage_weight * one.passage,
        )
        for one, similarity in zip(candidates, similarities, strict=True)
    ]
    return sorted(scored, key=lambda one: (-one.score, one.article.id, one.span))


def _without_repeats(
    scored: Sequence[Candidate], vectors: SentenceVectors, settings: EvidenceSettings
) -> list[Candidate]:
    """Drop sentences that say what a better one says: wire copy counts as one voice."""
    if not scored:
        return []
    rows = vectors.of([one.text for one in scored])
    kept: list[int] = []
    for at in range(len(scored)):
        if not kept or float(np.max(rows[kept] @ rows[at])) < settings.same:
            kept.append(at)
    return [scored[at] for at in kept]


def _leaning_on_the_one_before(candidate: Candidate) -> Span:
    """A sentence that begins with a pronoun brings along the sentence before, when it is in the same paragraph."""
    if not _LEANING.match(candidate.text):
        return candidate.span
    before = candidate.article.text[: candidate.span.start].rstrip(" ")
    paragraph = before.rfind("\n\n") + 2 if "\n\n" in before else 0
    earlier = split_sentences(before[paragraph:])
    if not earlier:
        return candidate.span
    return Span(paragraph + earlier[-1].start, candidate.span.end)
