"""The vector index: a Chroma generation derived from the archive.

A generation is a list of segments. A segment is a Chroma folder (or a collection on a Chroma server) that is written
once, beside the others, checked, and from then on only read; a manifest, replaced atomically, lists the segments of the
generation. So neither a killed writer nor a second process can damage what is being searched (Chroma's local index is
not safe against either), and a new article costs only a small segment. Small segments are merged into larger ones
(O'Neil et al. 1996, the log-structured merge tree): each is at least twice as large as the next.

A damaged Chroma folder can crash the process that opens it. The manifest therefore has the checksum of every file of
a segment, taken after the segment was checked, and a segment whose files have changed is not opened.
"""

import contextlib
import logging
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.errors import ChromaServerError, IndexerError
from indexer.search.segments import OpenSegment, Segment, SegmentPlace
from indexer.storage.archive import Archive
from indexer.storage.checksums import read_signed, write_signed
from indexer.storage.rows import Integers, PassageRow, Vector

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

_DEAD_SHARE = 0.2  # of a segment's passages, before it is rebuilt without them


@dataclass(frozen=True, slots=True)
class Generation:
    """What the manifest says: one complete vector index, made with one model, in step with the archive's `sequence`."""

    model: str
    sequence: int = 0
    segments: tuple[Segment, ...] = ()


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
        self.reload()

    @property
    def damaged(self) -> tuple[Segment, ...]:
        """The segments of the generation that have changed since they were written; they are not searched."""
        return tuple(segment for segment in self.generation.segments if segment.folder not in self._open)

    @property
    def left_over(self) -> list[str]:
        """The segments that the manifest does not list: merged ones, and what a killed writer left."""
        return _unnamed(self._place)

    def reload(self) -> None:
        """Open what the manifest now names and is whole; a segment that is already open stays open."""
        with self._reloading:
            generation, opened = self._live_generation(), dict(self._open)
            self.trouble = ""
            try:
                self._open_all(generation, opened)
                while generation != (live := self._live_generation()):  # its segments may be gone
                    generation = live
                    self._open_all(generation, opened)
            except ChromaServerError as error:
                self.trouble = str(error)
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
        live = _read_manifest(self._place.manifest, self._model)
        # Lost, or embedded with another model: what is open is complete and still answers.
        return live if live.sequence or not self._open else self.generation

    def _open_all(self, generation: Generation, opened: dict[str, OpenSegment]) -> None:
        for segment in generation.segments:
            if segment.folder not in opened and (one := self._opened(segment)):
                opened[segment.folder] = one

    def _opened(self, segment: Segment) -> OpenSegment | None:
        """None when it is damaged, or when a writer has just deleted it."""
        from chromadb.errors import ChromaError

        try:
            return self._place.open(segment.folder) if self._place.is_whole(segment) else None
        except (OSError, ChromaError):
            return None

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

    def search(self, vector: Sequence[float], limit: int) -> list[tuple[int, float]]:
        """Passage ids with their cosine similarity to the vector, best first; ties in the order of their ids."""
        found: list[tuple[int, float]] = []
        with self._searching, self._place.asking():
            for segment in self.generation.segments:
                if segment.folder in self._open:
                    collection = self._open[segment.folder].collection
                    found.extend(_nearest(collection, vector, min(limit, segment.passages)))
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    @property
    def is_quick_to_compare(self) -> bool:
        """Whether every segment can be searched exactly, by its matrix."""
        return bool(self._open) and not self.damaged and all(one.matrix for one in self._open.values())

    def similarities(self, vector: Sequence[float], passage_ids: Integers) -> tuple[Integers, Vector]:
        """Those of the passages, ascending, that are in a matrix, with their cosine similarities to a unit vector."""
        wanted = np.asarray(vector, dtype=np.float32)
        matrices = [one.matrix for one in self._open.values() if one.matrix]
        found = [matrix.similarities(wanted, passage_ids) for matrix in matrices]
        if not found:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        ids, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return ids, scores

    def catch_up(self, archive: Archive, *, dead_share: float = _DEAD_SHARE) -> int:
        """Index what changed in the archive and rebuild damaged segments; returns the number of new passages.

        One process at a time. A segment is rebuilt without removed passages once more than `dead_share` are removed.
        Raises ChromaServerError.
        """
        if self.trouble:
            raise ChromaServerError(self.trouble)
        wanted = archive.sequence()
        if self.generation.sequence > wanted:  # the archive was restored from a backup
            self.generation = Generation(self._model)
        before = self.generation
        repaired = self._repaired(archive, dead_share)
        if before.sequence == wanted and repaired == before.segments:
            return 0
        new = archive.count_passages_between(before.sequence, wanted)
        kept, after = _unmerged(repaired, new)
        if new:
            kept += _build_segment(self._place, archive, self._model, after, wanted)
        self._swap(Generation(self._model, wanted, tuple(kept if new else repaired)), before)
        return new

    def _repaired(self, archive: Archive, dead_share: float) -> tuple[Segment, ...]:
        repaired: list[Segment] = []
        for segment in self.generation.segments:
            dead = segment.passages - archive.count_passages_between(segment.after, segment.through)
            if segment.folder in self._open and dead <= dead_share * segment.passages:
                repaired.append(segment)
            else:
                repaired += _build_segment(self._place, archive, self._model, segment.after, segment.through)
        return tuple(repaired)

    def _swap(self, generation: Generation, before: Generation) -> None:
        self._place.manifest.parent.mkdir(parents=True, exist_ok=True)
        write_signed(self._place.manifest, asdict(generation))
        self.reload()
        # A reader that has just read the old manifest still needs its segments.
        remove_unnamed(self._place, before)


def _close(segments: "Iterable[OpenSegment]") -> None:
    for segment in segments:
        segment.close()


def _nearest(collection: "Collection", vector: Sequence[float], limit: int) -> list[tuple[int, float]]:
    result = collection.query(
        query_embeddings=np.asarray(vector, dtype=np.float32), n_results=limit, include=["distances"]
    )
    distances = (result["distances"] or [[]])[0]
    return [(int(key), 1.0 - float(far)) for key, far in zip(result["ids"][0], distances, strict=True)]


def _unmerged(segments: Sequence[Segment], new: int) -> tuple[list[Segment], int]:
    """The segments that a new one of `new` passages leaves alone, and the sequence number at which it must begin."""
    kept = list(segments)
    size = new
    while kept and kept[-1].passages < 2 * size:
        size += kept.pop().passages
    return kept, kept[-1].through if kept else 0


def _build_segment(place: SegmentPlace, archive: Archive, model: str, after: int, through: int) -> list[Segment]:
    """A segment of the passages of a range; none when no passage of it is left."""
    rows = _with_vectors(archive, model, archive.passages_between(after, through))
    if not rows:
        return []
    name = f"segment-{through}-{uuid.uuid4().hex[:8]}"
    try:
        _write_segment(place, name, archive, model, rows)
        vectors = (_stored_vectors(archive, model, some) for some in _batches(place, rows))
        place.add_matrix(name, [row.passage_id for row in rows], vectors)
        segment = Segment(name, len(rows), after, through, place.signed(name))
        _check_segment(place, name, archive, model, rows)
    except BaseException:
        with contextlib.suppress(ChromaServerError):
            place.remove(name)
        raise
    return [segment]


def _with_vectors(archive: Archive, model: str, rows: Sequence[PassageRow]) -> Sequence[PassageRow]:
    """The passages whose vectors are stored and not damaged; the others are found by their words only."""
    found = archive.vectors(model, {row.text_hash for row in rows})
    return [row for row in rows if row.text_hash in found]


def _write_segment(place: SegmentPlace, name: str, archive: Archive, model: str, rows: Sequence[PassageRow]) -> None:
    with place.writing(name, len(rows)) as collection:
        for some in _batches(place, rows):
            _upsert(collection, archive, model, some)
        if len(rows) == 1:  # a single change would stay in Chroma's log
            _upsert(collection, archive, model, rows)


def _batches(place: SegmentPlace, rows: Sequence[PassageRow]) -> Iterator[Sequence[PassageRow]]:
    return (rows[first : first + place.batch] for first in range(0, len(rows), place.batch))


def _upsert(collection: "Collection", archive: Archive, model: str, rows: Sequence[PassageRow]) -> None:
    collection.upsert(ids=[str(row.passage_id) for row in rows], embeddings=_stored_vectors(archive, model, rows))


def _stored_vectors(archive: Archive, model: str, rows: Sequence[PassageRow]) -> Vector:
    vectors = archive.vectors(model, [row.text_hash for row in rows])
    return np.stack([vectors[row.text_hash] for row in rows])


def _check_segment(place: SegmentPlace, name: str, archive: Archive, model: str, rows: Sequence[PassageRow]) -> None:
    """Open it as a reader does; every vector must be in it, and half of the sampled ones must find themselves.

    Not all: a graph does not reach each of many vectors that are equally far from each other.
    """
    with closing(place.open(name)) as opened, place.asking():
        whole = all(_holds(opened.collection, archive, model, some) for some in _batches(place, rows))
        sample = _stored_vectors(archive, model, rows[:: max(1, len(rows) // 20)])
        found = sum(_finds(opened.collection, vector) for vector in sample)
    if not whole or found < 0.5 * len(sample):
        raise IndexerError(f"the new part {name} of the vector index is not whole; run the command again")


def _holds(collection: "Collection", archive: Archive, model: str, rows: Sequence[PassageRow]) -> bool:
    got = collection.get(ids=[str(row.passage_id) for row in rows], include=["embeddings"])
    if len(got["ids"]) != len(rows) or got["embeddings"] is None:
        return False
    order = np.argsort([int(key) for key in got["ids"]])
    wanted = _stored_vectors(archive, model, rows)
    wanted /= np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-12)
    written = np.asarray(got["embeddings"])[order]
    written /= np.maximum(np.linalg.norm(written, axis=1, keepdims=True), 1e-12)
    return bool(np.allclose(written, wanted, atol=1e-3))


def _finds(collection: "Collection", vector: Vector) -> bool:
    hits = _nearest(collection, vector.tolist(), 1)
    return bool(hits) and bool(np.isclose(hits[0][1], 1.0, atol=0.01))


def _read_manifest(path: Path, model: str) -> Generation:
    stored = read_signed(path)
    if stored is None or stored["model"] != model:
        return Generation(model)
    segments = (Segment(**one) for one in stored["segments"])
    return Generation(model, stored["sequence"], tuple(segments))


def is_in_step(place: SegmentPlace, archive: Archive, model: str) -> bool:
    """Whether nothing is to be done; asked without opening any segment, which takes a second."""
    generation = _read_manifest(place.manifest, model)
    return generation.sequence == archive.sequence() and all(map(place.is_whole, generation.segments))


def _unnamed(place: SegmentPlace, *also_kept: Generation) -> list[str]:
    stored = read_signed(place.manifest)
    named = {segment["folder"] for segment in stored["segments"]} if stored else set()
    named |= {segment.folder for generation in also_kept for segment in generation.segments}
    return [name for name in place.names() if name not in named]


def remove_unnamed(place: SegmentPlace, *also_kept: Generation) -> None:
    """Delete the segments that neither the manifest nor these generations name; for the writer."""
    for name in _unnamed(place, *also_kept):
        place.remove(name)
