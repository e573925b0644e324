"""Removes purged articles from the other files in the data folder: feedback, logs, conversations, receipts."""

import os
from collections.abc import Iterator
from pathlib import Path

from indexer.search.derived import KEYWORDS_FOLDER, VECTORS_FOLDER
from indexer.storage.file import FILE_NAME
from indexer.storage.traces import Traces

_OWN = (FILE_NAME, "writer.lock", "writer.pid")  # the archive and its locks; the archive is purged by itself
_OWN_FOLDERS = (KEYWORDS_FOLDER, VECTORS_FOLDER, "models")  # rebuilt by the purge; models have no articles
_LINES = (".jsonl", ".ndjson", ".log")  # a record a line
_CHUNK = 8_000_000  # characters read at a time
_OVERLAP = 20_000


def purge_lines(folder: Path, traces: Traces) -> list[Path]:
    """Delete the records of purged articles from files with a record a line (feedback, logs).

    Returns the other files with words of such an article; whether to delete them is the user's decision.
    """
    others: list[Path] = []
    for path in _files(folder):
        if path.suffix in _LINES:
            _rewrite_without(path, traces)
        elif any(traces.are_in(chunk) for chunk in _chunks(path)):
            others.append(path)
    return others


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).parts
        is_own = place[0] in _OWN_FOLDERS or any(place[0] in (name, f"{name}-wal", f"{name}-shm") for name in _OWN)
        if path.is_file() and not path.is_symlink() and not is_own:
            yield path


def _chunks(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        before = ""
        while chunk := file.read(_CHUNK):
            yield before + chunk
            before = chunk[-_OVERLAP:]


def _rewrite_without(path: Path, traces: Traces) -> None:
    """Replace the file atomically; what another process appends meanwhile is carried over."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        lines = file.readlines()
        kept = [line for line in lines if not traces.are_in(line)]
        if len(kept) == len(lines):
            return
        new = path.with_name(f".{path.name}.new")
        with new.open("w", encoding="utf-8", errors="surrogateescape", newline="") as copy:
            copy.writelines(kept)
            copy.flush()
            os.fsync(copy.fileno())
            new.replace(path)
            copy.writelines(line for line in file.readlines() if not traces.are_in(line))
