"""Lists, counts and facets of an archive."""

from dataclasses import dataclass
from datetime import datetime

from indexer.storage.archive import Archive
from indexer.storage.rows import moment, seconds


@dataclass(frozen=True, slots=True)
class Summary:
    """The contents of an archive in numbers."""

    articles: int
    versions: int
    passages: int
    undated: int
    first_published: datetime | None
    last_published: datetime | None
    sources: tuple[tuple[str, int], ...]  # the source and its number of articles, most first
    sequence: int
    models: tuple[str, ...]  # fingerprints of the models whose vectors are stored


def summary_of(archive: Archive) -> Summary:
    """Counts, dates and sources of everything in the archive."""
    row = archive.select(
        "SELECT count(DISTINCT article_id), count(*), count(*) FILTER (WHERE published_at IS NULL), "
        "min(published_at), max(published_at) FROM articles"
    )
    articles, versions, undated, first, last = row.fetchone()
    return Summary(
        articles=articles,
        versions=versions,
        passages=archive.select("SELECT count(*) FROM passages").fetchone()[0],
        undated=undated,
        first_published=moment(first),
        last_published=moment(last),
        sources=sources(archive),
        sequence=archive.sequence(),
        models=tuple(model for (model,) in archive.select("SELECT DISTINCT model FROM embeddings ORDER BY model")),
    )


def sources(archive: Archive) -> tuple[tuple[str, int], ...]:
    """Each source with its number of articles, most first."""
    rows = archive.select("SELECT source, count(DISTINCT article_id) FROM articles GROUP BY source ORDER BY 2 DESC, 1")
    return tuple(rows.fetchall())


def article_ids(
    archive: Archive,
    *,
    url: str | None = None,
    source: str | None = None,
    published_from: datetime | None = None,
    published_before: datetime | None = None,
) -> list[str]:
    """The articles with a version that fits everything given, in the order in which they were added."""
    conditions = {
        "url = ?": url,
        "source = ?": source,
        "published_at >= ?": seconds(published_from),
        "published_at < ?": seconds(published_before),
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    rows = archive.select(
        f"SELECT article_id FROM articles WHERE {' AND '.join(given) or '1'} "
        "GROUP BY article_id ORDER BY min(article_key)",
        tuple(given.values()),
    )
    return [article_id for (article_id,) in rows]
