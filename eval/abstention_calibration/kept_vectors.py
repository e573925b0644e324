"""Vectors of sentences and questions, kept in a file between runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chat.gathering.sentence_vectors import SentenceVectors
from chat.understanding.question import Question
from indexer.storage.passage import text_hash
from indexer.storage.rows import Vector

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding


class KeptVectors(SentenceVectors):
    """Every vector requested so far; a file belongs to one embedding model."""

    def __init__(self, embedding: "BaseEmbedding", file: Path | None) -> None:
        super().__init__(embedding)
        self._file = file
        if file and file.exists():
            with np.load(file) as kept:
                self._kept = dict(zip((row.tobytes() for row in kept["hashes"]), kept["vectors"], strict=True))

    def of_question(self, question: Question) -> list[float]:
        """The vector of a question."""
        key = text_hash(repr((question.search_text, question.follows)))
        if key not in self._kept:
            self._kept[key] = np.asarray(super().of_question(question), dtype=np.float32)
        return list(map(float, self._kept[key]))

    def save(self) -> None:
        """Write the file, if there is one."""
        if self._file and self._kept:
            hashes = np.stack([np.frombuffer(key, dtype=np.uint8) for key in self._kept])
            np.savez(self._file, hashes=hashes, vectors=np.stack(list(self._kept.values())))

    def _keep(self, embedded: Mapping[bytes, Vector]) -> None:
        self._kept.update(embedded)
