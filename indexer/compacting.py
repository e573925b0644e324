"""Merges the parts of the vector index that adding has left side by side."""

from contextlib import closing
from pathlib import Path

from indexer.search.building import GRAPH_FROM
from indexer.search.derived import bring_into_step, merge_segments
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing


def compact(folder: Path, chroma: str | None = None, *, graph_from: int = GRAPH_FROM) -> int:
    """Merge small parts into larger ones, of any size; readers are served meanwhile. Returns how many were built.

    A year of publication with at least `graph_from` passages gets a graph.
    """
    with writing(folder), closing(Archive(folder / FILE_NAME)) as archive:
        model = archive.state("model_fingerprint") or ""
        bring_into_step(folder, archive, model, chroma)
        return merge_segments(folder, archive, model, chroma, graph_from=graph_from)
