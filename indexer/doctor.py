"""Checks an archive and its indexes, says what to do, and repairs what it can."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from corpus.article_warnings import DESCRIPTIONS
from indexer.errors import ArchiveError, DamagedArchiveError, DamagedIndexError, IndexerError
from indexer.removing import finish_purge, is_purge_unfinished
from indexer.search.building import remove_unnamed
from indexer.search.derived import KEYWORDS_FOLDER, bring_into_step, segment_place
from indexer.search.keywords import KeywordIndex
from indexer.search.segments import SegmentPlace
from indexer.search.vectors import VectorIndex
from indexer.storage.archive import Archive
from indexer.storage.browsing import Summary, summary_of
from indexer.storage.clusters import are_clusters_whole, cluster_articles, keep_clusters
from indexer.storage.file import FILE_NAME
from indexer.storage.integrity import StoredVersion
from indexer.storage.lock import writing

_SAMPLE = 50  # passages that should be the nearest to their own vectors
_LISTED = 5
_FIX = "run: python -m indexer doctor --fix"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    what: str
    found: str
    advice: str = ""  # what to do; empty when all is well


def examine(folder: Path, chroma: str | None = None, now: datetime | None = None) -> list[Finding]:
    """Examine everything under the data folder without changing it; raises ArchiveError when there is no archive."""
    archive = Archive(folder / FILE_NAME)
    try:
        problems = _file_problems(archive)
        if problems:  # nothing else can be relied on
            return [_damaged_file(archive, problems)]
        summary = summary_of(archive)
        return [
            Finding(
                "archive", f"{summary.articles} articles, {summary.versions} versions, {summary.passages} passages"
            ),
            *_versions(archive),
            _clock(summary, now or datetime.now(UTC)),
            _model(archive),
            _orphans(archive),
            *_clusters(archive),
            *_warnings(archive),
            *_purge(archive),
            _keywords(folder / KEYWORDS_FOLDER, archive),
            *_vectors(segment_place(folder, archive, chroma), archive),
            _disk(folder, archive),
        ]
    except (DamagedArchiveError, sqlite3.DatabaseError, UnicodeError) as error:
        return [_damaged_file(archive, [str(error)])]
    finally:
        archive.close()


def fix(folder: Path, chroma: str | None = None, *, give_up: bool = False) -> None:
    """Rebuild what is damaged or behind, and delete what is unused; raises ArchiveBusyError or ArchiveError.

    A damaged version is deleted if the archive also has it undamaged or, with `give_up`, in any case.
    """
    with writing(folder):
        archive = Archive(folder / FILE_NAME)
        try:
            if problems := _file_problems(archive):
                finding = _damaged_file(archive, problems)
                raise DamagedArchiveError(f"{archive.path}: {finding.found}; {finding.advice}")
            _fix(folder, archive, chroma, give_up=give_up)
        except (sqlite3.DatabaseError, UnicodeError) as error:
            raise DamagedArchiveError(f"{archive.path} is damaged ({error}); {_advice(archive)}") from error
        finally:
            archive.close()


def _fix(folder: Path, archive: Archive, chroma: str | None, *, give_up: bool) -> None:
    keep_clusters(archive)
    _drop_damaged(archive, give_up=give_up)
    archive.seal()
    archive.drop_unused_vectors()
    if not are_clusters_whole(archive):
        cluster_articles(archive)
    model = archive.state("model_fingerprint") or ""
    bring_into_step(folder, archive, model, chroma)
    if is_purge_unfinished(archive):
        finish_purge(folder, archive, model, chroma)
    with closing(segment_place(folder, archive, chroma)) as place:
        remove_unnamed(place)


def _drop_damaged(archive: Archive, *, give_up: bool) -> None:
    damaged, whole = [], set()
    for one in archive.stored_versions("1"):
        if one.is_damaged:
            damaged.append(one)
        else:
            whole.add(one.fingerprint)
    for one in damaged:
        if give_up or one.fingerprint in whole:
            archive.drop_version(one.key)


def _file_problems(archive: Archive) -> list[str]:
    try:
        return archive.problems()
    except (ArchiveError, sqlite3.DatabaseError, UnicodeError) as error:
        return [str(error)]


def _damaged_file(archive: Archive, problems: list[str]) -> Finding:
    return Finding("archive", "; ".join(problems[:_LISTED]), _advice(archive))


def _advice(archive: Archive) -> str:
    return f"restore {archive.path} from a backup, or add everything to another folder"


def _versions(archive: Archive) -> list[Finding]:
    damaged = [one for one in archive.stored_versions("1") if one.is_damaged]
    if not damaged:
        return []
    names = "; ".join(map(_name, damaged[:_LISTED])) + (
        f"; and {len(damaged) - _LISTED} more" * (len(damaged) > _LISTED)
    )
    return [
        Finding(
            "damaged",
            f"{len(damaged)} versions have changed since they were written and are not quoted: {names}",
            "add their files again with: python -m indexer add PATH; or delete them with: "
            "python -m indexer doctor --fix --give-up",
        )
    ]


def _name(one: StoredVersion) -> str:
    return f"{one.title!r} ({one.url or one.article_id}), version {one.version}"


def _clock(summary: Summary, now: datetime) -> Finding:
    newest = summary.last_published
    if newest and newest > now:
        return Finding(
            "clock",
            f"it is {now:%d %B %Y} by this computer, before the newest article ({newest:%d %B %Y})",
            "set the clock: answers leave out articles of later dates",
        )
    return Finding("clock", f"{now:%d %B %Y}, after the newest article")


def _model(archive: Archive) -> Finding:
    name, fingerprint = archive.state("model_name"), archive.state("model_fingerprint")
    if fingerprint is None:
        return Finding("model", "none yet", "add articles with: python -m indexer add PATH")
    missing = archive.passages_without_vector(fingerprint)
    if missing:
        return Finding(
            "model",
            f"{name} ({fingerprint}); {missing} passages have no vector or a damaged one",
            f"embed them with: python -m indexer rebuild --model {name}",
        )
    return Finding("model", f"{name} ({fingerprint})")


def _orphans(archive: Archive) -> Finding:
    unused = archive.unused_vectors()
    return Finding("orphans", f"{unused} vectors of texts that no passage has", _FIX if unused else "")


def _clusters(archive: Archive) -> list[Finding]:
    return [] if are_clusters_whole(archive) else [Finding("copies", "the list of syndicated copies is damaged", _FIX)]


def _warnings(archive: Archive) -> list[Finding]:
    """How many articles have each warning that their reader gave them; there is nothing to repair in the archive."""
    return [
        Finding("warning", f"{count} articles: {DESCRIPTIONS[warning]}") for warning, count in archive.warning_counts()
    ]


def _purge(archive: Archive) -> list[Finding]:
    if not is_purge_unfinished(archive):
        return []
    return [
        Finding(
            "purge",
            "is unfinished: files in the data folder may still have words of purged articles",
            "name them, or delete them, with: python -m indexer purge [--delete-files]",
        )
    ]


def _keywords(folder: Path, archive: Archive) -> Finding:
    try:
        keywords = KeywordIndex(folder)
    except DamagedIndexError as error:
        return Finding("keywords", str(error), _FIX)
    indexed, wanted = keywords.passages, summary_of(archive).passages
    is_whole = keywords.sequence() == archive.sequence() and (indexed == wanted or bool(archive.damaged))
    return Finding("keywords", f"{indexed} of {wanted} passages", "" if is_whole else _FIX)


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
    passages = sum(segment.passages for segment in segments)
    left = len(vectors.left_over)
    found = f"{passages} passages in {len(segments)} segments, {len(vectors.damaged)} of them damaged, {left} left over"
    is_whole = not vectors.damaged and vectors.generation.sequence == archive.sequence()
    return Finding("vectors", found, "" if is_whole else _FIX)


def _self_queries(vectors: VectorIndex, archive: Archive, model: str) -> Finding:
    ids = archive.passage_ids()
    sample = [int(one) for one in np.random.default_rng(0).choice(ids, min(_SAMPLE, len(ids)), replace=False)]
    stored = archive.passage_vectors(model, sample)
    found = sum(
        bool(hits) and hits[0][1] > 0.99 for hits in (vectors.search(vector.tolist(), 1) for vector in stored.values())
    )
    advice = "" if found >= 0.5 * len(stored) else _FIX
    return Finding("self-queries", f"{found} of {len(stored)} sampled passages find themselves", advice)


def _disk(folder: Path, archive: Archive) -> Finding:
    used = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
    passages = max(1, summary_of(archive).passages)
    free = shutil.disk_usage(folder).free
    advice = "" if free > used else "free some space: a generation is built beside the live one"
    return Finding(
        "disk", f"{used / 1e6:.1f} MB, {used / passages / 1e3:.1f} kB a passage; {free / 1e9:.1f} GB free", advice
    )
