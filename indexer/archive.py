"""The system of record: every version of every article, its passages, and the vectors of their texts, in SQLite."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.article import Article, DateOrigin
from corpus.sentences import Span
from indexer.errors import ArchiveError
from indexer.passage import Passage
from indexer.prints import Print

SCHEMA_VERSION = 2
FILE_NAME = "archive.sqlite"
_Value = TypeVar("_Value")
_READERS_TAKE_MS = 2_000  # at most, to be done with what they read when it is to be deleted for good
_MANY = 900  # values in one statement; SQLite's lowest limit is 999

Vector = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_SCHEMA = """
CREATE TABLE articles (
    article_key INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    authors TEXT NOT NULL,
    agency TEXT,
    section TEXT,
    keywords TEXT NOT NULL,
    language TEXT,
    published_at INTEGER,
    updated_at INTEGER,
    date_origin TEXT NOT NULL,
    fetched_at INTEGER,
    correction TEXT,
    fingerprint TEXT NOT NULL,
    stood_from INTEGER,
    signature BLOB NOT NULL,
    UNIQUE (article_id, version)
);
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_key INTEGER NOT NULL REFERENCES articles (article_key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    sequence INTEGER NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_key);
CREATE INDEX passages_by_sequence ON passages (sequence);
CREATE TABLE clusters (
    article_id TEXT PRIMARY KEY,
    cluster_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE embeddings (
    text_hash BLOB NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text_hash, model)
) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('sequence', '0');
"""
_SINCE_1 = """
CREATE TABLE IF NOT EXISTS removals (passage_id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS removals_by_sequence ON removals (sequence);
CREATE INDEX IF NOT EXISTS articles_by_cluster ON clusters (cluster_id);
"""
_MIGRATIONS = {1: _SINCE_1}  # from this version to the next

_UNUSED = "text_hash NOT IN (SELECT text_hash FROM passages)"
_COLUMNS = (
    "article_id, version, url, source, title, text, authors, agency, section, keywords, language, "
    "published_at, updated_at, date_origin, fetched_at, correction"
)


_FIELDS = ("id", *(column.strip() for column in _COLUMNS.split(",")[1:]))


@dataclass(frozen=True, slots=True)
class Summary:
    """What an archive holds."""

    articles: int
    versions: int
    passages: int
    undated: int
    first_published: datetime | None
    last_published: datetime | None
    sources: tuple[tuple[str, int], ...]  # the publisher and how many articles, most first
    sequence: int
    models: tuple[str, ...]  # fingerprints of the models whose vectors are kept


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One row of the passages table, as a derived index needs it."""

    passage_id: int
    start: int
    end: int
    text_hash: bytes


class ArticleRow(NamedTuple):
    """What search filters on, of one version of an article."""

    article_id: str
    source: str
    agency: str | None
    section: str | None
    authors: tuple[str, ...]
    cluster_id: str  # shared by the articles that print one story


class Archive:
    """An open archive; safe to use from several threads, each of which gets its own connection."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open `path`; raises ArchiveError when it is not there (and may not be made) or not ours.

        Where the folder may not be written, it can be read all the same.
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

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        seen = self._seen()
        if connection is None or seen != self._local.seen:
            # Closing is the only thing that another thread does with it.
            connection = sqlite3.connect(
                self._address(), uri=True, timeout=30, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            self._local.connection, self._local.seen = connection, seen
            self._connections.append(connection)
        return connection

    def _address(self) -> str:
        """SQLite makes files beside an archive to read it; where it may not, an archive without them is read as is."""
        alone = not self._beside().exists()
        return self.path.absolute().as_uri() + ("" if not self._read_only else f"?mode=ro&immutable={int(alone)}")

    def _beside(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def _seen(self) -> tuple[int, int, bool] | None:
        """What is read as is must be opened again when another has written to it."""
        if not self._read_only:
            return None
        told = self.path.stat()
        return told.st_mtime_ns, told.st_size, self._beside().exists()

    def _prepare(self, *, create: bool) -> None:
        try:
            found = self._connection().execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{self.path} cannot be read ({error}); mend that or choose another folder") from error
        except sqlite3.DatabaseError as error:
            raise ArchiveError(f"{self.path} is not an archive ({error}); choose another data folder") from error
        if found > SCHEMA_VERSION:
            raise ArchiveError(f"{self.path} was made by a newer Dateline (schema {found}); update Dateline to open it")
        if found == 0:
            self._create(create=create)
        elif found < SCHEMA_VERSION:
            self._migrate(found)

    def _create(self, *, create: bool) -> None:
        if self._connection().execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise ArchiveError(f"{self.path} is not an archive; choose another data folder")
        if not create:  # a writer is making it, or was killed as it did
            raise ArchiveError(f"no archive at {self.path} yet; make one with: python -m indexer add PATH")
        self._connection().execute("PRAGMA journal_mode = WAL")
        self._connection().executescript(f"BEGIN;{_SCHEMA}{_SINCE_1}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")

    def _migrate(self, found: int) -> None:
        if self._read_only:
            raise ArchiveError(
                f"{self.path} was made by an older Dateline (schema {found}) and cannot be brought up to "
                "date, for its folder cannot be written; run python -m indexer status as somebody who may write it"
            )
        steps = "".join(_MIGRATIONS[version] for version in range(found, SCHEMA_VERSION))
        self._connection().executescript(f"BEGIN IMMEDIATE;{steps}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def sequence(self) -> int:
        """A number that grows with every change of articles or passages."""
        return int(self._connection().execute("SELECT value FROM state WHERE name = 'sequence'").fetchone()[0])

    def state(self, name: str) -> str | None:
        """A named fact about the archive as a whole."""
        row = self._connection().execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_state(self, name: str, value: str) -> None:
        """Keep a named fact about the archive as a whole."""
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def fingerprints(self, article_id: str) -> dict[str, int]:
        """The fingerprint of each version that is held of an article, with the version's number."""
        rows = self._connection().execute(
            "SELECT fingerprint, version FROM articles WHERE article_id = ?", (article_id,)
        )
        return dict(rows.fetchall())

    def add(self, article: Article, passages: Sequence[tuple[Span, bytes]], signature: bytes) -> int:
        """Keep a version of an article with its passages (span, hash of the embedded text); returns the sequence."""
        with self._transaction() as connection:
            sequence = _next_sequence(connection)
            key = connection.execute(
                f"INSERT INTO articles ({_COLUMNS}, fingerprint, stood_from, signature) VALUES ({_marks(range(19))})",
                (*_row_of(article), signature),
            ).lastrowid
            connection.executemany(
                "INSERT INTO passages (article_key, start, end, text_hash, sequence) VALUES (?, ?, ?, ?, ?)",
                [(key, span.start, span.end, digest, sequence) for span, digest in passages],
            )
            _number_versions(connection, article.id)
        return sequence

    def remove(self, article_ids: Iterable[str]) -> int:
        """Remove every version of these articles; returns how many of the articles were held."""
        removed = 0
        with self._transaction() as connection:
            sequence = _next_sequence(connection)
            for article_id in article_ids:
                connection.execute(
                    "INSERT INTO removals SELECT passage_id, ? FROM passages JOIN articles USING (article_key) "
                    "WHERE article_id = ?",
                    (sequence, article_id),
                )
                removed += connection.execute("DELETE FROM articles WHERE article_id = ?", (article_id,)).rowcount > 0
                connection.execute("DELETE FROM clusters WHERE article_id = ?", (article_id,))
        return removed

    def forget_removed(self) -> None:
        """Leave no byte of removed articles in the file, nor any vector of a text that no passage has.

        Raises ArchiveError when another process keeps an old state of the archive open.
        """
        connection = self._connection()
        connection.execute("PRAGMA secure_delete = ON")
        self.drop_unused_vectors()
        connection.execute("VACUUM")
        connection.execute(f"PRAGMA busy_timeout = {_READERS_TAKE_MS}")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ArchiveError(f"another process is reading {self.path}; run the same command again")

    def drop_unused_vectors(self) -> None:
        """Delete the vectors of texts that no passage has."""
        with self._transaction() as connection:
            connection.execute(f"DELETE FROM embeddings WHERE {_UNUSED}")

    def unused_vectors(self) -> int:
        """How many vectors are of texts that no passage has: of removed articles, or of an add that was killed."""
        return int(self._connection().execute(f"SELECT count(*) FROM embeddings WHERE {_UNUSED}").fetchone()[0])

    def passages_without_vector(self, model: str) -> int:
        """How many passages have no vector by this model."""
        row = self._connection().execute(
            "SELECT count(*) FROM passages WHERE text_hash NOT IN (SELECT text_hash FROM embeddings WHERE model = ?)",
            (model,),
        )
        return int(row.fetchone()[0])

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file, and references that lead nowhere."""
        checks = [str(told) for (told,) in self._connection().execute("PRAGMA quick_check(20)") if told != "ok"]
        lost = [
            f"a row of {row[0]} refers to nothing" for row in self._connection().execute("PRAGMA foreign_key_check")
        ]
        return checks + lost

    def article_ids(
        self,
        *,
        url: str | None = None,
        source: str | None = None,
        published_from: datetime | None = None,
        published_before: datetime | None = None,
    ) -> list[str]:
        """The articles of which a version fits all that is given, in the order in which they came."""
        wanted = {
            "url = ?": url,
            "source = ?": source,
            "published_at >= ?": _seconds(published_from),
            "published_at < ?": _seconds(published_before),
        }
        given = {condition: value for condition, value in wanted.items() if value is not None}
        where = " AND ".join(given) or "1"
        rows = self._connection().execute(
            f"SELECT article_id FROM articles WHERE {where} GROUP BY article_id ORDER BY min(article_key)",
            tuple(given.values()),
        )
        return [article_id for (article_id,) in rows]

    def passages_removed_between(self, after: int, through: int) -> list[int]:
        """The ids of the passages that went with the changes after one sequence number and through another."""
        rows = self._connection().execute(
            "SELECT passage_id FROM removals WHERE sequence > ? AND sequence <= ?", (after, through)
        )
        return [passage_id for (passage_id,) in rows]

    def count_passages_between(self, after: int, through: int) -> int:
        """How many of the passages are held that came after one sequence number and through another."""
        row = self._connection().execute(
            "SELECT count(*) FROM passages WHERE sequence > ? AND sequence <= ?", (after, through)
        )
        return int(row.fetchone()[0])

    def signatures(self) -> Iterator[tuple[str, bytes, datetime | None, str | None]]:
        """Article id, packed signature, date and agency of the latest version of every article."""
        rows = self._connection().execute(
            "SELECT article_id, signature, published_at, agency FROM articles AS one WHERE version = "
            "(SELECT max(version) FROM articles WHERE article_id = one.article_id) ORDER BY article_key"
        )
        return ((article_id, packed, _moment(seconds), agency) for article_id, packed, seconds, agency in rows)

    def set_clusters(self, cluster_ids: Mapping[str, str]) -> None:
        """Keep which articles print one story: article id to cluster id; who is not in it stands alone."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM clusters")
            connection.executemany("INSERT INTO clusters VALUES (?, ?)", cluster_ids.items())

    def copies_of(self, article_id: str) -> list[Article]:
        """The latest versions of the other articles that print the same story, earliest first."""
        rows = self._connection().execute(
            f"SELECT {_COLUMNS} FROM articles AS one JOIN clusters USING (article_id) WHERE cluster_id = "
            "(SELECT cluster_id FROM clusters WHERE article_id = ?) AND article_id <> ? AND version = "
            "(SELECT max(version) FROM articles WHERE article_id = one.article_id) ORDER BY published_at, article_key",
            (article_id, article_id),
        )
        return [_article_of(row) for row in rows]

    def prints(self, article_ids: Sequence[str]) -> list[tuple[str, int, Print]]:
        """Every version of every article of these articles' clusters, with cluster and first passage, earliest first.

        An article that stands alone has none; articles without a date come last.
        """
        found: list[tuple[str, int, Print]] = []
        for some in _batches(article_ids):
            rows = self._connection().execute(
                "SELECT cluster_id, min(passage_id), article_id, version, title, source, published_at, url "
                "FROM clusters JOIN articles USING (article_id) JOIN passages USING (article_key) WHERE cluster_id IN "
                f"(SELECT cluster_id FROM clusters WHERE article_id IN ({_marks(some)})) "
                "GROUP BY article_key ORDER BY published_at IS NULL, published_at, article_key",
                some,
            )
            found += [
                (cluster_id, passage_id, Print(article_id, version, title, source, _moment(seconds), url))
                for cluster_id, passage_id, article_id, version, title, source, seconds, url in rows
            ]
        return found

    def keep_vectors(self, model: str, vectors: Mapping[bytes, Vector]) -> None:
        """Keep the vectors of texts, so that none is embedded twice; stored as float16."""
        rows = [(digest, model, vector.astype(np.float16).tobytes()) for digest, vector in vectors.items()]
        with self._transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", rows)

    def vectors(self, model: str, hashes: Iterable[bytes]) -> dict[bytes, Vector]:
        """The vectors that are held for these texts; float32, as they were normalised."""
        found: dict[bytes, Vector] = {}
        for some in _batches(list(hashes)):
            rows = self._connection().execute(
                f"SELECT text_hash, vector FROM embeddings WHERE model = ? AND text_hash IN ({_marks(some)})",
                (model, *some),
            )
            found.update((digest, np.frombuffer(blob, np.float16).astype(np.float32)) for digest, blob in rows)
        return found

    def passages_between(self, after: int, through: int) -> list[PassageRow]:
        """The passages that came with the changes after one sequence number and through another, by id."""
        rows = self._connection().execute(
            "SELECT passage_id, start, end, text_hash FROM passages WHERE sequence > ? AND sequence <= ? "
            "ORDER BY passage_id",
            (after, through),
        )
        return [PassageRow(*row) for row in rows]

    def passages(self, passage_ids: Sequence[int]) -> dict[int, Passage]:
        """The passages with these ids."""
        found: dict[int, Passage] = {}
        for some in _batches(passage_ids):
            rows = self._connection().execute(
                "SELECT passage_id, article_id, version, start, end, substr(text, start + 1, end - start) "
                f"FROM passages JOIN articles USING (article_key) WHERE passage_id IN ({_marks(some)})",
                some,
            )
            found.update((row[0], Passage(*row)) for row in rows)
        return found

    def titles(self, passage_ids: Sequence[int]) -> dict[int, str]:
        """The title of the article of each of these passages."""
        found: dict[int, str] = {}
        for some in _batches(passage_ids):
            rows = self._connection().execute(
                f"SELECT passage_id, title FROM passages JOIN articles USING (article_key) "
                f"WHERE passage_id IN ({_marks(some)})",
                some,
            )
            found.update(rows.fetchall())
        return found

    def passage_vectors(self, model: str, passage_ids: Sequence[int]) -> dict[int, Vector]:
        """The vectors of these passages; float32."""
        found: dict[int, Vector] = {}
        for some in _batches(passage_ids):
            rows = self._connection().execute(
                "SELECT passage_id, vector FROM passages JOIN embeddings USING (text_hash) "
                f"WHERE model = ? AND passage_id IN ({_marks(some)})",
                (model, *some),
            )
            found.update((key, np.frombuffer(blob, np.float16).astype(np.float32)) for key, blob in rows)
        return found

    def passages_of(self, article_id: str, version: int) -> list[Passage]:
        """The passages of one version of an article, in the order of the text."""
        rows = self._connection().execute(
            "SELECT passage_id, article_id, version, start, end, substr(text, start + 1, end - start) "
            "FROM passages JOIN articles USING (article_key) WHERE article_id = ? AND version = ? ORDER BY start",
            (article_id, version),
        )
        return [Passage(*row) for row in rows]

    def article(self, article_id: str, version: int) -> Article:
        """One version of an article; raises ArchiveError when it is not held."""
        row = (
            self._connection()
            .execute(f"SELECT {_COLUMNS} FROM articles WHERE article_id = ? AND version = ?", (article_id, version))
            .fetchone()
        )
        if row is None:
            raise ArchiveError(f"no version {version} of article {article_id} in {self.path}")
        return _article_of(row)

    def articles(self) -> Iterator[Article]:
        """Every version of every article, in the order in which they came."""
        rows = self._connection().execute(f"SELECT {_COLUMNS} FROM articles ORDER BY article_key")
        return map(_article_of, rows)

    def passage_table(self, through: int | None = None) -> tuple[list[ArticleRow], Integers]:
        """What search filters on: a row for each version of an article, and an integer row for each passage.

        Columns of the latter: passage id, article row, version, published_at, stood_from, stood_until (seconds; the
        lowest and the highest integer stand for an unknown or open moment). Rows are ordered by passage id. With
        `through`, versions that came after this sequence number are left out, and what they replaced still stands.
        """
        low, high = np.iinfo(np.int64).min, np.iinfo(np.int64).max
        last_key = high
        if through is not None:  # keys grow with the sequence, as passages do
            row = self._connection().execute(
                "SELECT article_key FROM passages WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1", (through,)
            )
            (last_key,) = row.fetchone() or (0,)
        rows = self._connection().execute(
            f"""
            SELECT article_key, article_id, source, agency, section, authors, coalesce(cluster_id, article_id), version,
                   coalesce(published_at, {low + 1}), coalesce(stood_from, {low + 1}),
                   lead(coalesce(stood_from, {low + 1}), 1, {high}) OVER
                       (PARTITION BY article_id ORDER BY coalesce(stood_from, {low + 1}), version)
            FROM articles LEFT JOIN clusters USING (article_id) WHERE article_key <= ? ORDER BY article_key
            """,
            (last_key,),
        )
        articles: list[ArticleRow] = []
        by_key: dict[int, tuple[int, ...]] = {}
        for key, article_id, source, agency, section, authors, cluster_id, *numbers in rows:
            by_key[key] = (len(articles), *numbers)
            articles.append(ArticleRow(article_id, source, agency, section, tuple(json.loads(authors)), cluster_id))
        pairs = self._connection().execute("SELECT passage_id, article_key FROM passages ORDER BY passage_id")
        table = [(passage_id, *by_key[key]) for passage_id, key in pairs if key in by_key]
        return articles, np.array(table, dtype=np.int64).reshape(-1, 6)

    def newest_articles(self, limit: int) -> list[Article]:
        """The latest version of the articles that were published last, newest first."""
        rows = self._connection().execute(
            f"SELECT {_COLUMNS} FROM articles AS one WHERE version = "
            "(SELECT max(version) FROM articles WHERE article_id = one.article_id) "
            "ORDER BY published_at DESC, article_key LIMIT ?",
            (limit,),
        )
        return [_article_of(row) for row in rows]

    def summary(self) -> Summary:
        """Counts, dates and sources of all that is held."""
        row = self._connection().execute(
            "SELECT count(DISTINCT article_id), count(*), count(*) FILTER (WHERE published_at IS NULL), "
            "min(published_at), max(published_at) FROM articles"
        )
        articles, versions, undated, first, last = row.fetchone()
        passages = self._connection().execute("SELECT count(*) FROM passages").fetchone()[0]
        sources = self._connection().execute(
            "SELECT source, count(DISTINCT article_id) FROM articles GROUP BY source ORDER BY 2 DESC, 1"
        )
        models = self._connection().execute("SELECT DISTINCT model FROM embeddings ORDER BY model")
        return Summary(
            articles=articles,
            versions=versions,
            passages=passages,
            undated=undated,
            first_published=_moment(first),
            last_published=_moment(last),
            sources=tuple(sources.fetchall()),
            sequence=self.sequence(),
            models=tuple(model for (model,) in models),
        )


def _next_sequence(connection: sqlite3.Connection) -> int:
    row = connection.execute("UPDATE state SET value = value + 1 WHERE name = 'sequence' RETURNING value").fetchone()
    return int(row[0])


def _number_versions(connection: sqlite3.Connection, article_id: str) -> None:
    """Count an article's versions from 1 in the order in which they stood, whatever the order in which they came."""
    rows = connection.execute(
        "SELECT article_key, version FROM articles WHERE article_id = ? "
        "ORDER BY stood_from IS NOT NULL, stood_from, article_key",
        (article_id,),
    ).fetchall()
    if [version for _, version in rows] != list(range(1, len(rows) + 1)):
        # By way of negative numbers: no two versions may have one number, not even for a moment.
        for number, (key, _) in enumerate(rows, start=1):
            connection.execute("UPDATE articles SET version = ? WHERE article_key = ?", (-number, key))
        connection.execute("UPDATE articles SET version = -version WHERE article_id = ?", (article_id,))


def _batches(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    for first in range(0, len(values), _MANY):
        yield values[first : first + _MANY]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _row_of(article: Article) -> tuple[object, ...]:
    return (
        article.id,
        article.version,
        article.url,
        article.source,
        article.title,
        article.text,
        json.dumps(article.authors, ensure_ascii=False),
        article.agency,
        article.section,
        json.dumps(article.keywords, ensure_ascii=False),
        article.language,
        _seconds(article.published_at),
        _seconds(article.updated_at),
        str(article.date_origin),
        _seconds(article.fetched_at),
        article.correction,
        article.fingerprint,
        _seconds(article.updated_at or article.published_at or article.fetched_at),
    )


def _article_of(row: Sequence[object]) -> Article:
    values = dict(zip(_FIELDS, row, strict=True))
    for name in ("authors", "keywords"):
        values[name] = tuple(json.loads(str(values[name])))
    for name in ("published_at", "updated_at", "fetched_at"):
        values[name] = _moment(values[name])  # type: ignore[arg-type]
    values["date_origin"] = DateOrigin(str(values["date_origin"]))
    return Article(**values)  # type: ignore[arg-type]
