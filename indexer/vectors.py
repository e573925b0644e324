"""The vector index: a Chroma generation derived from the archive.

A generation is a list of segments. A segment is a Chroma folder that is written once, beside the others, checked, and
from then on only read; a manifest, replaced atomically, says which segments make the generation. So neither a killed
writer nor a second process can hurt what is being searched (Chroma's local index is not safe against either), and a new
article costs only a small segment. Small segments are merged into larger ones as they come (O'Neil et al. 1996, the
log-structured merge tree): each is at least twice as large as the next.
"""

import json
import os
import shutil
import threading
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.archive import Archive, PassageRow, Vector
from indexer.errors import IndexerError

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_MANIFEST = "generation.json"
_CONFIGURATION: "CreateCollectionConfiguration" = {
    "hnsw": {"space": "cosine", "ef_construction": 128, "ef_search": 128, "max_neighbors": 24}
}
_BATCH = 5_000  # Chroma takes at most 5,461 at a time


@dataclass(frozen=True, slots=True)
class Segment:
    """One Chroma folder: the passages that came with the changes after `after` and through `through`."""

    folder: str
    passages: int
    after: int
    through: int


@dataclass(frozen=True, slots=True)
class Generation:
    """What the manifest says: one complete vector index, made with one model."""

    model: str
    segments: tuple[Segment, ...] = ()

    @property
    def sequence(self) -> int:
        """The archive's sequence number up to which its passages are held."""
        return self.segments[-1].through if self.segments else 0


class VectorIndex:
    """The segments of a generation, opened for searching."""

    def __init__(self, folder: Path, model: str) -> None:
        """Open the live generation in `folder` that was made with the model of this fingerprint, or an empty one."""
        self._folder = folder
        self._model = model
        self._lock = threading.Lock()
        self._open: dict[str, tuple[Any, Collection]] = {}
        self.generation = Generation(model)
        self.reload()

    def reload(self) -> None:
        """Open what the manifest now names; a segment that is already open stays open."""
        with self._lock:
            generation = _read_manifest(self._folder, self._model)
            named = {segment.folder for segment in generation.segments}
            for name in named - self._open.keys():
                self._open[name] = _open_segment(self._folder / name)
            for name in self._open.keys() - named:
                self._open.pop(name)[0].close()
            self.generation = generation

    def close(self) -> None:
        """Close every segment."""
        for client, _ in self._open.values():
            client.close()
        self._open.clear()

    def search(self, vector: Sequence[float], limit: int) -> list[tuple[int, float]]:
        """Passage ids with their cosine similarity to the vector, best first; ties in the order of their ids."""
        found: list[tuple[int, float]] = []
        with self._lock:
            for segment in self.generation.segments:
                wanted = min(limit, segment.passages)
                found.extend(_nearest(self._open[segment.folder][1], vector, wanted))
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def catch_up(self, archive: Archive) -> int:
        """Take in the passages that the archive has got since; returns how many. One process at a time."""
        held, wanted = self.generation.sequence, archive.sequence()
        if held == wanted:
            return 0
        kept, after = _what_stays(self.generation.segments, len(archive.passages_between(held, wanted)))
        rows = archive.passages_between(after, wanted)
        segment = _build_segment(self._folder, archive, self._model, rows, after, wanted)
        before = self.generation
        _write_manifest(self._folder, Generation(self._model, (*kept, segment)))
        self.reload()
        # A reader that has just read the old manifest still finds its segments.
        _remove_unnamed(self._folder, before, self.generation)
        return len(rows)


def _nearest(collection: "Collection", vector: Sequence[float], limit: int) -> list[tuple[int, float]]:
    result = collection.query(
        query_embeddings=np.asarray(vector, dtype=np.float32), n_results=limit, include=["distances"]
    )
    distances = (result["distances"] or [[]])[0]
    return [(int(key), 1.0 - float(far)) for key, far in zip(result["ids"][0], distances, strict=True)]


def _what_stays(segments: Sequence[Segment], new: int) -> tuple[list[Segment], int]:
    """The segments that a new one of `new` passages leaves alone, and the sequence number at which it must begin."""
    kept = list(segments)
    size = new
    while kept and kept[-1].passages < 2 * size:
        size += kept.pop().passages
    return kept, kept[-1].through if kept else 0


def _build_segment(
    folder: Path, archive: Archive, model: str, rows: Sequence[PassageRow], after: int, through: int
) -> Segment:
    name = f"segment-{through}-{uuid.uuid4().hex[:8]}"
    client, collection = _open_segment(folder / name, create=True)
    try:
        for first in range(0, len(rows), _BATCH):
            some = rows[first : first + _BATCH]
            vectors = archive.vectors(model, [row.text_hash for row in some])
            collection.upsert(
                ids=[str(row.passage_id) for row in some],
                embeddings=np.stack([vectors[row.text_hash] for row in some]),
            )
    finally:
        client.close()
    segment = Segment(name, len(rows), after, through)
    _check_segment(folder, segment, archive, model, rows)
    return segment


def _check_segment(folder: Path, segment: Segment, archive: Archive, model: str, rows: Sequence[PassageRow]) -> None:
    """Open it anew; every passage must be counted, and sampled ones must find themselves."""
    sample = rows[:: max(1, len(rows) // 20)]
    vectors = archive.vectors(model, [row.text_hash for row in sample])
    client, collection = _open_segment(folder / segment.folder)
    try:
        whole = collection.count() == len(rows) and all(_finds(collection, vectors[row.text_hash]) for row in sample)
    finally:
        client.close()
    if not whole:
        shutil.rmtree(folder / segment.folder)
        raise IndexerError(f"the new vector index in {folder} is not whole; run the command again")


def _finds(collection: "Collection", vector: Vector) -> bool:
    hits = _nearest(collection, vector.tolist(), 1)
    return bool(hits) and bool(np.isclose(hits[0][1], 1.0, atol=0.01))


def _open_segment(folder: Path, *, create: bool = False) -> tuple[Any, "Collection"]:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    if create:
        return client, client.create_collection(
            _COLLECTION,
            configuration=_CONFIGURATION,
            embedding_function=None,
        )
    return client, client.get_collection(_COLLECTION, embedding_function=None)


def _read_manifest(folder: Path, model: str) -> Generation:
    try:
        told = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        segments = tuple(Segment(**segment) for segment in told["segments"])
    except (OSError, ValueError, KeyError, TypeError):
        return Generation(model)
    whole = all((folder / segment.folder).is_dir() for segment in segments)
    return Generation(model, segments) if told["model"] == model and whole else Generation(model)


def live_model(folder: Path) -> str | None:
    """The fingerprint of the model that the live generation was made with, if there is one."""
    try:
        return str(json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_manifest(folder: Path, generation: Generation) -> None:
    new = folder / f".{_MANIFEST}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(generation), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / _MANIFEST)


def _remove_unnamed(folder: Path, *generations: Generation) -> None:
    """Delete segments that none of these names: those that were merged, and what a killed writer left."""
    named = {segment.folder for generation in generations for segment in generation.segments}
    for path in folder.glob("segment-*"):
        if path.name not in named:
            shutil.rmtree(path, ignore_errors=True)
