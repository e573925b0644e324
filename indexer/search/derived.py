"""Keeps the derived indexes in step with the archive, from which they can be rebuilt without embedding."""

import uuid
from contextlib import closing
from pathlib import Path

from indexer.errors import DamagedIndexError
from indexer.search.building import GRAPH_FROM, LARGEST_MERGE, catch_up, compact, is_in_step, remove_unnamed
from indexer.search.keywords import KeywordIndex
from indexer.search.segments import FolderSegments, SegmentPlace, ServerSegments
from indexer.storage.archive import Archive

KEYWORDS_FOLDER = "keywords"
VECTORS_FOLDER = "vectors"
_EVERY_SEGMENT = -1.0  # a share of removed passages that each segment exceeds
_IDENTITY = "identity"  # names the archive's collections on a server


def bring_into_step(folder: Path, archive: Archive, model: str, chroma: str | None = None) -> None:
    """Index what changed and rebuild what is damaged, for the writer; merging follows when all can be searched."""
    keywords = keywords_in_step(folder, archive)
    try:
        with closing(segment_place(folder, archive, chroma)) as place:
            if not is_in_step(place, archive, model):
                _merge_after_adding(place, archive, model, catch_up(place, archive, model))
    finally:
        keywords.finish()


def merge_segments(
    folder: Path, archive: Archive, model: str, chroma: str | None = None, *, graph_from: int = GRAPH_FROM
) -> int:
    """Build the graphs that are due and merge small ones, however long that takes; returns how many were built."""
    with closing(segment_place(folder, archive, chroma)) as place:
        return compact(place, archive, model, graph_from=graph_from)


def rebuild_without_removed(folder: Path, archive: Archive, model: str, chroma: str | None = None) -> None:
    """Rebuild the indexes so that no file of theirs has anything of removed articles."""
    keywords = KeywordIndex.create(folder / KEYWORDS_FOLDER)
    keywords.catch_up(archive)
    keywords.finish()
    _rebuild(folder, archive, model, chroma, dead_share=0.0)


def rebuild_vectors(folder: Path, archive: Archive, model: str, chroma: str | None = None) -> None:
    """Rebuild every segment, because vectors in the archive have changed."""
    _rebuild(folder, archive, model, chroma, dead_share=_EVERY_SEGMENT)


def _rebuild(folder: Path, archive: Archive, model: str, chroma: str | None, *, dead_share: float) -> None:
    with closing(segment_place(folder, archive, chroma)) as place:
        new = catch_up(place, archive, model, dead_share=dead_share)
        _merge_after_adding(place, archive, model, new)
        remove_unnamed(place)


def _merge_after_adding(place: SegmentPlace, archive: Archive, model: str, new: int) -> None:
    """Graphs of about as many passages as were added; those that are due besides are left to later additions."""
    most = max(new, LARGEST_MERGE)
    compact(place, archive, model, largest=most, most=most)


def segment_place(folder: Path, archive: Archive, chroma: str | None = None) -> SegmentPlace:
    """Where the vectors are searched: the Chroma server at this address or, without one, Chroma in this process."""
    if not chroma:
        return FolderSegments(folder / VECTORS_FOLDER)
    identity = archive.state(_IDENTITY)
    if identity is None:
        identity = uuid.uuid4().hex[:12]
        archive.set_state(_IDENTITY, identity)
    return ServerSegments(chroma, identity, folder / VECTORS_FOLDER)


def keywords_in_step(folder: Path, archive: Archive) -> KeywordIndex:
    """The keyword index in step with the archive, for the writer."""
    keywords = _open_or_create_keywords(folder / KEYWORDS_FOLDER, archive)
    keywords.catch_up(archive)
    return keywords


def _open_or_create_keywords(folder: Path, archive: Archive) -> KeywordIndex:
    try:
        keywords = KeywordIndex(folder, trusting=True)
    except DamagedIndexError:
        return KeywordIndex.create(folder)
    # An archive restored from a backup is older than its index.
    return keywords if keywords.sequence() <= archive.sequence() else KeywordIndex.create(folder)
