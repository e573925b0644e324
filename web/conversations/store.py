"""The conversations of all browsers in one SQLite file, which is the truth about them."""

import contextlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chat.errors import ChatError
from chat.texts.notices import NoticeKind, because

FILE_NAME = "conversations.sqlite"
LONGEST_TITLE = 120  # characters
_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,  -- a hash of the browser's cookie
    title TEXT,  -- NULL: the first question
    started_at REAL NOT NULL,
    used_at REAL NOT NULL,
    shared TEXT UNIQUE  -- the name of the link under which everybody may read it
) STRICT;
CREATE INDEX IF NOT EXISTS conversations_by_owner ON conversations (owner, used_at);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    client TEXT NOT NULL,  -- the address that asked
    asked_at REAL NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,  -- its words, to be searched
    record TEXT,  -- the exchange as JSON; NULL until the answer is over
    PRIMARY KEY (conversation, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS turns_by_client ON turns (client, asked_at);
"""
_FAULTS = (sqlite3.Error, UnicodeError)  # a damaged file also damages the words of SQLite's own errors
_LISTED = """
SELECT id, coalesce(title, (SELECT question FROM turns WHERE conversation = id ORDER BY number LIMIT 1)) AS name,
    started_at, shared FROM conversations
"""


class ConversationsError(ChatError):
    """A file of conversations that cannot be opened or written."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a list."""

    id: str
    title: str
    started_at: datetime
    shared: str | None  # the name of its link


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question and what is kept of its exchange."""

    number: int
    asked_at: datetime
    question: str
    answer: str = ""  # its words, to be searched
    record: str | None = None  # None: the answer had not come when the server ended


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many questions are kept.

    When a client (an address) has asked too many, its own oldest is dropped; when all have together, the oldest of the
    client with the most.
    """

    of_a_client: int = 5_000
    in_all: int = 100_000


class ConversationStore:
    """The file; safe to use from several threads."""

    def __init__(self, path: Path | None = None, bounds: Bounds = Bounds()) -> None:
        """Open or create the file; without a path the conversations last as long as the process.

        Raises ConversationsError when it cannot be written or is no such file.
        """
        self.path = path
        self._bounds = bounds
        self._lock = threading.RLock()
        try:
            if path:
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # what readers ask is nobody else's business
            self._file = sqlite3.connect(path or ":memory:", timeout=10, isolation_level=None, check_same_thread=False)
            self._file.text_factory = lambda text: text.decode("utf-8", "replace")  # damage is seen by the checksum
            self._prepare()
        except (*_FAULTS, OSError) as error:
            raise ConversationsError(f"{path} cannot be used ({error}); mend that or move it away") from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()

    def changes_by_others(self) -> int:
        """A number that changes when another process, such as a purge, has changed the file."""
        return int(self._select("PRAGMA data_version")[0][0])

    def ask(self, conversation: str, owner: str, client: str, turn: KeptTurn) -> None:
        """Keep a question whose answer is still to come, in place of a question of the same number."""
        at = turn.asked_at.timestamp()
        with self._changing() as file:
            file.execute(
                "INSERT INTO conversations VALUES (?, ?, NULL, ?, ?, NULL) "
                "ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at",
                (conversation, owner, at, at),
            )
            file.execute(
                "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?, '', NULL)",
                (conversation, turn.number, client, at, turn.question),
            )
            self._drop_oldest(file, client)

    def answer(self, conversation: str, turn: KeptTurn) -> None:
        """Keep what has come of an answer, unless the question was dropped meanwhile."""
        with self._changing() as file:
            file.execute(
                "UPDATE turns SET answer = ?, record = ? WHERE conversation = ? AND number = ?",
                (turn.answer, turn.record, conversation, turn.number),
            )

    def undo(self, conversation: str, number: int) -> None:
        """Drop a question and its answer."""
        with self._changing() as file:
            file.execute("DELETE FROM turns WHERE conversation = ? AND number = ?", (conversation, number))
            _drop_empty(file)

    def turns(self, conversation: str) -> list[KeptTurn]:
        """The questions of a conversation, in order."""
        rows = self._select(
            "SELECT number, asked_at, question, answer, record FROM turns WHERE conversation = ? ORDER BY number",
            (conversation,),
        )
        return [KeptTurn(number, _moment(at), *rest) for number, at, *rest in rows]

    def owner(self, conversation: str) -> str | None:
        """Whose conversation this is; None when it is not kept."""
        rows = self._select("SELECT owner FROM conversations WHERE id = ?", (conversation,))
        return rows[0][0] if rows else None

    def latest(self, owner: str) -> str | None:
        """The conversation that a browser used last."""
        rows = self._select(
            "SELECT id FROM conversations WHERE owner = ? ORDER BY used_at DESC, rowid DESC LIMIT 1", (owner,)
        )
        return rows[0][0] if rows else None

    def listed(self, owner: str, words: str = "", limit: int = 200) -> list[Listed]:
        """The conversations of a browser, last used first; with words, those that have them all."""
        conditions, values = "owner = ? AND EXISTS (SELECT 1 FROM turns WHERE conversation = id)", [owner]
        for word in words.split()[:8]:
            conditions += (
                " AND (coalesce(title, '') LIKE ? ESCAPE '!' OR EXISTS (SELECT 1 FROM turns WHERE conversation = id "
                "AND (question LIKE ? ESCAPE '!' OR answer LIKE ? ESCAPE '!')))"
            )
            values += [_containing(word)] * 3
        rows = self._select(f"{_LISTED} WHERE {conditions} ORDER BY used_at DESC LIMIT ?", (*values, limit))
        return [_listed(row) for row in rows]

    def one(self, conversation: str) -> Listed | None:
        """A conversation as it is listed."""
        rows = self._select(f"{_LISTED} WHERE id = ?", (conversation,))
        return _listed(rows[0]) if rows else None

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation a title; an empty one leaves it named by its first question."""
        title = " ".join(title.split())[:LONGEST_TITLE]
        with self._changing() as file:
            file.execute("UPDATE conversations SET title = ? WHERE id = ?", (title or None, conversation))

    def delete(self, conversation: str) -> None:
        """Erase a conversation."""
        with self._changing() as file:
            file.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    def share(self, conversation: str, *, shared: bool) -> None:
        """Give a conversation a link of its own, or take the link away for good."""
        name = secrets.token_urlsafe(24) if shared else None
        with self._changing() as file:
            file.execute("UPDATE conversations SET shared = ? WHERE id = ?", (name, conversation))

    def shared(self, name: str) -> str | None:
        """The conversation behind the name of a link."""
        rows = self._select("SELECT id FROM conversations WHERE shared = ?", (name,))
        return rows[0][0] if rows else None

    def _prepare(self) -> None:
        version = self._file.execute("PRAGMA user_version").fetchone()[0]
        if version > _SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"it was made by a newer Dateline, schema {version}")
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.execute("PRAGMA foreign_keys = ON")
        self._file.execute("PRAGMA secure_delete = ON")
        if version == 0:
            self._file.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;")

    def _select(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._file.execute(statement, values).fetchall()
        except _FAULTS as error:
            raise ConversationsError(because(NoticeKind.NOT_READ, self.path, error)) from error

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """All changes made inside are kept, or none; raises ConversationsError when the file cannot be written."""
        with self._lock:
            try:
                self._file.execute("BEGIN IMMEDIATE")
                try:
                    yield self._file
                except BaseException:
                    self._file.execute("ROLLBACK")
                    raise
                self._file.execute("COMMIT")
            except _FAULTS as error:
                raise ConversationsError(because(NoticeKind.NOT_WRITTEN, self.path, error)) from error

    def _drop_oldest(self, file: sqlite3.Connection, client: str) -> None:
        of_client = file.execute("SELECT count(*) FROM turns WHERE client = ?", (client,)).fetchone()[0]
        if of_client > self._bounds.of_a_client:
            _drop_turns(file, client, of_client - self._bounds.of_a_client)
        in_all = file.execute("SELECT count(*) FROM turns").fetchone()[0]
        if in_all > self._bounds.in_all:
            (most,) = file.execute("SELECT client FROM turns GROUP BY client ORDER BY count(*) DESC LIMIT 1").fetchone()
            _drop_turns(file, most, in_all - self._bounds.in_all)


def _drop_turns(file: sqlite3.Connection, client: str, count: int) -> None:
    oldest = file.execute(
        "SELECT conversation, number FROM turns WHERE client = ? ORDER BY asked_at LIMIT ?", (client, count)
    ).fetchall()
    file.executemany("DELETE FROM turns WHERE conversation = ? AND number = ?", oldest)
    _drop_empty(file)


def _drop_empty(file: sqlite3.Connection) -> None:
    file.execute("DELETE FROM conversations WHERE id NOT IN (SELECT conversation FROM turns)")


def _containing(word: str) -> str:
    return f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"


def _listed(row: Sequence[Any]) -> Listed:
    conversation, title, started_at, shared = row
    return Listed(conversation, title or "", _moment(started_at), shared)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
