"""The vector index, opened for searching: the segments of a generation, each searched where a question touches it."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import numpy as np

from indexer.errors import ChromaServerError
from indexer.search.building import nearest_in_graph, unnamed
from indexer.search.generation import Generation, Segment, read_generation
from indexer.search.matrix import Matrix, largest
from indexer.search.scope import Years
from indexer.search.segments import OpenSegment, SegmentPlace
from indexer.storage.rows import Integers, Vector

_AGAIN_S = 1.0  # after which a server that was away is asked again

Given = TypeVar("Given")
Result = TypeVar("Result")
Found = tuple[Integers, Vector]  # ids of passages and their similarities


class VectorIndex:
    """The segments of a generation, opened for searching."""

    def __init__(self, place: SegmentPlace, model: str) -> None:
        """Open the live generation in `place` that was made with the model of this fingerprint, or an empty one."""
        self._place = place
        self._model = model
        self._searching = threading.Lock()
        self._reloading = threading.Lock()
        self._open: dict[str, OpenSegment] = {}
        self.generation = Generation(model)
        self.trouble = ""  # why the place does not answer at the moment
        self._tried_at = 0.0
        self._seen: tuple[int, int] | None = None  # the manifest, when it was last read
        self.reload()

    @property
    def damaged(self) -> tuple[Segment, ...]:
        """The segments of the generation that have changed since they were written; they are not searched."""
        return tuple(segment for segment in self.generation.segments if segment.folder not in self._open)

    @property
    def left_over(self) -> list[str]:
        """The segments that the manifest does not list: merged ones, and what a killed writer left."""
        return unnamed(self._place)

    def passages_to_open(self) -> int:
        """How many passages the segments have that a reload would open."""
        segments = self._live_generation().segments
        return sum(segment.passages for segment in segments if segment.folder not in self._open)

    @property
    def is_replaced(self) -> bool:
        """Whether the manifest was written since it was last read."""
        return self._manifest_state() != self._seen

    def _manifest_state(self) -> tuple[int, int] | None:
        try:
            state = self._place.manifest.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_ino

    def reload(self) -> None:
        """Open what the manifest now names and is whole; a segment that is already open stays open."""
        with self._reloading:
            self._seen = self._manifest_state()
            generation, opened = self._live_generation(), dict(self._open)
            self.trouble = ""
            try:
                self._open_all(generation, opened)
                while generation != (live := self._live_generation()):  # its segments may be gone
                    generation = live
                    self._open_all(generation, opened)
            except ChromaServerError as error:
                self.trouble, self._tried_at = str(error), time.monotonic()
            named = {segment.folder for segment in generation.segments}
            with self._searching:
                self._open = {name: one for name, one in opened.items() if name in named}
                self.generation = generation
                _close(one for name, one in opened.items() if name not in named)
        if self.damaged:
            names = ", ".join(segment.folder for segment in self.damaged)
            why = self.trouble or f"damaged parts of the vector index are not searched: {names}"
            logging.getLogger(__name__).warning("%s", why)

    def _live_generation(self) -> Generation:
        live = read_generation(self._place.manifest, self._model)
        # Lost, or embedded with another model: what is open is complete and still answers.
        return live if live.sequence or not self._open else self.generation

    def _open_all(self, generation: Generation, opened: dict[str, OpenSegment]) -> None:
        """Without those that are damaged, or that a writer has just deleted; files are read in several threads."""
        missing = [one for one in generation.segments if one.folder not in opened]
        with ThreadPoolExecutor(self._place.checked_at_once) as pool:
            are_whole = pool.map(partial(_or_nothing, self._place.is_whole), missing)
            for segment, is_whole in zip(missing, are_whole, strict=True):
                if is_whole and (one := _or_nothing(self._place.open, segment.folder)):
                    opened[segment.folder] = one

    def close(self) -> None:
        """Close every segment and the place where they lie."""
        with self._searching:
            _close(self._open.values())
            self._open = {}
            self._place.close()

    def forget_connections(self, why: str) -> None:
        """Treat every segment as closed, so that the next reload opens all of them again."""
        with self._searching:
            self._open = {}
            self.trouble = why

    def is_away(self) -> bool:
        """Whether the server was asked a moment ago and did not answer: no reader should wait for it again so soon."""
        return bool(self.trouble) and time.monotonic() < self._tried_at + _AGAIN_S

    def passages_in(self, years: Years) -> int:
        """How many passages the segments have that these years touch."""
        return sum(segment.passages for segment in self._touched(years))

    def search(self, vector: Sequence[float], limit: int, years: Years = Years()) -> list[tuple[int, float]]:
        """Passage ids with their cosine similarity to the vector, best first; ties in the order of their ids.

        Only segments with passages of these years are searched. Raises ChromaServerError.
        """
        found: list[tuple[int, float]] = []
        wanted = np.asarray(vector, dtype=np.float32)
        with self._searching, self._place.asking():
            for segment in self._touched(years):
                opened = self._open[segment.folder]
                if opened.collection:
                    found += nearest_in_graph(opened.collection, wanted, min(limit, segment.passages))
                elif opened.matrix:
                    found += _pairs(opened.matrix.nearest(wanted, limit))
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def nearest_of(self, vector: Sequence[float], passage_ids: Integers, limit: int, years: Years) -> tuple[Found, int]:
        """The nearest of these passages, ascending, by exact comparison; and how many of them are in a matrix."""
        wanted, found, known = np.asarray(vector, dtype=np.float32), [], 0
        for matrix in self._matrices(years):
            rows = matrix.rows_of(passage_ids)
            known += len(rows)
            found.append(matrix.nearest(wanted, limit, rows))
        return _joined(found), known

    def similarities(self, vector: Sequence[float], passage_ids: Integers) -> Found:
        """Those of the passages, ascending, that are in a matrix, with their cosine similarities to a unit vector."""
        wanted = np.asarray(vector, dtype=np.float32)
        return _joined([matrix.similarities(wanted, passage_ids) for matrix in self._matrices(Years())])

    @property
    def is_quick_to_compare(self) -> bool:
        """Whether every segment can be searched exactly, by its matrix."""
        return bool(self._open) and not self.damaged and all(one.matrix for one in self._open.values())

    def _touched(self, years: Years) -> list[Segment]:
        return [
            segment
            for segment in self.generation.segments
            if segment.folder in self._open and years.touch(segment.numbers_of_years)
        ]

    def _matrices(self, years: Years) -> list[Matrix]:
        opened = self._open
        return [
            matrix
            for segment in self.generation.segments
            if (one := opened.get(segment.folder)) and (matrix := one.matrix) and years.touch(segment.numbers_of_years)
        ]


def best_of(found: Found, limit: int) -> list[tuple[int, float]]:
    """The most similar passages, best first; ties in the order of their ids."""
    ids, scores = found
    near = largest(scores, limit)  # sorting all would take as long as comparing them
    ids, scores = ids[near], scores[near]
    return [(int(ids[at]), float(scores[at])) for at in np.lexsort((ids, -scores))[:limit]]


def _pairs(found: Found) -> list[tuple[int, float]]:
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def _joined(found: Sequence[Found]) -> Found:
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    ids, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return ids, scores


def _or_nothing(work: Callable[[Given], Result], given: Given) -> Result | None:
    """None for files that are missing or that Chroma cannot read."""
    try:
        return work(given)
    except OSError:
        return None
    except Exception as error:
        from chromadb.errors import ChromaError

        if not isinstance(error, ChromaError):
            raise
        return None


def _close(segments: Iterable[OpenSegment]) -> None:
    for segment in segments:
        segment.close()
