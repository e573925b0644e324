"""The vectors of a segment as a matrix in a file, for exact search among the passages of a scope.

With a scope of a tenth of the passages Chroma would have to return ten times as many, and SQLite takes 20 us a vector;
a matrix takes 0.4 us. It is float32 because numpy takes four times as long to read float16.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.storage.rows import Integers, Vector

_PASSAGE_IDS, _VECTORS = "passage-ids.i64", "vectors.f32"
_ROWS = 256  # compared at a time, so that the gathered rows are still in the processor's caches


@dataclass(frozen=True, slots=True)
class Matrix:
    """Vectors mapped into memory: only those that are compared are read."""

    passage_ids: Integers  # ascending
    vectors: Vector  # a row each

    @classmethod
    def write(cls, folder: Path, passage_ids: Sequence[int], vectors: Iterable[Vector]) -> None:
        """Write the vectors of these passages, ascending, some rows at a time."""
        (folder / _PASSAGE_IDS).write_bytes(np.asarray(passage_ids, dtype="<i8").tobytes())
        with (folder / _VECTORS).open("wb") as file:  # writing through a map on a full disk would kill the process
            for some in vectors:
                file.write(np.asarray(some, dtype="<f4").tobytes())

    @classmethod
    def open(cls, folder: Path) -> "Matrix | None":
        """None for a segment of an older Dateline, which has no matrix."""
        if not (folder / _PASSAGE_IDS).is_file():
            return None
        passage_ids = np.fromfile(folder / _PASSAGE_IDS, dtype="<i8")
        vectors = np.memmap(folder / _VECTORS, dtype="<f4", mode="r")
        return cls(passage_ids, np.asarray(vectors).reshape(len(passage_ids), -1))

    def similarities(self, vector: Vector, passage_ids: Integers) -> tuple[Integers, Vector]:
        """The passages that are in the matrix, and the similarity of each to the vector."""
        rows = np.searchsorted(self.passage_ids, passage_ids)
        rows[rows == len(self.passage_ids)] = 0
        rows = rows[self.passage_ids[rows] == passage_ids]
        parts = [self.vectors[rows[first : first + _ROWS]] @ vector for first in range(0, len(rows), _ROWS)]
        return self.passage_ids[rows], np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)
