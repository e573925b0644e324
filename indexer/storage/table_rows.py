"""The rows on which search filters: of the versions of articles, and of their passages."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from indexer.storage.reading import ReadableArchive
from indexer.storage.rows import ArticleRow, Integers, batches, names_in, placeholders

UNKNOWN = int(np.iinfo(np.int64).min) + 1  # stands for an unknown moment
_NEVER = int(np.iinfo(np.int64).max)  # for one that has not come

_VERSIONS = f"""
    SELECT article_key, article_id, source, agency, section, authors, coalesce(cluster_id, article_id),
           cast(version AS INTEGER), cast(coalesce(published_at, {UNKNOWN}) AS INTEGER),
           cast(coalesce(published_at + 60 * utc_offset_minutes, {UNKNOWN}) AS INTEGER),
           cast(coalesce(stood_from, {UNKNOWN}) AS INTEGER),
           cast(lead(coalesce(stood_from, {UNKNOWN}), 1, {_NEVER}) OVER
               (PARTITION BY article_id ORDER BY coalesce(stood_from, {UNKNOWN}), version) AS INTEGER)
    FROM articles LEFT JOIN clusters USING (article_id)
"""


class VersionRow(NamedTuple):
    """A version of an article; the moments are seconds since 1970, UNKNOWN or never."""

    key: int
    article: ArticleRow
    numbers: tuple[int, int, int, int, int]  # version, published, the same by the publisher's clock, stood from, until


def last_key(archive: ReadableArchive, through: int | None) -> int:
    """The largest key of an article that was added through a sequence number; keys grow with it, as passage ids do."""
    if through is None or through >= archive.sequence():  # a withdrawn version at the end has no passages
        return _NEVER
    row = archive.select(
        "SELECT article_key FROM passages WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1", (through,)
    )
    return int((row.fetchone() or (0,))[0])


def version_rows(archive: ReadableArchive, last: int, article_ids: Sequence[str] | None = None) -> Iterator[VersionRow]:
    """The versions with keys up to `last`, by key; of all articles or of these.

    A version after `last` ends none: what it replaces still stands.
    """
    if article_ids is None:
        yield from _rows(archive, f"{_VERSIONS} WHERE article_key <= ? ORDER BY article_key", (last,))
        return
    found = [
        row
        for some in batches(article_ids)
        for row in _rows(
            archive, f"{_VERSIONS} WHERE article_id IN ({placeholders(some)}) AND article_key <= ?", (*some, last)
        )
    ]
    yield from sorted(found)


def articles_after(archive: ReadableArchive, after: int, last: int) -> list[str]:
    """The articles with a version whose key is after one and up to another."""
    rows = archive.select(
        "SELECT DISTINCT article_id FROM articles WHERE article_key > ? AND article_key <= ?", (after, last)
    )
    return [article_id for (article_id,) in rows]


def passage_rows(archive: ReadableArchive, after: int, last: int) -> tuple[Integers, Integers]:
    """Ids of passages, ascending, with the keys of their articles, which are after one and up to another."""
    rows = archive.select(
        "SELECT passage_id, article_key FROM passages WHERE article_key > ? AND article_key <= ? ORDER BY passage_id",
        (after, last),
    )
    table = np.fromiter(rows.in_bulk(), dtype=[("id", np.int64), ("key", np.int64)])
    return table["id"].copy(), table["key"].copy()


def clusters_after(archive: ReadableArchive, sequence: int) -> list[tuple[int, str]]:
    """The key of every version whose article has changed its cluster since, with the cluster."""
    rows = archive.select(
        "SELECT article_key, cluster_id FROM clusters JOIN articles USING (article_id) WHERE sequence > ?", (sequence,)
    )
    return rows.fetchall()


def _rows(archive: ReadableArchive, statement: str, values: Sequence[object]) -> Iterator[VersionRow]:
    names: dict[str, tuple[str, ...]] = {}
    same: dict[str | None, str | None] = {}  # sources, agencies and sections are few: one object for each
    rows = archive.select(statement, values).in_bulk()
    for key, article_id, source, agency, section, authors, cluster_id, *numbers in rows:
        if authors not in names:
            names[authors] = names_in(authors)
        agency, section = (same.setdefault(name, name) for name in (agency, section))
        article = ArticleRow(
            article_id,
            same.setdefault(source, source) or source,
            agency,
            section,
            names[authors],
            article_id if cluster_id == article_id else cluster_id,
        )
        yield VersionRow(key, article, tuple(numbers))
