"""Adds to the archive and removes from it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from corpus.article import Article
from corpus.sentences import Span
from indexer.storage.clusters import join_cluster, leave_clusters
from indexer.storage.integrity import vector_checksum, version_checksum
from indexer.storage.reading import ReadableArchive
from indexer.storage.rows import COLUMNS, Vector, blob_of, placeholders, seconds, values_of
from indexer.storage.sequence import next_sequence
from indexer.storage.signatures import add_signature, drop_signatures
from indexer.storage.traces import Traces, hash_of

_UNUSED = "text_hash NOT IN (SELECT text_hash FROM passages)"
Passages = Sequence[tuple[Span, bytes]]  # the span and the hash of the embedded text


class Archive(ReadableArchive):
    """An open archive; a writer must have locked its folder."""

    def set_state(self, name: str, value: str) -> None:
        """Store a named fact about the archive as a whole."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def add(self, article: Article, passages: Passages, signature: bytes) -> int:
        """Store a version of an article with its passages; returns the sequence."""
        with self.transaction() as connection:
            sequence = next_sequence(connection)
            before = _latest_key(connection, article.id)
            _insert(connection, article, passages, signature, sequence)
            _number_versions(connection, article.id)
            if _latest_key(connection, article.id) != before:
                _cluster_again(connection, article.id, sequence)
        return sequence

    def replace_damaged(self, key: int, article: Article, passages: Passages, signature: bytes) -> None:
        """Store a version in place of the damaged one with this key."""
        with self.transaction() as connection:
            sequence = next_sequence(connection)
            _delete(connection, "article_key = ?", key, sequence)
            _insert(connection, article, passages, signature, sequence)
            _number_versions(connection, article.id)
            _cluster_again(connection, article.id, sequence)
        self.damaged.clear()

    def drop_version(self, key: int) -> None:
        """Delete the version with this key and its passages."""
        with self.transaction() as connection:
            sequence = next_sequence(connection)
            (article_id,) = connection.execute(
                "SELECT article_id FROM articles WHERE article_key = ?", (key,)
            ).fetchone()
            _delete(connection, "article_key = ?", key, sequence)
            _cluster_again(connection, article_id, sequence)
        self.damaged.clear()

    def remove(self, article_ids: Iterable[str], *, to_purge: bool = False) -> int:
        """Remove every version of these articles; returns how many of the articles there were.

        Hashes of their words are noted, so that a purge can find the words wherever they were copied to.
        """
        removed, gone = 0, list(article_ids)
        with self.transaction() as connection:
            sequence = next_sequence(connection)
            for article_id in gone:
                self._note_removal(connection, article_id, to_purge=to_purge)
                removed += _delete(connection, "article_id = ?", article_id, sequence) > 0
            leave_clusters(connection, gone, sequence)
        return removed

    def _note_removal(self, connection: sqlite3.Connection, article_id: str, *, to_purge: bool) -> None:
        stored = self.stored_versions("article_id = ?", (article_id,))
        articles = [one.article for one in stored if one.article]
        for article in articles[-1:]:
            connection.execute(
                "INSERT INTO removed_articles VALUES (?, ?, ?, ?, ?, ?)",
                (
                    hash_of(article.id),
                    hash_of(article.url) if article.url else None,
                    article.source,
                    seconds(article.published_at),
                    Traces.of(articles).packed(),
                    int(to_purge),
                ),
            )

    def mark_removed_to_purge(
        self,
        *,
        url: str | None = None,
        source: str | None = None,
        published_from: datetime | None = None,
        published_before: datetime | None = None,
    ) -> int:
        """Mark the articles removed earlier that fit everything given as to be purged; returns how many."""
        conditions = {
            "url_hash = ?": hash_of(url) if url else None,
            "source = ?": source,
            "published_at >= ?": seconds(published_from),
            "published_at < ?": seconds(published_before),
        }
        given = {condition: value for condition, value in conditions.items() if value is not None}
        with self.transaction() as connection:
            return connection.execute(
                f"UPDATE removed_articles SET to_purge = 1 WHERE {' AND '.join(['to_purge = 0', *given])}",
                tuple(given.values()),
            ).rowcount

    def traces_to_purge(self) -> Traces:
        """The traces by which the words of articles to be purged are found in files."""
        return Traces.unpacked(
            packed for (packed,) in self.select("SELECT traces FROM removed_articles WHERE to_purge = 1")
        )

    def forget_purged(self) -> None:
        """Forget what was to be purged, once it is gone from every file."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM removed_articles WHERE to_purge = 1")

    def erase_removed(self) -> None:
        """Leave no byte of removed articles in the file, nor any vector of a text that no passage has.

        Raises ArchiveError while another process reads an old state of the archive.
        """
        self.drop_unused_vectors()
        self.erase_deleted()

    def seal(self) -> None:
        """Add checksums to what an older Dateline wrote, if its text still has its fingerprint."""
        unsealed = [one for one in self.stored_versions("checksum IS NULL") if not one.is_damaged]
        vectors = self.select("SELECT text_hash, model, vector FROM embeddings WHERE checksum IS NULL").fetchall()
        with self.transaction() as connection:
            for one in unsealed:
                _set_checksum(connection, one.key)
            connection.executemany(
                "UPDATE embeddings SET checksum = ? WHERE text_hash = ? AND model = ?",
                [(vector_checksum(digest, model, blob), digest, model) for digest, model, blob in vectors],
            )

    def keep_vectors(self, model: str, vectors: Mapping[bytes, Vector]) -> None:
        """Store the vectors of texts, so that no text is embedded twice."""
        blobs = {digest: blob_of(vector) for digest, vector in vectors.items()}
        rows = [(digest, model, blob, vector_checksum(digest, model, blob)) for digest, blob in blobs.items()]
        with self.transaction() as connection:  # a damaged one is replaced
            connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?)", rows)

    def drop_unused_vectors(self) -> None:
        """Delete the vectors of texts that no passage has."""
        with self.transaction() as connection:
            connection.execute(f"DELETE FROM embeddings WHERE {_UNUSED}")

    def unused_vectors(self) -> int:
        """How many vectors are of texts that no passage has: of removed articles, or of an add that was killed."""
        return int(self.select(f"SELECT count(*) FROM embeddings WHERE {_UNUSED}").fetchone()[0])


def _insert(
    connection: sqlite3.Connection, article: Article, passages: Passages, signature: bytes, sequence: int
) -> None:
    values = (*values_of(article), signature, add_signature(connection, signature))
    key = connection.execute(
        f"INSERT INTO articles ({COLUMNS}, fingerprint, stood_from, signature, signature_hash) "
        f"VALUES ({placeholders(values)})",
        values,
    ).lastrowid
    connection.executemany(
        "INSERT INTO passages (article_key, start, end, text_hash, sequence) VALUES (?, ?, ?, ?, ?)",
        [(key, span.start, span.end, digest, sequence) for span, digest in passages],
    )
    assert key is not None
    _set_checksum(connection, key)


def _set_checksum(connection: sqlite3.Connection, key: int) -> None:
    values = connection.execute(
        f"SELECT {COLUMNS}, fingerprint, stood_from FROM articles WHERE article_key = ?", (key,)
    ).fetchone()
    passages = connection.execute(
        "SELECT passage_id, start, end, text_hash, sequence FROM passages WHERE article_key = ? ORDER BY passage_id",
        (key,),
    ).fetchall()
    checksum = version_checksum(values, passages)
    connection.execute("UPDATE articles SET checksum = ? WHERE article_key = ?", (checksum, key))


def _delete(connection: sqlite3.Connection, condition: str, value: object, sequence: int) -> int:
    """Delete versions with their passages, and note the passages for the derived indexes; returns how many versions."""
    noted = connection.execute(
        "INSERT OR REPLACE INTO removals SELECT passage_id, ? FROM passages JOIN articles USING (article_key) "
        f"WHERE {condition}",
        (sequence, value),
    ).rowcount
    signatures = connection.execute(f"SELECT signature FROM articles WHERE {condition}", (value,)).fetchall()
    deleted = connection.execute(f"DELETE FROM articles WHERE {condition}", (value,)).rowcount
    drop_signatures(connection, (packed for (packed,) in signatures if isinstance(packed, bytes)))
    if deleted and not noted:  # a withdrawn version has no passages, and yet its removal must be noticed
        connection.execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", (-sequence, sequence))
    return deleted


def _latest_key(connection: sqlite3.Connection, article_id: str) -> int | None:
    row = connection.execute(
        "SELECT article_key FROM articles WHERE article_id = ? ORDER BY version DESC LIMIT 1", (article_id,)
    ).fetchone()
    return None if row is None else int(row[0])


def _cluster_again(connection: sqlite3.Connection, article_id: str, sequence: int) -> None:
    """After its latest version has changed."""
    leave_clusters(connection, [article_id], sequence)
    if _latest_key(connection, article_id) is not None:
        join_cluster(connection, article_id, sequence)


def _number_versions(connection: sqlite3.Connection, article_id: str) -> None:
    """Number an article's versions from 1 in the order in which they stood, whatever the order of adding."""
    rows = connection.execute(
        "SELECT article_key, version FROM articles WHERE article_id = ? "
        "ORDER BY stood_from IS NOT NULL, stood_from, article_key",
        (article_id,),
    ).fetchall()
    if [version for _, version in rows] != list(range(1, len(rows) + 1)):
        # Through negative numbers, because no two versions may share a number even for a moment.
        for number, (key, _) in enumerate(rows, start=1):
            connection.execute("UPDATE articles SET version = ? WHERE article_key = ?", (-number, key))
        connection.execute("UPDATE articles SET version = -version WHERE article_id = ?", (article_id,))
