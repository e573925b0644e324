"""The archive: what is added to the system of record and removed from it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from corpus.article import Article
from corpus.sentences import Span
from indexer.storage.reading import ReadableArchive
from indexer.storage.rows import COLUMNS, Vector, blob_of, placeholders, values_of

_UNUSED = "text_hash NOT IN (SELECT text_hash FROM passages)"


class Archive(ReadableArchive):
    """An open archive; the writer also holds the lock of its folder."""

    def set_state(self, name: str, value: str) -> None:
        """Store a named fact about the archive as a whole."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def add(self, article: Article, passages: Sequence[tuple[Span, bytes]], signature: bytes) -> int:
        """Store a version of an article with its passages (span, hash of the embedded text); returns the sequence."""
        values = (*values_of(article), signature)
        with self.transaction() as connection:
            sequence = _next_sequence(connection)
            key = connection.execute(
                f"INSERT INTO articles ({COLUMNS}, fingerprint, stood_from, signature) VALUES ({placeholders(values)})",
                values,
            ).lastrowid
            connection.executemany(
                "INSERT INTO passages (article_key, start, end, text_hash, sequence) VALUES (?, ?, ?, ?, ?)",
                [(key, span.start, span.end, digest, sequence) for span, digest in passages],
            )
            _number_versions(connection, article.id)
        return sequence

    def remove(self, article_ids: Iterable[str]) -> int:
        """Remove every version of these articles; returns how many of the articles there were."""
        removed = 0
        with self.transaction() as connection:
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

    def erase_removed(self) -> None:
        """Leave no byte of removed articles in the file, nor any vector of a text that no passage has.

        Raises ArchiveError while another process reads an old state of the archive.
        """
        self.drop_unused_vectors()
        self.erase_deleted()

    def set_clusters(self, cluster_ids: Mapping[str, str]) -> None:
        """Store which articles are syndicated copies: article id to cluster id; an article not in it stands alone."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM clusters")
            connection.executemany("INSERT INTO clusters VALUES (?, ?)", cluster_ids.items())

    def keep_vectors(self, model: str, vectors: Mapping[bytes, Vector]) -> None:
        """Store the vectors of texts, so that no text is embedded twice."""
        rows = [(digest, model, blob_of(vector)) for digest, vector in vectors.items()]
        with self.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", rows)

    def drop_unused_vectors(self) -> None:
        """Delete the vectors of texts that no passage has."""
        with self.transaction() as connection:
            connection.execute(f"DELETE FROM embeddings WHERE {_UNUSED}")

    def unused_vectors(self) -> int:
        """How many vectors are of texts that no passage has: of removed articles, or of an add that was killed."""
        return int(self.select(f"SELECT count(*) FROM embeddings WHERE {_UNUSED}").fetchone()[0])


def _next_sequence(connection: sqlite3.Connection) -> int:
    row = connection.execute("UPDATE state SET value = value + 1 WHERE name = 'sequence' RETURNING value").fetchone()
    return int(row[0])


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
