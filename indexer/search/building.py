"""Builds the vector index from the archive: what is new in a fresh segment at once, and graphs of full years later.

A new article costs a small fresh segment, which is searched by comparing all of its vectors. Once a year of publication
has enough fresh passages, they get a graph of their own, beside what is being searched; small graphs of a year are
merged into larger ones (O'Neil et al. 1996, the log-structured merge tree), so that each is at least twice as large as
the next. A segment is written once, checked, and from then on only read; a manifest, replaced atomically, lists the
segments of the generation. So neither a killed writer nor a second process can damage what is being searched: Chroma's
local index is not safe against either.

A damaged Chroma folder can crash the process that opens it. The manifest therefore has the checksum of every file of
a segment, and a segment whose files have changed is not opened.
"""

import contextlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from indexer.errors import ChromaServerError, IndexerError
from indexer.search.generation import Generation, Segment, listed_folders, read_generation, write_generation
from indexer.search.segments import SegmentPlace, upsert
from indexer.storage.archive import Archive
from indexer.storage.rows import Integers, Vector

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

GRAPH_FROM = 2_000  # fresh passages of a year; fewer are compared in some milliseconds
LARGEST_MERGE = 50_000  # passages of a merge that follows an add, a minute and a half; `compact` makes larger ones
_LARGEST_GRAPH = 500_000
_DEAD_SHARE = 0.2  # of a segment's passages, before it is built again without them


def catch_up(place: SegmentPlace, archive: Archive, model: str, *, dead_share: float = _DEAD_SHARE) -> int:
    """Index what changed in the archive and what damaged segments had; returns the number of passages indexed.

    One process at a time. A segment is built again without removed passages once more than `dead_share` are removed.
    Raises ChromaServerError.
    """
    wanted, before = archive.sequence(), read_generation(place.manifest, model)
    kept, missing = _kept_and_missing(place, archive, before, dead_share)
    if before.sequence == wanted and kept == before.segments:
        return 0
    kept, merged = _without_small_fresh(place, kept, len(missing))
    new = _build_fresh(place, archive, model, np.union1d(merged, missing))
    _swap(place, Generation(model, wanted, (*kept, *new)), before)
    return len(missing)


def compact(
    place: SegmentPlace,
    archive: Archive,
    model: str,
    *,
    graph_from: int = GRAPH_FROM,
    largest: int = _LARGEST_GRAPH,
    most: int | None = None,
) -> int:
    """Give graphs to the years that have enough fresh passages, and merge small graphs; returns how many were built.

    One process at a time; what is finished survives an interruption. No graph gets more than `largest` passages, and
    none is begun once `most` are in the new ones.
    """
    _separate_full_years(place, archive, model, graph_from)
    built = passages = 0
    while most is None or passages < most:
        before = read_generation(place.manifest, model)
        merged = _next_merge(before.segments, graph_from, largest)
        if merged is None:
            break
        ids = np.unique(np.concatenate([place.passage_ids(one.folder) for one in merged]))
        graph = _build_graph(place, archive, model, ids[:largest])
        rest = _build_fresh(place, archive, model, ids[largest:])
        kept = [one for one in before.segments if one not in merged]
        graphs = [one for one in kept if not one.is_fresh]
        _swap(place, Generation(model, before.sequence, (*graphs, *graph, *rest, *kept[len(graphs) :])), before)
        built, passages = built + len(graph), passages + len(ids[:largest])
    return built


def is_in_step(place: SegmentPlace, archive: Archive, model: str) -> bool:
    """Whether nothing is to be done; asked without opening any segment, which takes a second."""
    generation = read_generation(place.manifest, model)
    return generation.sequence == archive.sequence() and all(map(place.is_unchanged, generation.segments))


def unnamed(place: SegmentPlace, *also_kept: Generation) -> list[str]:
    """The segments that neither the manifest nor these generations list."""
    named = listed_folders(place.manifest)
    named |= {segment.folder for generation in also_kept for segment in generation.segments}
    return [name for name in place.names() if name not in named]


def remove_unnamed(place: SegmentPlace, *also_kept: Generation) -> None:
    """Delete the segments that neither the manifest nor these generations list; for the writer."""
    for name in unnamed(place, *also_kept):
        place.remove(name)


def _swap(place: SegmentPlace, generation: Generation, before: Generation) -> None:
    write_generation(place.manifest, generation)
    # A reader that has just read the old manifest still needs its segments.
    remove_unnamed(place, before)


def _kept_and_missing(
    place: SegmentPlace, archive: Archive, before: Generation, dead_share: float
) -> tuple[tuple[Segment, ...], Integers]:
    """The segments that stay as they are, and the passages that none of them has."""
    if before.sequence > archive.sequence():  # the archive was restored from a backup
        return (), archive.passage_ids()
    whole = tuple(segment for segment in before.segments if place.is_unchanged(segment))
    if whole == before.segments and archive.last_removal() <= before.sequence and dead_share == _DEAD_SHARE:
        return whole, archive.passage_ids(after=before.sequence)
    present = archive.passage_ids()
    held = {segment.folder: place.passage_ids(segment.folder) for segment in whole}
    kept = tuple(
        segment
        for segment in whole
        if np.isin(held[segment.folder], present, invert=True).sum() <= dead_share * segment.passages
    )
    return kept, np.setdiff1d(present, np.concatenate([present[:0], *(held[one.folder] for one in kept)]))


def _without_small_fresh(
    place: SegmentPlace, segments: tuple[Segment, ...], new: int
) -> tuple[tuple[Segment, ...], Integers]:
    """The segments that a fresh one of `new` passages leaves alone, and the passages of those that it replaces."""
    kept, merged, size = list(segments), [np.empty(0, dtype=np.int64)], new
    while new and kept and kept[-1].is_fresh and kept[-1].passages < 2 * size:
        size += kept[-1].passages
        merged.append(place.passage_ids(kept.pop().folder))
    return tuple(kept), np.concatenate(merged)


def _separate_full_years(place: SegmentPlace, archive: Archive, model: str, graph_from: int) -> None:
    """Give a fresh segment of its own to each year with enough fresh passages, whose graph can then be built alone."""
    before = read_generation(place.manifest, model)
    counts = _fresh_by_year(before.segments)
    full = {year for year, count in counts.items() if count >= graph_from}
    mixed = [one for one in before.segments if one.is_fresh and len(one.years) > 1 and full & one.years.keys()]
    if not mixed:
        return
    ids: dict[str, list[int]] = {}
    for segment in mixed:
        for passage in archive.dated_passages(place.passage_ids(segment.folder).tolist()):
            year = str(passage.year)
            ids.setdefault(year if year in full else "", []).append(passage.passage_id)
    new = [one for some in ids.values() for one in _build_fresh(place, archive, model, np.array(sorted(some)))]
    kept = [one for one in before.segments if one not in mixed]
    _swap(place, Generation(model, before.sequence, (*kept, *new)), before)


def _fresh_by_year(segments: Iterable[Segment]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for segment in segments:
        counts.update(segment.years if segment.is_fresh else {})
    return counts


def _next_merge(segments: Sequence[Segment], graph_from: int, largest: int) -> list[Segment] | None:
    """The segments of one year that are to become one graph (or several of the largest size); None when all is done."""
    counts = _fresh_by_year(segments)
    for year in sorted({year for segment in segments for year in segment.years}):
        of_year = [one for one in segments if [*one.years] == [year]]
        fresh = [one for one in of_year if one.is_fresh] if counts[year] >= graph_from else []
        graphs = sorted((one for one in of_year if not one.is_fresh), key=lambda one: one.passages)
        merged = fresh or graphs[:1]
        size = sum(one.passages for one in merged)
        for graph in graphs[len(merged) - len(fresh) :]:
            if graph.passages < 2 * size and size + graph.passages <= largest:
                merged, size = [*merged, graph], size + graph.passages
        if fresh or len(merged) > 1:
            return merged
    return None


def _build_fresh(place: SegmentPlace, archive: Archive, model: str, passage_ids: Integers) -> list[Segment]:
    """A segment without a graph; none when no passage is left."""
    return _built(place, archive, model, passage_ids, with_graph=False)


def _build_graph(place: SegmentPlace, archive: Archive, model: str, passage_ids: Integers) -> list[Segment]:
    return _built(place, archive, model, passage_ids, with_graph=True)


def _built(
    place: SegmentPlace, archive: Archive, model: str, passage_ids: Integers, *, with_graph: bool
) -> list[Segment]:
    if not len(passage_ids):
        return []
    name, years = f"segment-{uuid.uuid4().hex[:12]}", Counter[str]()
    try:
        written = place.write_fresh(name, _batches(place, archive, model, passage_ids, years))
        if with_graph and place.needs_graphs and len(written):
            _write_graph(place, name, archive, model, written)
        segment = Segment(name, len(written), dict(sorted(years.items())), not with_graph, place.signed(name))
        if len(written):
            _check_graph(place, name, archive, model, written)
            return [segment]
    except BaseException:
        with contextlib.suppress(ChromaServerError):
            place.remove(name)
        raise
    place.remove(name)
    return []


def _batches(
    place: SegmentPlace, archive: Archive, model: str, passage_ids: Integers, years: Counter[str] | None = None
) -> Iterator[tuple[list[int], Vector]]:
    """Passages with their vectors, without those whose vector is missing or damaged; these are found by words only."""
    for first in range(0, len(passage_ids), place.batch):
        rows = archive.dated_passages(passage_ids[first : first + place.batch].tolist())
        vectors = archive.vectors(model, {row.text_hash for row in rows})
        found = [row for row in rows if row.text_hash in vectors]
        if years is not None:
            years.update(str(row.year) for row in found)
        if found:
            yield [row.passage_id for row in found], np.stack([vectors[row.text_hash] for row in found])


def _write_graph(place: SegmentPlace, name: str, archive: Archive, model: str, passage_ids: Integers) -> None:
    with place.writing_graph(name, len(passage_ids)) as collection:
        for ids, vectors in _batches(place, archive, model, passage_ids):
            upsert(collection, ids, vectors)
            if len(passage_ids) == 1:  # a single change would stay in Chroma's log
                upsert(collection, ids, vectors)


def _check_graph(place: SegmentPlace, name: str, archive: Archive, model: str, passage_ids: Integers) -> None:
    """Open it as a reader does; every vector must be in the graph, and half of the sampled ones must find themselves.

    Not all: a graph does not reach each of many vectors that are equally far from each other.
    """
    sampled = found = 0
    with closing(place.open(name)) as opened, place.asking():
        collection = opened.collection
        if collection is None:
            return
        for ids, vectors in _batches(place, archive, model, passage_ids):
            if not _holds(collection, ids, vectors):
                raise _not_whole(name)
            sample = vectors[:: max(1, len(passage_ids) // 20)]
            sampled += len(sample)
            found += sum(_finds(collection, vector) for vector in sample)
    if found < 0.5 * sampled:
        raise _not_whole(name)


def _not_whole(name: str) -> IndexerError:
    return IndexerError(f"the new part {name} of the vector index is not whole; run the command again")


def _holds(collection: "Collection", ids: Sequence[int], vectors: Vector) -> bool:
    got = collection.get(ids=list(map(str, ids)), include=["embeddings"])
    if len(got["ids"]) != len(ids) or got["embeddings"] is None:
        return False
    order = np.argsort([int(key) for key in got["ids"]])
    return bool(np.allclose(_unit(np.asarray(got["embeddings"])[order]), _unit(vectors), atol=1e-3))


def _unit(vectors: Vector) -> Vector:
    unit: Vector = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


def _finds(collection: "Collection", vector: Vector) -> bool:
    hits = nearest_in_graph(collection, vector, 1)
    return bool(hits) and bool(np.isclose(hits[0][1], 1.0, atol=0.01))


def nearest_in_graph(collection: "Collection", vector: Sequence[float] | Vector, limit: int) -> list[tuple[int, float]]:
    """Passage ids with their cosine similarity to the vector, best first, as the graph finds them."""
    result = collection.query(
        query_embeddings=np.asarray(vector, dtype=np.float32), n_results=limit, include=["distances"]
    )
    distances = (result["distances"] or [[]])[0]
    return [(int(key), 1.0 - float(far)) for key, far in zip(result["ids"][0], distances, strict=True)]
