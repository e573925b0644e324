"""Removes purged articles from the other files in the data folder: feedback, logs, conversations, receipts."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from indexer.search.derived import KEYWORDS_FOLDER, VECTORS_FOLDER
from indexer.storage.file import FILE_NAME
from indexer.storage.traces import Traces

_OWN = (FILE_NAME, "writer.lock", "writer.pid")  # the archive and its locks; the archive is purged by itself
_OWN_FOLDERS = (KEYWORDS_FOLDER, VECTORS_FOLDER, "models")  # rebuilt by the purge; models have no articles
_LINES = (".jsonl", ".ndjson", ".log")  # a record a line
_DATABASES = (".sqlite",)  # a record a row
_CHUNK = 8_000_000  # characters read at a time
_OVERLAP = 20_000
_WAIT_S = 10.0  # for another process to end its change


def purge_lines(folder: Path, traces: Traces) -> list[Path]:
    """Delete the records of purged articles from files with a record a line or a row (feedback, logs, conversations).

    Returns the other files with words of such an article; whether to delete them is the user's decision.
    """
    others: list[Path] = []
    for path in _files(folder):
        if path.suffix in _LINES:
            _rewrite_without(path, traces)
        elif path.suffix in _DATABASES:
            if not _erase_rows(path, traces):
                others.append(path)
        elif any(traces.are_in(chunk) for chunk in _chunks(path)):
            others.append(path)
    return others


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).parts
        is_own = place[0] in _OWN_FOLDERS or any(place[0] in (name, f"{name}-wal", f"{name}-shm") for name in _OWN)
        if path.is_file() and not path.is_symlink() and not is_own and not _is_part_of_database(path):
            yield path


def _is_part_of_database(path: Path) -> bool:
    """Whether SQLite keeps the last changes of a database there, or its lock."""
    return any(path.name.endswith(f"{ending}-{part}") for ending in _DATABASES for part in ("wal", "shm", "journal"))


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


def _erase_rows(path: Path, traces: Traces) -> bool:
    """Erase the rows of an SQLite file with words of a purged article; False where that cannot be done now.

    Another process may have the file open, but may not be in the middle of a change.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)) as file:
            file.execute("PRAGMA foreign_keys = ON")
            file.execute("PRAGMA secure_delete = ON")
            file.execute("BEGIN IMMEDIATE")
            for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                _erase_rows_of(file, table, traces)
            file.execute("COMMIT")
            file.execute("VACUUM")
            return not file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False


def _erase_rows_of(file: sqlite3.Connection, table: str, traces: Traces) -> None:
    columns = [name for _, name, *_ in file.execute(f"PRAGMA table_info({_quoted(table)})")]
    keys = [name for _, name, _, _, _, place in file.execute(f"PRAGMA table_info({_quoted(table)})") if place] or [
        "rowid"
    ]
    found = [
        row[: len(keys)]
        for row in file.execute(f"SELECT {', '.join(map(_quoted, [*keys, *columns]))} FROM {_quoted(table)}")
        if any(traces.are_in(value) for value in row[len(keys) :] if isinstance(value, str))
    ]
    condition = " AND ".join(f"{_quoted(key)} IS ?" for key in keys)
    file.executemany(f"DELETE FROM {_quoted(table)} WHERE {condition}", found)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
