"""The vectors of a segment in files, for exact search: int8 to find candidates, float16 to compare these exactly.

With a scope of a tenth of the passages Chroma would have to return ten times as many, and SQLite takes 20 us a vector;
a matrix takes a fraction of a microsecond. The archive stores float16 too, so nothing is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.storage.rows import Integers, Vector

_PASSAGE_IDS, _CODES, _SCALES, _EXACT = "passage-ids.i64", "codes.i8", "scales.f4", "vectors.f2"
_ROWS = 256  # compared at a time, so that they are still in the processor's caches
_LARGEST_CODE = 127
_SPARE = 64  # candidates beyond twice what is asked for; a code is off by half of 1/127 of the largest component


@dataclass(frozen=True, slots=True)
class Matrix:
    """Vectors mapped into memory: only those that are compared are read."""

    passage_ids: Integers  # ascending
    codes: npt.NDArray[np.int8]  # a row each; times its scale it is nearly the vector
    scales: Vector
    exact: npt.NDArray[np.float16]

    @classmethod
    def write(cls, folder: Path, batches: Iterable[tuple[Sequence[int], Vector]]) -> Integers:
        """Write batches of passage ids, ascending, and their vectors; returns all of the ids."""
        folder.mkdir(parents=True, exist_ok=True)
        ids: list[int] = []
        # Writing through a map on a full disk would kill the process.
        paths = (folder / name for name in (_CODES, _SCALES, _EXACT))
        codes_file, scales_file, exact_file = (path.open("wb") for path in paths)
        with codes_file, scales_file, exact_file:
            for some, vectors in batches:
                ids += some
                codes, scales = _coded(vectors)
                codes_file.write(codes.tobytes())
                scales_file.write(scales.tobytes())
                exact_file.write(np.asarray(vectors, dtype="<f2").tobytes())
        written = np.array(ids, dtype="<i8")
        (folder / _PASSAGE_IDS).write_bytes(written.tobytes())
        return written

    @classmethod
    def open(cls, folder: Path) -> "Matrix":
        """The matrix in a folder whose files are whole."""
        passage_ids, scales = read_passage_ids(folder), np.fromfile(folder / _SCALES, dtype="<f4")
        codes = np.memmap(folder / _CODES, dtype=np.int8, mode="r")
        exact = np.memmap(folder / _EXACT, dtype="<f2", mode="r")
        shape = (len(passage_ids), -1)
        return cls(passage_ids, np.asarray(codes).reshape(shape), scales, np.asarray(exact).reshape(shape))

    def rows_of(self, passage_ids: Integers) -> Integers:
        """The rows of those of the passages, ascending, that are in the matrix."""
        rows = np.searchsorted(self.passage_ids, passage_ids)
        rows[rows == len(self.passage_ids)] = 0
        found: Integers = rows[self.passage_ids[rows] == passage_ids]
        return found

    def nearest(self, vector: Vector, limit: int, rows: Integers | None = None) -> tuple[Integers, Vector]:
        """The `limit` passages nearest to a unit vector, in no order, of all or of these rows; exact similarities."""
        count = len(self.passage_ids) if rows is None else len(rows)
        candidates = 2 * limit + _SPARE
        if count > candidates:
            near = np.argpartition(self._approximate(vector, rows, count), -candidates)[-candidates:]
            rows = near if rows is None else rows[near]
        scores = self._exact_scores(vector, np.arange(count) if rows is None else rows)
        best = largest(scores, limit)
        return self.passage_ids[best if rows is None else rows[best]], scores[best]

    def similarities(self, vector: Vector, passage_ids: Integers) -> tuple[Integers, Vector]:
        """Those of the passages, ascending, that are in the matrix, with the similarity of each to the vector."""
        rows = self.rows_of(passage_ids)
        return self.passage_ids[rows], self._exact_scores(vector, rows)

    def _approximate(self, vector: Vector, rows: Integers | None, count: int) -> Vector:
        scores = np.empty(count, dtype=np.float32)
        for first in range(0, count, _ROWS):
            some = slice(first, first + _ROWS) if rows is None else rows[first : first + _ROWS]
            scores[first : first + _ROWS] = self.codes[some].astype(np.float32) @ vector * self.scales[some]
        return scores

    def _exact_scores(self, vector: Vector, rows: Integers) -> Vector:
        parts = [
            self.exact[rows[first : first + _ROWS]].astype(np.float32) @ vector for first in range(0, len(rows), _ROWS)
        ]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)


def largest(scores: Vector, limit: int) -> Integers:
    """Where the `limit` largest scores are, with all that equal the last of them."""
    if len(scores) <= limit:
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(scores, -limit)[-limit])


def read_passage_ids(folder: Path) -> Integers:
    """The passages of a segment in this folder, ascending."""
    return np.fromfile(folder / _PASSAGE_IDS, dtype="<i8")


def _coded(vectors: Vector) -> tuple[npt.NDArray[np.int8], Vector]:
    scales = np.abs(vectors).max(axis=1) / _LARGEST_CODE
    codes = np.rint(vectors / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    return codes, scales.astype("<f4")
