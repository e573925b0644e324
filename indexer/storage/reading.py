"""What an archive holds, by id: articles, passages, vectors and syndicated copies."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import numpy as np

from corpus.article import Article
from corpus.article_warnings import ArticleWarning
from indexer.errors import ArchiveError
from indexer.storage.file import ArchiveFile
from indexer.storage.passage import Passage
from indexer.storage.rows import (
    COLUMNS,
    ArticleRow,
    Integers,
    PassageRow,
    Vector,
    article_of,
    batches,
    moment,
    placeholders,
    vector_of,
)
from indexer.storage.syndication import SyndicatedCopy

_IS_LATEST = "version = (SELECT max(version) FROM articles WHERE article_id = one.article_id)"
_PASSAGE = "passage_id, article_id, version, start, end, substr(text, start + 1, end - start)"


class ReadableArchive(ArchiveFile):
    """The queries that search and answers are made of."""

    def sequence(self) -> int:
        """A number that grows with every change of articles or passages."""
        return int(self.select("SELECT value FROM state WHERE name = 'sequence'").fetchone()[0])

    def state(self, name: str) -> str | None:
        """A named fact about the archive as a whole."""
        row = self.select("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def article(self, article_id: str, version: int) -> Article:
        """One version of an article; raises ArchiveError when the archive does not hold it."""
        row = self.select(
            f"SELECT {COLUMNS} FROM articles WHERE article_id = ? AND version = ?", (article_id, version)
        ).fetchone()
        if row is None:
            raise ArchiveError(f"no version {version} of article {article_id} in {self.path}")
        return article_of(row)

    def articles(self) -> Iterator[Article]:
        """Every version of every article, in the order in which they were added."""
        return map(article_of, self.select(f"SELECT {COLUMNS} FROM articles ORDER BY article_key"))

    def fingerprints(self, article_id: str) -> dict[str, int]:
        """The fingerprint of each version of an article, with the version's number."""
        return dict(self.select("SELECT fingerprint, version FROM articles WHERE article_id = ?", (article_id,)))

    def passages(self, passage_ids: Sequence[int]) -> dict[int, Passage]:
        """The passages with these ids."""
        found: dict[int, Passage] = {}
        for some in batches(passage_ids):
            rows = self.select(
                f"SELECT {_PASSAGE} FROM passages JOIN articles USING (article_key) "
                f"WHERE passage_id IN ({placeholders(some)})",
                some,
            )
            found.update((row[0], Passage(*row)) for row in rows)
        return found

    def passages_of(self, article_id: str, version: int) -> list[Passage]:
        """The passages of one version of an article, in the order of the text."""
        rows = self.select(
            f"SELECT {_PASSAGE} FROM passages JOIN articles USING (article_key) "
            "WHERE article_id = ? AND version = ? ORDER BY start",
            (article_id, version),
        )
        return [Passage(*row) for row in rows]

    def titles(self, passage_ids: Sequence[int]) -> dict[int, str]:
        """The title of the article of each of these passages."""
        found: dict[int, str] = {}
        for some in batches(passage_ids):
            rows = self.select(
                "SELECT passage_id, title FROM passages JOIN articles USING (article_key) "
                f"WHERE passage_id IN ({placeholders(some)})",
                some,
            )
            found.update(rows.fetchall())
        return found

    def passages_between(self, after: int, through: int) -> list[PassageRow]:
        """The passages added by the changes after one sequence number and through another, by id."""
        rows = self.select(
            "SELECT passage_id, start, end, text_hash FROM passages WHERE sequence > ? AND sequence <= ? "
            "ORDER BY passage_id",
            (after, through),
        )
        return [PassageRow(*row) for row in rows]

    def count_passages_between(self, after: int, through: int) -> int:
        """How many passages remain that were added after one sequence number and through another."""
        row = self.select("SELECT count(*) FROM passages WHERE sequence > ? AND sequence <= ?", (after, through))
        return int(row.fetchone()[0])

    def passages_removed_between(self, after: int, through: int) -> list[int]:
        """The ids of the passages removed by the changes after one sequence number and through another."""
        rows = self.select("SELECT passage_id FROM removals WHERE sequence > ? AND sequence <= ?", (after, through))
        return [passage_id for (passage_id,) in rows]

    def vectors(self, model: str, hashes: Iterable[bytes]) -> dict[bytes, Vector]:
        """The vectors stored for these texts: float32, of length 1."""
        found: dict[bytes, Vector] = {}
        for some in batches(list(hashes)):
            rows = self.select(
                f"SELECT text_hash, vector FROM embeddings WHERE model = ? AND text_hash IN ({placeholders(some)})",
                (model, *some),
            )
            found.update((digest, vector_of(blob)) for digest, blob in rows)
        return found

    def passage_vectors(self, model: str, passage_ids: Sequence[int]) -> dict[int, Vector]:
        """The vectors of these passages: float32, of length 1."""
        found: dict[int, Vector] = {}
        for some in batches(passage_ids):
            rows = self.select(
                "SELECT passage_id, vector FROM passages JOIN embeddings USING (text_hash) "
                f"WHERE model = ? AND passage_id IN ({placeholders(some)})",
                (model, *some),
            )
            found.update((key, vector_of(blob)) for key, blob in rows)
        return found

    def passages_without_vector(self, model: str) -> int:
        """How many passages have no vector by this model."""
        row = self.select(
            "SELECT count(*) FROM passages WHERE text_hash NOT IN (SELECT text_hash FROM embeddings WHERE model = ?)",
            (model,),
        )
        return int(row.fetchone()[0])

    def warning_counts(self) -> list[tuple[ArticleWarning, int]]:
        """How many latest versions have each warning."""
        rows = self.select(
            "SELECT value, count(*) FROM articles AS one, json_each(one.warnings) "
            f"WHERE {_IS_LATEST} GROUP BY value ORDER BY value"
        )
        return [(ArticleWarning(value), count) for value, count in rows]

    def signatures(self) -> Iterator[tuple[str, bytes, datetime | None, str | None]]:
        """Article id, packed signature, date and agency of the latest version of every article."""
        rows = self.select(
            "SELECT article_id, signature, published_at, agency FROM articles AS one "
            f"WHERE {_IS_LATEST} ORDER BY article_key"
        )
        return ((article_id, packed, moment(seconds), agency) for article_id, packed, seconds, agency in rows)

    def copies_of(self, article_id: str) -> list[Article]:
        """The latest versions of an article's syndicated copies, earliest first."""
        rows = self.select(
            f"SELECT {COLUMNS} FROM articles AS one JOIN clusters USING (article_id) WHERE cluster_id = "
            "(SELECT cluster_id FROM clusters WHERE article_id = ?) AND article_id <> ? "
            f"AND {_IS_LATEST} ORDER BY published_at, article_key",
            (article_id, article_id),
        )
        return [article_of(row) for row in rows]

    def syndicated_copies(self, article_ids: Sequence[str]) -> list[tuple[str, int, SyndicatedCopy]]:
        """Every version of every article in these articles' clusters, with cluster and first passage, earliest first.

        An article that stands alone has none; articles without a date come last.
        """
        found: list[tuple[str, int, SyndicatedCopy]] = []
        for some in batches(article_ids):
            rows = self.select(
                "SELECT cluster_id, min(passage_id), article_id, version, title, source, published_at, url "
                "FROM clusters JOIN articles USING (article_id) JOIN passages USING (article_key) WHERE cluster_id IN "
                f"(SELECT cluster_id FROM clusters WHERE article_id IN ({placeholders(some)})) "
                "GROUP BY article_key ORDER BY published_at IS NULL, published_at, article_key",
                some,
            )
            found += [
                (cluster_id, passage_id, SyndicatedCopy(article_id, version, title, source, moment(seconds), url))
                for cluster_id, passage_id, article_id, version, title, source, seconds, url in rows
            ]
        return found

    def passage_table(self, through: int | None = None) -> tuple[list[ArticleRow], Integers]:
        """What search filters on: a row for each version of an article, and an integer row for each passage.

        Columns of the latter: passage id, article row, version, published_at, stood_from, stood_until (seconds; the
        lowest and the highest integer stand for an unknown or open moment). Rows are ordered by passage id. With
        `through`, versions added after this sequence number are left out, and what they replaced still stands.
        """
        articles, by_key = self._article_rows(self._last_key(through))
        pairs = self.select("SELECT passage_id, article_key FROM passages ORDER BY passage_id")
        table = [(passage_id, *by_key[key]) for passage_id, key in pairs if key in by_key]
        return articles, np.array(table, dtype=np.int64).reshape(-1, 6)

    def _last_key(self, through: int | None) -> int:
        """Article keys grow with the sequence, as passages do."""
        if through is None or through >= self.sequence():  # a withdrawn version at the end has no passages
            return int(np.iinfo(np.int64).max)
        row = self.select(
            "SELECT article_key FROM passages WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1", (through,)
        )
        return int((row.fetchone() or (0,))[0])

    def _article_rows(self, last_key: int) -> tuple[list[ArticleRow], dict[int, tuple[int, ...]]]:
        low, high = np.iinfo(np.int64).min, np.iinfo(np.int64).max
        rows = self.select(
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
        return articles, by_key
