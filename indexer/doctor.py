"""Whether an archive and its indexes are whole, and what to do where they are not."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.article_warnings import DESCRIPTIONS
from indexer.errors import DamagedIndexError, IndexerError
from indexer.removing import finish_purge, is_purge_unfinished
from indexer.search.derived import KEYWORDS_FOLDER, bring_into_step, segment_place
from indexer.search.keywords import KeywordIndex
from indexer.search.segments import SegmentPlace
from indexer.search.vectors import VectorIndex, remove_unnamed
from indexer.storage.archive import Archive
from indexer.storage.browsing import summary_of
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing

_SAMPLE = 50  # passages that must find themselves
_FIX = "run: python -m indexer doctor --fix"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    found: str
    advice: str = ""  # what to do; empty when all is well


def examine(folder: Path, chroma: str | None = None) -> list[Finding]:
    """Look at everything under the data folder without changing it; raises ArchiveError when there is no archive."""
    archive = Archive(folder / FILE_NAME)
    try:
        record = _record(archive)
        if record.advice:  # the rest is derived from it
            return [record]
        return [
            record,
            _model(archive),
            _orphans(archive),
            *_warnings(archive),
            *_purge(archive),
            _keywords(folder / KEYWORDS_FOLDER, archive),
            *_vectors(segment_place(folder, archive, chroma), archive),
            _disk(folder, archive),
        ]
    finally:
        archive.close()


def fix(folder: Path, chroma: str | None = None) -> None:
    """Build again what is damaged or behind, and delete what nothing uses; raises ArchiveBusyError."""
    with writing(folder):
        archive = Archive(folder / FILE_NAME)
        try:
            archive.drop_unused_vectors()
            model = archive.state("model_fingerprint") or ""
            bring_into_step(folder, archive, model, chroma)
            if is_purge_unfinished(archive):
                finish_purge(folder, archive, model, chroma)
            with closing(segment_place(folder, archive, chroma)) as place:
                remove_unnamed(place)
        finally:
            archive.close()


def _record(archive: Archive) -> Finding:
    try:
        problems = archive.problems()
    except sqlite3.DatabaseError as error:
        problems = [str(error)]
    if problems:
        return Finding("archive", "; ".join(problems[:5]), f"put {archive.path} back from a backup, or add all anew")
    summary = summary_of(archive)
    return Finding("archive", f"{summary.articles} articles, {summary.versions} versions, {summary.passages} passages")


def _model(archive: Archive) -> Finding:
    name, fingerprint = archive.state("model_name"), archive.state("model_fingerprint")
    if fingerprint is None:
        return Finding("model", "none yet", "add articles with: python -m indexer add PATH")
    missing = archive.passages_without_vector(fingerprint)
    if missing:
        return Finding(
            "model",
            f"{name} ({fingerprint}); {missing} passages have no vector",
            "add all articles anew into another folder",
        )
    return Finding("model", f"{name} ({fingerprint})")


def _orphans(archive: Archive) -> Finding:
    unused = archive.unused_vectors()
    return Finding("orphans", f"{unused} vectors of texts that no passage has", _FIX if unused else "")


def _warnings(archive: Archive) -> list[Finding]:
    """How many articles have each warning that their reader gave them; there is nothing to repair in the archive."""
    return [
        Finding("warning", f"{count} articles: {DESCRIPTIONS[warning]}") for warning, count in archive.warning_counts()
    ]


def _purge(archive: Archive) -> list[Finding]:
    if not is_purge_unfinished(archive):
        return []
    return [Finding("purge", "was interrupted: files may still hold words of what was to be purged", _FIX)]


def _keywords(folder: Path, archive: Archive) -> Finding:
    try:
        keywords = KeywordIndex(folder)
    except DamagedIndexError as error:
        return Finding("keywords", str(error), _FIX)
    held, wanted = keywords.passages, summary_of(archive).passages
    whole = keywords.sequence() == archive.sequence() and held == wanted
    return Finding("keywords", f"{held} of {wanted} passages", "" if whole else _FIX)


def _vectors(place: SegmentPlace, archive: Archive) -> list[Finding]:
    model = archive.state("model_fingerprint") or ""
    try:
        vectors = VectorIndex(place, model)
    except IndexerError as error:
        return [Finding("vectors", str(error), _FIX)]
    try:
        if vectors.trouble:
            return [Finding("vectors", vectors.trouble, "start the Chroma server again")]
        return [_generation(vectors, archive), _self_queries(vectors, archive, model)]
    finally:
        vectors.close()


def _generation(vectors: VectorIndex, archive: Archive) -> Finding:
    segments = vectors.generation.segments
    held = sum(segment.passages for segment in segments)
    left = len(vectors.left_over)
    told = f"{held} passages in {len(segments)} segments, {len(vectors.damaged)} of them damaged, {left} left over"
    whole = not vectors.damaged and vectors.generation.sequence == archive.sequence()
    return Finding("vectors", told, "" if whole else _FIX)


def _self_queries(vectors: VectorIndex, archive: Archive, model: str) -> Finding:
    ids = archive.passage_table()[1][:, 0]
    sample = [int(one) for one in np.random.default_rng(0).choice(ids, min(_SAMPLE, len(ids)), replace=False)]
    found = sum(
        bool(hits) and hits[0][1] > 0.99
        for hits in (vectors.search(vector.tolist(), 1) for vector in archive.passage_vectors(model, sample).values())
    )
    advice = "" if found >= 0.5 * len(sample) else _FIX
    return Finding("self-queries", f"{found} of {len(sample)} sampled passages find themselves", advice)


def _disk(folder: Path, archive: Archive) -> Finding:
    used = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
    passages = max(1, summary_of(archive).passages)
    free = shutil.disk_usage(folder).free
    advice = "" if free > used else "free some space: a generation is built beside the live one"
    return Finding(
        "disk", f"{used / 1e6:.1f} MB, {used / passages / 1e3:.1f} kB a passage; {free / 1e9:.1f} GB free", advice
    )
