"""From passages to numbered evidence: the few sentences that answer a question best."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from chat.answer import Evidence
from chat.gathering.agreement import agreement
from chat.gathering.candidates import Candidate, candidates_of
from chat.gathering.features import Features, features_of, with_vectors
from chat.gathering.retrieval import Hit
from chat.gathering.sentence_vectors import SentenceVectors
from chat.understanding.question import Question
from corpus.sentences import split_sentences
from corpus.signatures import prints
from indexer.search.keywords import KeywordIndex
from indexer.storage.archive import Archive
from indexer.storage.syndication import SyndicatedCopies


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """How evidence is chosen, with a weight for each of `Features`.

    The weights lie between what `python -m eval.evidence_choice` learns on encyclopaedia paragraphs and what news
    needs, where articles compete and questions use other words: more for similarity and for context.
    """

    passages: int = 8
    compared: int = 32  # sentences whose vectors are compared; the others have too few of the question's words
    sentences: int = 6
    similarity: float = 0.14
    distinct: float = 0.20
    rare_words: float = 0.30
    all_words: float = 0.16
    context: float = 0.26
    answer_type: float = 0.13
    noun: float = 0.09
    pronoun: float = 0.08
    following: float = 0.05
    replies: float = 0.30  # not learnt: encyclopaedia paragraphs contain no questions
    passage: float = 0.30  # not learnt: it is the same for all sentences of a single paragraph
    agreed: float = 0.25  # not learnt, as `passage`
    same: float = 0.92  # two sentences this similar say the same


class Scored(NamedTuple):
    """A candidate with its features and their weighted sum."""

    candidate: Candidate
    features: Features
    score: float


def gather_evidence(
    question: Question,
    hits: Sequence[Hit],
    archive: Archive,
    keywords: KeywordIndex,
    vectors: SentenceVectors,
    settings: EvidenceSettings = EvidenceSettings(),
) -> tuple[Evidence, ...]:
    """The sentences of the best passages that answer the question best, best first, numbered from 1."""
    candidates = candidates_of(hits, settings.passages, archive)
    by_words = _best_first(candidates, features_of(question, candidates, keywords), settings)[: settings.compared]
    chosen = _without_repeats(_compared(question, by_words, vectors, settings), vectors, settings)
    best = {hit.passage.article_id: hit for hit in reversed(hits)}
    return tuple(
        _numbered(number, one, best[one.candidate.article.id], archive)
        for number, one in enumerate(chosen[: settings.sentences], start=1)
    )


def score_of(features: Features, settings: EvidenceSettings) -> float:
    """The weighted sum."""
    return float(sum(value * getattr(settings, name) for name, value in features._asdict().items()))


def _compared(
    question: Question, scored: Sequence[Scored], vectors: SentenceVectors, settings: EvidenceSettings
) -> list[Scored]:
    """The candidates with their similarity to the question and their agreement, best first."""
    if not scored:
        return []
    candidates = [one.candidate for one in scored]
    asked = np.asarray(vectors.of_question(question), np.float32)
    rows = vectors.of([one.text for one in candidates])
    similar = with_vectors(candidates, [one.features for one in scored], rows, asked)
    shares = agreement(
        question,
        [(one.article.id, one.text) for one in candidates],
        [score_of(features, settings) for features in similar],
    )
    complete = [features._replace(agreed=share) for features, share in zip(similar, shares, strict=True)]
    return _best_first(candidates, complete, settings)


def _best_first(
    candidates: Sequence[Candidate], features: Sequence[Features], settings: EvidenceSettings
) -> list[Scored]:
    scored = [Scored(one, known, score_of(known, settings)) for one, known in zip(candidates, features, strict=True)]
    return sorted(scored, key=lambda one: (-one.score, one.candidate.article.id, one.candidate.span))


def _without_repeats(scored: Sequence[Scored], vectors: SentenceVectors, settings: EvidenceSettings) -> list[Scored]:
    """The sentences that say something which no better one says; a syndicated story counts once."""
    if not scored:
        return []
    rows = vectors.of([one.candidate.text for one in scored])
    kept: list[int] = []
    for at in range(len(scored)):
        if not kept or float(np.max(rows[kept] @ rows[at])) < settings.same:
            kept.append(at)
    return [scored[at] for at in kept]


def _numbered(number: int, scored: Scored, hit: Hit, archive: Archive) -> Evidence:
    article, span = scored.candidate.article, scored.candidate.with_antecedent()
    copies = _printing(article.text[span.start : span.end], hit.copies, archive)
    return Evidence(number, article, span.start, span.end, scored.score, retrieved=hit.score, copies=copies)


def _printing(said: str, copies: SyndicatedCopies, archive: Archive) -> SyndicatedCopies:
    """The syndicated copies that have these words: a paper cuts what it prints; unlisted copies are not looked into."""
    if not copies:
        return copies
    texts = archive.whole_articles([(one.article_id, one.version) for one in copies.listed])
    sentences = [said[span.start : span.end] for span in split_sentences(said)]
    having = {(one.id, one.version) for one in texts if all(prints(one.text, each) for each in sentences)}
    listed = tuple(one for one in copies.listed if (one.article_id, one.version) in having)
    return SyndicatedCopies(listed, copies.more if len(listed) == len(copies.listed) else 0)
