"""Which articles of an archive are syndicated copies of one story, kept in step by every change of an article.

A new article is compared only with those that share keys of its signature, and a changed or removed one only with its
own cluster; the result is that of clustering the whole archive again, except for keys so common that they count as
boilerplate.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from corpus.duplicates import Clusters
from indexer.storage.reading import ReadableArchive
from indexer.storage.rows import batches, moment, placeholders
from indexer.storage.sequence import next_sequence
from indexer.storage.signatures import add_signature, copies_of, unpacked

_SUM = "clusters_sum"  # of the hashes of all rows: it changes with a row, whatever the number of rows
_MODULUS = 2**128
_NO_DATE = datetime.max.replace(tzinfo=UTC)


def join_cluster(connection: sqlite3.Connection, article_id: str, sequence: int) -> None:
    """Put an article, whose latest version is new, into the cluster of its copies; it may unite several clusters."""
    if not _are_kept(connection):
        return
    ((_, packed, *_),) = _latest(connection, [article_id])
    copies = copies_of(connection, article_id, packed)
    if not copies:
        return
    clusters = {copy: cluster or copy for copy, cluster in _clusters_of(connection, copies).items()}
    first = _earliest(connection, [article_id, *clusters.values()])
    moved = {article_id, *(copy for copy, cluster in clusters.items() if copy == cluster)}
    moved.update(_members(connection, [cluster for cluster in clusters.values() if cluster != first]))
    _write(connection, dict.fromkeys(moved, first), sequence)


def leave_clusters(connection: sqlite3.Connection, article_ids: Sequence[str], sequence: int) -> None:
    """Take articles, which are changed or gone, out of their clusters; the others may no longer be one cluster."""
    if not _are_kept(connection):
        return
    left = {cluster for cluster in _clusters_of(connection, article_ids).values() if cluster}
    if not left:
        return
    others = set(_members(connection, left)) - set(article_ids)
    clusters = _clusters(_latest(connection, sorted(others)))
    alone: dict[str, str | None] = dict.fromkeys(article_ids)
    # An article that is alone now keeps a row, from which an open table of passages learns that it is.
    _write(connection, alone | {article_id: clusters.get(article_id, article_id) for article_id in others}, sequence)


def cluster_articles(archive: ReadableArchive) -> None:
    """Cluster all articles again from their signatures, for an archive of an older Dateline or a damaged one."""
    found = _clusters(archive.signatures())
    with archive.transaction() as connection:
        sequence = next_sequence(connection)
        for table in ("clusters", "signature_keys"):
            connection.execute(f"DELETE FROM {table}")
        for key, packed in connection.execute("SELECT article_key, signature FROM articles").fetchall():
            digest = add_signature(connection, packed) if isinstance(packed, bytes) else None
            connection.execute("UPDATE articles SET signature_hash = ? WHERE article_key = ?", (digest, key))
        _set_sum(connection, 0)
        _write(connection, found, sequence)


def keep_clusters(archive: ReadableArchive) -> None:
    """Cluster an archive that an older Dateline filled, once."""
    if archive.state(_SUM) is None:
        cluster_articles(archive)


def are_clusters_whole(archive: ReadableArchive) -> bool:
    """Whether the stored clusters are what was stored; those of an older Dateline have no checksum."""
    stored = archive.state(_SUM)
    rows = archive.select("SELECT article_id, cluster_id FROM clusters")
    return stored is None or int(stored) == sum(_hash(*row) for row in rows) % _MODULUS


def _clusters(latest: Iterable[tuple[str, bytes, datetime | None, str | None]]) -> dict[str, str]:
    clusters = Clusters()
    for article_id, packed, published_at, agency in latest:
        clusters.add(article_id, unpacked(packed), published_at, agency)
    return {article_id: cluster.id for cluster in clusters for article_id in cluster.article_ids}


def _are_kept(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM state WHERE name = ?", (_SUM,)).fetchone() is not None


def _latest(
    connection: sqlite3.Connection, article_ids: Sequence[str]
) -> list[tuple[str, bytes, datetime | None, str | None]]:
    found: list[tuple[str, bytes, datetime | None, str | None]] = []
    for some in batches(article_ids):
        rows = connection.execute(
            "SELECT article_id, signature, published_at, agency FROM articles AS one "
            f"WHERE article_id IN ({placeholders(some)}) "
            "AND version = (SELECT max(version) FROM articles WHERE article_id = one.article_id)",
            some,
        )
        found += [(article_id, packed, moment(seconds), agency) for article_id, packed, seconds, agency in rows]
    return found


def _earliest(connection: sqlite3.Connection, article_ids: Sequence[str]) -> str:
    dated = [
        (published_at or _NO_DATE, article_id) for article_id, _, published_at, _ in _latest(connection, article_ids)
    ]
    return min(dated)[1]


def _clusters_of(connection: sqlite3.Connection, article_ids: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(article_ids)
    for some in batches(article_ids):
        rows = connection.execute(
            f"SELECT article_id, cluster_id FROM clusters WHERE article_id IN ({placeholders(some)})", some
        )
        found.update(rows.fetchall())
    return found


def _members(connection: sqlite3.Connection, cluster_ids: Iterable[str]) -> list[str]:
    found: list[str] = []
    for some in batches(sorted(cluster_ids)):
        rows = connection.execute(f"SELECT article_id FROM clusters WHERE cluster_id IN ({placeholders(some)})", some)
        found += [article_id for (article_id,) in rows]
    return found


def _write(connection: sqlite3.Connection, cluster_ids: Mapping[str, str | None], sequence: int) -> None:
    """Store the cluster of each of these articles; None deletes its row."""
    before = _clusters_of(connection, list(cluster_ids))
    changed = {one: cluster for one, cluster in cluster_ids.items() if before[one] != cluster}
    total = int(connection.execute("SELECT value FROM state WHERE name = ?", (_SUM,)).fetchone()[0])
    for article_id, cluster_id in changed.items():
        total -= _hash(article_id, before[article_id])
        total += _hash(article_id, cluster_id)
    gone = [(one,) for one, cluster in changed.items() if cluster is None]
    connection.executemany("DELETE FROM clusters WHERE article_id = ?", gone)
    rows = [(one, cluster, sequence) for one, cluster in changed.items() if cluster is not None]
    connection.executemany("INSERT OR REPLACE INTO clusters VALUES (?, ?, ?)", rows)
    _set_sum(connection, total % _MODULUS)


def _set_sum(connection: sqlite3.Connection, total: int) -> None:
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_SUM, str(total)))


def _hash(article_id: str, cluster_id: str | None) -> int:
    if cluster_id is None:
        return 0
    return int.from_bytes(hashlib.blake2b(repr((article_id, cluster_id)).encode(), digest_size=16).digest(), "little")
