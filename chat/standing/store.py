"""Standing questions on disk: a file to which records are only appended, one a line, safe against a kill at any moment.

A purge deletes the lines that have words of a purged article, as it does in every such file.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from chat.errors import StandingError
from chat.standing.question import Change, Known, StandingQuestion
from chat.standing.records import change_from, known_from_record, question_from, record_of
from chat.texts.notices import Notice, NoticeKind, not_written

FILE_NAME = "standing.jsonl"
_LOCK_NAME = "standing.lock"
_WAIT_S = 10.0
_MOST_BYTES = 50_000_000
_CHECKSUM = "sha256"


@dataclass(slots=True)
class Stored:
    """All that the file says."""

    questions: dict[str, StandingQuestion] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)  # by id, in the order in which they were noticed
    reported: dict[str, set[str]] = field(default_factory=dict)  # ids of changes, by where they were reported

    def take(self, record: Mapping[str, Any]) -> None:
        """Take over one line; raises KeyError, TypeError or ValueError for one that is no record of ours."""
        match record:
            case {"saved": dict(saved)}:
                question = question_from(saved)
                self.questions[question.id] = question
            case {"deleted": str(id)}:
                self._forget(id)
            case {"asked": str(id), "known": dict(known), "change": change} if id in self.questions:
                self.known[id] = known_from_record(known)
                if change:
                    noticed = change_from(change)
                    self.changes[noticed.id] = noticed
            case {"reported": str(id), "to": str(place)}:
                self.reported.setdefault(place, set()).add(id)

    def _forget(self, id: str) -> None:
        self.questions.pop(id, None)
        self.known.pop(id, None)
        self.changes = {key: one for key, one in self.changes.items() if one.question_id != id}

    def changes_of(self, id: str) -> list[Change]:
        """The changes of one question, the newest first."""
        return [one for one in reversed(self.changes.values()) if one.question_id == id]


class StandingStore:
    """The file of a data folder; processes and threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock_path = folder / _LOCK_NAME
        self._read: tuple[tuple[int, int, int] | None, Stored] = (None, Stored())

    def stored(self) -> Stored:
        """The content of the file, read again when it has changed; empty without a file."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return Stored()
        state = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if self._read[0] != state:
            self._read = (state, self._loaded())
        return self._read[1]

    def _loaded(self) -> Stored:
        stored = Stored()
        for line in self._path.read_bytes().split(b"\n"):
            try:
                stored.take(_checked(json.loads(line)) if line.strip() else {})
            except (ValueError, KeyError, TypeError, RecursionError):  # damaged, or the end of a line that a kill cut
                logging.getLogger(__name__).warning("a line of %s is not understood and skipped", self._path.name)
        return stored

    @contextmanager
    def changing(self) -> Iterator[Stored]:
        """The content, which no other process or thread changes meanwhile; raises StandingError."""
        try:
            with FileLock(self._lock_path, timeout=_WAIT_S):
                yield self.stored()
        except Timeout as error:
            raise StandingError(Notice(NoticeKind.LOCKED, self._path.name)) from error
        except OSError as error:
            raise StandingError(not_written(self._path.name, error)) from error

    def append(self, *records: Mapping[str, Any]) -> None:
        """Append records and bring them to disk; only while `changing`."""
        content = "".join(f"{json.dumps({**one, _CHECKSUM: _checksum(one)}, ensure_ascii=False)}\n" for one in records)
        lines = content.encode("utf-8", "backslashreplace")
        with self._path.open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            if end + len(lines) > _MOST_BYTES:
                raise StandingError(Notice(NoticeKind.TOO_MANY_STANDING))
            if end:
                file.seek(end - 1)
                lines = lines if file.read(1) == b"\n" else b"\n" + lines  # after a line that a kill cut short
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())


def _checksum(record: Mapping[str, Any]) -> str:
    return sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _checked(line: Any) -> Any:
    """The record of a line; raises ValueError when it has changed since. Lines of earlier versions have no checksum."""
    if not isinstance(line, dict) or _CHECKSUM not in line:
        return line
    record = {name: value for name, value in line.items() if name != _CHECKSUM}
    if line[_CHECKSUM] != _checksum(record):
        raise ValueError("the line has changed since it was written")
    return record


def saved_record(question: StandingQuestion) -> dict[str, Any]:
    """The line that saves a question."""
    return {"saved": record_of(question)}


def asked_record(id: str, known: Known, change: Change | None) -> dict[str, Any]:
    """The line that says what is known after an answer, and what changed by it, so that both are kept or neither."""
    return {"asked": id, "known": record_of(known), "change": record_of(change) if change else None}
