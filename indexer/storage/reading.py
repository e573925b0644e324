"""Reads articles, passages, vectors and syndicated copies from an archive."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from corpus.article import Article
from corpus.article_warnings import ArticleWarning
from indexer.errors import ArchiveError, DamagedArchiveError
from indexer.storage.file import ArchiveFile
from indexer.storage.integrity import StoredVersion, text_fingerprint, vector_checksum, version_checksum
from indexer.storage.passage import Passage
from indexer.storage.rows import (
    COLUMNS,
    FIELDS,
    DatedPassage,
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

IS_LATEST = "version = (SELECT max(version) FROM articles WHERE article_id = one.article_id)"
_FIRST = datetime.min.replace(tzinfo=UTC)


class ReadableArchive(ArchiveFile):
    """The queries that search and answers need; nothing damaged is returned."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """As ArchiveFile."""
        self.damaged: set[tuple[str, int]] = set()  # versions found so: article id and number
        super().__init__(path, create=create)

    def sequence(self) -> int:
        """A number that grows with every change of articles or passages."""
        return int(self.select("SELECT value FROM state WHERE name = 'sequence'").fetchone()[0])

    def state(self, name: str) -> str | None:
        """A named fact about the archive as a whole."""
        row = self.select("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def fingerprints(self, article_id: str) -> dict[str, int]:
        """The fingerprint of each version of an article, with the version's number."""
        return dict(self.select("SELECT fingerprint, version FROM articles WHERE article_id = ?", (article_id,)))

    def article(self, article_id: str, version: int) -> Article:
        """One version of an article; raises ArchiveError when it is not in the archive, or DamagedArchiveError."""
        for stored in self.stored_versions("article_id = ? AND version = ?", (article_id, version)):
            if stored.article is None:
                raise DamagedArchiveError(
                    f"version {version} of article {article_id} in {self.path} is damaged; see what to do with: "
                    "python -m indexer doctor"
                )
            return stored.article
        raise ArchiveError(f"no version {version} of article {article_id} in {self.path}")

    def articles(self) -> Iterator[Article]:
        """Every version of every article that is not damaged, in the order in which they were added."""
        return (one.article for one in self.stored_versions("1 ORDER BY article_key") if one.article)

    def whole_articles(self, wanted: Iterable[tuple[str, int]]) -> list[Article]:
        """Those of the versions, by article id and number, that are in the archive and not damaged."""
        found = (
            stored.article for one in wanted for stored in self.stored_versions("article_id = ? AND version = ?", one)
        )
        return [article for article in found if article]

    def stored_versions(self, condition: str, values: Sequence[object] = ()) -> Iterator[StoredVersion]:
        """The versions that fit a condition, each compared with its checksum; a warning is logged for a damaged one."""
        rows = self.select(
            f"SELECT article_key, checksum, {COLUMNS}, fingerprint, stood_from FROM articles AS one WHERE {condition}",
            values,
        )
        for key, checksum, *stored in rows:
            version = self._compared(key, checksum, stored)
            if version.is_damaged and (version.article_id, version.version) not in self.damaged:
                self.damaged.add((version.article_id, version.version))
                logging.getLogger(__name__).warning(
                    "version %d of %r (%s) is damaged and not quoted; see: python -m indexer doctor",
                    version.version,
                    version.title,
                    version.url,
                )
            yield version

    def _compared(self, key: int, checksum: bytes | None, stored: Sequence[Any]) -> StoredVersion:
        passages = tuple(
            self.select(
                "SELECT passage_id, start, end, text_hash, sequence FROM passages WHERE article_key = ? "
                "ORDER BY passage_id",
                (key,),
            )
        )
        *columns, fingerprint, stood_from = stored
        by_name = dict(zip(FIELDS, columns, strict=True))
        if checksum is None:  # written by an older Dateline
            is_whole = (
                text_fingerprint(by_name["title"], by_name["text"], withdrawn=bool(by_name["is_withdrawn"]))
                == fingerprint
            )
        else:
            is_whole = version_checksum(stored, passages) == checksum
        return StoredVersion(
            key=key,
            article_id=str(by_name["id"]),
            version=by_name["version"] if isinstance(by_name["version"], int) else 0,
            title=str(by_name["title"]),
            url=by_name["url"],
            fingerprint=str(fingerprint),
            stood_from=stood_from,
            article=article_of(columns) if is_whole else None,
            passages=passages,
        )

    def passages(self, passage_ids: Sequence[int]) -> dict[int, Passage]:
        """The passages with these ids, without those of damaged versions."""
        found: dict[int, Passage] = {}
        for some in batches(passage_ids):
            versions = self.stored_versions(
                f"article_key IN (SELECT article_key FROM passages WHERE passage_id IN ({placeholders(some)}))", some
            )
            by_id = {passage.id: passage for version in versions for passage in _passages_of(version)}
            found.update((passage_id, by_id[passage_id]) for passage_id in some if passage_id in by_id)
        return found

    def passages_of(self, article_id: str, version: int) -> list[Passage]:
        """The passages of one version of an article, in the order of the text; none of a damaged one."""
        versions = self.stored_versions("article_id = ? AND version = ?", (article_id, version))
        return sorted((one for stored in versions for one in _passages_of(stored)), key=lambda one: one.start)

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

    def passage_ids(self, after: int = 0) -> Integers:
        """The ids of all passages, ascending; or of those added by the changes after a sequence number."""
        rows = self.select("SELECT passage_id FROM passages WHERE sequence > ? ORDER BY passage_id", (after,))
        return np.fromiter((passage_id for (passage_id,) in rows), dtype=np.int64)

    def dated_passages(self, passage_ids: Sequence[int]) -> list[DatedPassage]:
        """Those of the passages that are in the archive, by id."""
        found: list[DatedPassage] = []
        for some in batches(passage_ids):
            rows = self.select(
                "SELECT passage_id, text_hash, coalesce(cast(strftime('%Y', published_at, 'unixepoch') AS INTEGER), 0) "
                "FROM passages JOIN articles USING (article_key) "
                f"WHERE passage_id IN ({placeholders(some)}) ORDER BY passage_id",
                some,
            )
            found += [DatedPassage(*row) for row in rows]
        return found

    def last_removal(self) -> int:
        """The sequence number of the last change that removed something; 0 for none."""
        return int(self.select("SELECT coalesce(max(sequence), 0) FROM removals").fetchone()[0])

    def passages_removed_between(self, after: int, through: int) -> list[int]:
        """The ids of the passages removed by the changes after one sequence number and through another."""
        rows = self.select("SELECT passage_id FROM removals WHERE sequence > ? AND sequence <= ?", (after, through))
        return [passage_id for (passage_id,) in rows]

    def vectors(self, model: str, hashes: Iterable[bytes]) -> dict[bytes, Vector]:
        """The vectors stored for these texts, without damaged ones: float32, of length 1."""
        found: dict[bytes, Vector] = {}
        for some in batches(list(hashes)):
            rows = self.select(
                "SELECT text_hash, vector, checksum FROM embeddings "
                f"WHERE model = ? AND text_hash IN ({placeholders(some)})",
                (model, *some),
            )
            found.update(
                (digest, vector_of(blob))
                for digest, blob, checksum in rows
                if is_as_stored(digest, model, blob, checksum)
            )
        return found

    def passage_vectors(self, model: str, passage_ids: Sequence[int]) -> dict[int, Vector]:
        """The vectors of these passages, without damaged ones: float32, of length 1."""
        found: dict[int, Vector] = {}
        for some in batches(passage_ids):
            rows = self.select(
                "SELECT passage_id, text_hash, vector, checksum FROM passages JOIN embeddings USING (text_hash) "
                f"WHERE model = ? AND passage_id IN ({placeholders(some)})",
                (model, *some),
            )
            found.update(
                (key, vector_of(blob))
                for key, digest, blob, checksum in rows
                if is_as_stored(digest, model, blob, checksum)
            )
        return found

    def passages_without_vector(self, model: str) -> int:
        """How many passages have no vector by this model, or a damaged one."""
        hashes = [digest for (digest,) in self.select("SELECT text_hash FROM passages")]
        found = self.vectors(model, set(hashes))
        return sum(digest not in found for digest in hashes)

    def warning_counts(self) -> list[tuple[ArticleWarning, int]]:
        """How many latest versions have each warning."""
        rows = self.select(
            "SELECT value, count(*) FROM articles AS one, json_each(one.warnings) "
            f"WHERE {IS_LATEST} GROUP BY value ORDER BY value"
        )
        return [(ArticleWarning(value), count) for value, count in rows]

    def signatures(self) -> Iterator[tuple[str, bytes, datetime | None, str | None]]:
        """Article id, packed signature, date and agency of the latest version of every article."""
        rows = self.select(
            "SELECT article_id, signature, published_at, agency FROM articles AS one "
            f"WHERE {IS_LATEST} ORDER BY article_key"
        )
        return ((article_id, packed, moment(seconds), agency) for article_id, packed, seconds, agency in rows)

    def copies_of(self, article_id: str) -> list[Article]:
        """The latest versions of an article's syndicated copies, earliest first."""
        versions = self.stored_versions(
            f"{IS_LATEST} AND article_id <> ? AND article_id IN (SELECT article_id FROM clusters WHERE cluster_id = "
            "(SELECT cluster_id FROM clusters WHERE article_id = ?)) ORDER BY published_at, article_key",
            (article_id, article_id),
        )
        return [one.article for one in versions if one.article]

    def syndicated_copies(self, article_ids: Sequence[str]) -> list[tuple[str, int, SyndicatedCopy]]:
        """Every version of every article in these articles' clusters, with cluster and first passage, earliest first.

        An article that stands alone has none; articles without a date come last.
        """
        found: list[tuple[str, int, SyndicatedCopy]] = []
        for some in batches(article_ids):
            clusters = dict(
                self.select(
                    "SELECT article_id, cluster_id FROM clusters WHERE cluster_id IN "
                    f"(SELECT cluster_id FROM clusters WHERE article_id IN ({placeholders(some)}))",
                    some,
                ).fetchall()
            )
            found += [
                (clusters[copy.article_id], passages[0][0], _copy_of(copy.article))
                for ids in batches(list(clusters))
                for copy in self.stored_versions(f"article_id IN ({placeholders(ids)})", ids)
                if copy.article and (passages := copy.passages)
            ]
        return sorted(found, key=lambda one: (one[2].published_at is None, one[2].published_at or _FIRST, one[1]))


def _passages_of(version: StoredVersion) -> Iterator[Passage]:
    article = version.article
    for passage_id, start, end, *_ in version.passages if article else ():
        assert article
        yield Passage(passage_id, article.id, article.version, start, end, article.text[start:end])


def _copy_of(article: Article) -> SyndicatedCopy:
    return SyndicatedCopy(article.id, article.version, article.title, article.source, article.published_at, article.url)


def is_as_stored(digest: bytes, model: str, blob: bytes, checksum: bytes | None) -> bool:
    """Whether a vector is as it was written; one of an older Dateline has no checksum."""
    return checksum is None or vector_checksum(digest, model, blob) == checksum
