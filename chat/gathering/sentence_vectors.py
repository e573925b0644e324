"""Vectors of sentences and questions, kept in memory so that each is embedded once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from chat.gathering.retrieval import question_vector
from chat.understanding.question import Question
from indexer.storage.passage import text_hash
from indexer.storage.rows import Vector

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_SENTENCES_KEPT = 20_000  # about 30 MB
_QUESTIONS_KEPT = 100  # about 1.5 MB


class SentenceVectors:
    """Unit vectors of sentences and of questions."""

    def __init__(self, embedding: "BaseEmbedding") -> None:
        self._embedding = embedding
        self._kept: dict[bytes, Vector] = {}
        self._of_questions: dict[tuple[str, object], list[float]] = {}

    def of(self, texts: Sequence[str]) -> Vector:
        """One row a text; float32."""
        digests = [text_hash(text) for text in texts]
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._kept}
        rows = {digest: self._kept[digest] for digest in digests if digest in self._kept}
        if missing:
            embedded = self._embedded(missing)
            rows.update(embedded)
            self._keep(embedded)
        return np.stack([rows[digest] for digest in digests])

    def _embedded(self, texts: Mapping[bytes, str]) -> dict[bytes, Vector]:
        # A batch takes as long as its longest text, so texts of similar length go together.
        order = sorted(texts, key=lambda digest: len(texts[digest]))
        rows = np.asarray(
            self._embedding.get_text_embedding_batch([texts[digest] for digest in order]), dtype=np.float32
        )
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return dict(zip(order, rows, strict=True))

    def of_question(self, question: Question) -> list[float]:
        """The vector of a question, with what it follows in the conversation."""
        key = (question.search_text, question.follows)
        if key not in self._of_questions:
            if len(self._of_questions) >= _QUESTIONS_KEPT:
                self._of_questions.clear()
            self._of_questions[key] = question_vector(question, self._embedding)
        return self._of_questions[key]

    def _keep(self, embedded: Mapping[bytes, Vector]) -> None:
        if len(self._kept) + len(embedded) > _SENTENCES_KEPT:
            self._kept.clear()
        self._kept.update(embedded)
