"""What is remembered of each source between rounds, in a SQLite file in the data folder."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexer.errors import FollowError

FILE_NAME = "following.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    name TEXT PRIMARY KEY,
    due_at REAL NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    record TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class SourceState:
    """When a source is looked at next, how often it failed in a row, and what was taken from it."""

    due_at: datetime | None = None  # None: never looked at
    failures: int = 0
    problem: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)  # plain JSON types; the form is the source's


class FollowState:
    """The open file; changes are on disk when a method returns."""

    def __init__(self, folder: Path) -> None:
        """Raises FollowError when the file cannot be opened."""
        path = folder / FILE_NAME
        try:
            self._file = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._file.execute("PRAGMA synchronous = FULL")
            self._file.execute(_SCHEMA)
        except sqlite3.Error as error:
            raise FollowError(f"{path} cannot be used ({error}); delete it to take every source as new") from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def of(self, name: str) -> SourceState:
        """What is remembered of a source."""
        row = self._file.execute("SELECT due_at, failures, problem, record FROM sources WHERE name = ?", (name,))
        found = row.fetchone()
        if found is None:
            return SourceState()
        due_at, failures, problem, record = found
        return SourceState(datetime.fromtimestamp(due_at, UTC), failures, problem, json.loads(record))

    def put(self, states: Mapping[str, SourceState]) -> None:
        """Remember the state of sources, all or none of them."""
        rows = [
            (name, one.due_at.timestamp() if one.due_at else 0.0, one.failures, one.problem, json.dumps(one.record))
            for name, one in states.items()
        ]
        self._file.execute("BEGIN IMMEDIATE")
        self._file.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)", rows)
        self._file.execute("COMMIT")
