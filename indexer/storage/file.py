"""The SQLite file of an archive: a connection for each thread, its schema, its transactions."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

from indexer.errors import ArchiveError, DamagedArchiveError
from indexer.storage.schema import SCHEMA_VERSION, creation, migration

FILE_NAME = "archive.sqlite"
_ROWS = 1_000  # read at a time
_READERS_TAKE_MS = 2_000  # at most, until they release what is about to be erased


class _Connection(sqlite3.Connection):
    """Another thread may close it: that waits for the step that is being taken, for SQLite does not survive both."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.step = threading.RLock()

    def execute(self, *given: Any) -> sqlite3.Cursor:
        with self.step:
            return super().execute(*given)

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        with self.step:
            return super().executemany(*given)

    def executescript(self, script: str) -> sqlite3.Cursor:
        with self.step:
            return super().executescript(script)

    def close(self) -> None:
        with self.step:
            super().close()


class _Cursor(sqlite3.Cursor):
    """Raises DamagedArchiveError where SQLite finds the file malformed, whenever a row is read."""

    connection: _Connection

    def execute(self, *given: Any) -> Self:
        with self.connection.step, _damage():
            return super().execute(*given)

    def fetchone(self) -> Any:
        with self.connection.step, _damage():
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with self.connection.step, _damage():
            return super().fetchall()

    def fetchmany(self, size: int | None = _ROWS) -> list[Any]:
        with self.connection.step, _damage():
            return super().fetchmany(size)

    def in_bulk(self) -> Iterator[Any]:
        """The rows, some at a time: a lock for each would take longer than the row.

        Once the last are read, what is asked meanwhile sees a later state of the file.
        """
        while rows := self.fetchmany():
            yield from rows

    def __next__(self) -> Any:
        with self.connection.step, _damage():
            return super().__next__()


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeError) as error:
        if isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError) and not _is_of_the_schema(error):
            raise  # a full disk, a lock, a closed file
        raise DamagedArchiveError(f"the archive is damaged ({error}); see: python -m indexer doctor") from error


def _is_of_the_schema(error: sqlite3.Error) -> bool:
    """Whether one of our statements does not fit the tables, as in "no such column"."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


class ArchiveFile:
    """An open archive file; safe to use from several threads, each of which gets its own connection."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open `path`; raises ArchiveError when it is missing (and may not be created) or not an archive.

        An archive in a folder without write permission can still be read.
        """
        try:
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            elif not path.is_file():
                raise ArchiveError(f"no archive at {path}; make one with: python -m indexer add PATH")
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read ({error}); mend that or choose another data folder") from error
        self.path = path
        self._read_only = not os.access(path.parent, os.W_OK)
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._prepare(create=create)

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._connections:
            self._connections.pop().close()
        self._local = threading.local()

    def select(self, statement: str, values: Sequence[object] = ()) -> _Cursor:
        """The rows of a statement that changes nothing."""
        return self._connection().cursor(_Cursor).execute(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All changes made inside are kept, or none."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def erase_deleted(self) -> None:
        """Leave no byte of deleted rows in the file; raises ArchiveError while another process reads an old state."""
        connection = self._connection()
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
        connection.execute(f"PRAGMA busy_timeout = {_READERS_TAKE_MS}")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ArchiveError(f"another process is reading {self.path}; run the same command again")

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file, and references that lead nowhere."""
        checks = self._check("quick_check") or self._check("integrity_check")  # the latter may not survive damage
        dangling = [f"a row of {row[0]} refers to nothing" for row in self.select("PRAGMA foreign_key_check")]
        return checks + dangling

    def _check(self, pragma: str) -> list[str]:
        return [str(message) for (message,) in self.select(f"PRAGMA {pragma}(20)") if message != "ok"]

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        seen = self._file_state()
        if connection is None or seen != self._local.seen:
            # Closing is the only thing that another thread does with it.
            connection = sqlite3.connect(
                self._uri(), uri=True, timeout=30, isolation_level=None, check_same_thread=False, factory=_Connection
            )
            connection.text_factory = partial(str, encoding="utf-8", errors="replace")  # damaged text is no exception
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            self._local.connection, self._local.seen = connection, seen
            self._connections.append(connection)
        return connection

    def _uri(self) -> str:
        """SQLite creates files beside an archive to read it; where it may not, one without such files is immutable."""
        alone = not self._wal().exists()
        return self.path.absolute().as_uri() + ("" if not self._read_only else f"?mode=ro&immutable={int(alone)}")

    def _wal(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def _file_state(self) -> tuple[int, int, bool] | None:
        """An archive opened as immutable must be opened again when another process has written to it."""
        if not self._read_only:
            return None
        stat = self.path.stat()
        return stat.st_mtime_ns, stat.st_size, self._wal().exists()

    def _prepare(self, *, create: bool) -> None:
        try:
            found = self.select("PRAGMA user_version").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{self.path} cannot be read ({error}); mend that or choose another folder") from error
        except (sqlite3.DatabaseError, DamagedArchiveError, UnicodeError) as error:  # damage even in its messages
            raise ArchiveError(f"{self.path} is not an archive ({error}); choose another data folder") from error
        if found > SCHEMA_VERSION:
            raise ArchiveError(f"{self.path} was made by a newer Dateline (schema {found}); update Dateline to open it")
        if found == 0:
            self._create(create=create)
        elif found < SCHEMA_VERSION:
            self._migrate(found)

    def _create(self, *, create: bool) -> None:
        if self.select("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise ArchiveError(f"{self.path} is not an archive; choose another data folder")
        if not create:  # a writer is creating it, or was killed while doing so
            raise ArchiveError(f"no archive at {self.path} yet; make one with: python -m indexer add PATH")
        self._connection().execute("PRAGMA journal_mode = WAL")
        self._connection().executescript(creation())

    def _migrate(self, found: int) -> None:
        if self._read_only:
            raise self._not_updated(found, "its folder cannot be written")
        try:
            self._connection().executescript(migration(found))
        except sqlite3.OperationalError as error:  # a file that may only be read, a full disk
            raise self._not_updated(found, str(error)) from error

    def _not_updated(self, found: int, reason: str) -> ArchiveError:
        return ArchiveError(
            f"{self.path} was made by an older Dateline (schema {found}) and cannot be updated ({reason}); run "
            "python -m indexer status as a user who may write it"
        )
