"""Which articles of an archive are syndicated copies of one story, kept in step by every change of an article.

A new article is compared only with those that share keys of its signature, and a changed or removed one only with its
own component of the graph of near-duplicates; the result is that of clustering the whole archive again, except for keys
so common that they count as boilerplate.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from corpus.duplicates import Clusters
from corpus.signatures import Signature, signature
from indexer.storage.reading import ReadableArchive
from indexer.storage.rows import batches, moment, placeholders
from indexer.storage.sequence import next_sequence
from indexer.storage.signatures import add_signature, near, unpacked

_SUM = "clusters_sum"  # of the hashes of all rows: it changes with a row, whatever the number of rows
_MODULUS = 2**128
_NO_DATE = datetime.max.replace(tzinfo=UTC)

Place = tuple[str, str]  # the cluster of an article, and the first cluster of its component
Latest = tuple[str, bytes, datetime | None, str | None]  # article id, packed signature, date and agency


def join_cluster(connection: sqlite3.Connection, article_id: str, sequence: int) -> None:
    """Put an article, whose latest version is new, into the cluster of its copies; it may connect several clusters."""
    if not _are_kept(connection):
        return
    ((_, packed, *_),) = _latest(connection, [article_id])
    found = near(connection, article_id, packed)
    if not found.copies:
        return
    places = _places(connection, found.copies)
    components = {place[1] if place else copy for copy, place in places.items()}
    if len(components) == 1 and not found.is_contradicted and not _is_divided(connection, components):
        _join_one(connection, article_id, components.pop(), sequence)
        return
    connected = {article_id, *found.copies, *_members(connection, components)}
    _write(connection, _alone(connected) | _clustered(_latest(connection, sorted(connected))), sequence)


def _join_one(connection: sqlite3.Connection, article_id: str, cluster: str, sequence: int) -> None:
    """Without comparing anything again; all of the cluster are moved only when the article is the earliest."""
    first = _earliest(connection, [article_id, cluster])
    moved = {article_id, cluster, *(_members(connection, [cluster]) if first != cluster else ())}
    _write(connection, dict.fromkeys(moved, (first, first)), sequence)


def leave_clusters(connection: sqlite3.Connection, article_ids: Sequence[str], sequence: int) -> None:
    """Take articles, which are changed or gone, out of their clusters; the others may no longer be one cluster."""
    if not _are_kept(connection):
        return
    left = {place[1] for place in _places(connection, article_ids).values() if place}
    if not left:
        return
    others = set(_members(connection, left)) - set(article_ids)
    gone: dict[str, Place | None] = dict.fromkeys(article_ids)
    _write(connection, gone | _alone(others) | _clustered(_latest(connection, sorted(others))), sequence)


def cluster_articles(archive: ReadableArchive) -> None:
    """Cluster all articles again from their signatures, for an archive of an older Dateline or a damaged one."""
    latest, renewed = _renewed(archive)
    found = _clustered(latest)
    with archive.transaction() as connection:
        sequence = next_sequence(connection)
        for table in ("clusters", "signature_keys"):
            connection.execute(f"DELETE FROM {table}")
        for article_id, packed in renewed.items():
            connection.execute(
                "UPDATE articles SET signature = ? WHERE article_id = ? "
                "AND version = (SELECT max(version) FROM articles WHERE article_id = ?)",
                (packed, article_id, article_id),
            )
        for key, packed in connection.execute("SELECT article_key, signature FROM articles").fetchall():
            digest = add_signature(connection, packed) if isinstance(packed, bytes) else None
            connection.execute("UPDATE articles SET signature_hash = ? WHERE article_key = ?", (digest, key))
        _set_sum(connection, 0)
        _write(connection, found, sequence)


def _renewed(archive: ReadableArchive) -> tuple[list[Latest], dict[str, bytes]]:
    """The signatures of all articles; and those made again, which an older Dateline packed or which are damaged."""
    latest: list[Latest] = []
    renewed: dict[str, bytes] = {}
    for article_id, packed, published_at, agency in list(archive.signatures()):
        if not isinstance(packed, bytes) or Signature.unpack(packed) is None:
            packed = renewed[article_id] = _signature_of(archive, article_id).pack()
        latest.append((article_id, packed, published_at, agency))
    return latest, renewed


def _signature_of(archive: ReadableArchive, article_id: str) -> Signature:
    """The signature of the latest version; of a damaged one an empty signature, which matches nothing."""
    *_, latest = archive.stored_versions("article_id = ? ORDER BY version", (article_id,))
    return signature(latest.article.text, latest.article.title) if latest.article else signature("")


def keep_clusters(archive: ReadableArchive) -> None:
    """Cluster an archive that an older Dateline filled, once."""
    if archive.state(_SUM) is None:
        cluster_articles(archive)


def are_clusters_whole(archive: ReadableArchive) -> bool:
    """Whether the stored clusters are what was stored; those of an older Dateline have no checksum."""
    stored = archive.state(_SUM)
    rows = archive.select("SELECT article_id, cluster_id, component_id FROM clusters")
    total = sum(_hash(article_id, (cluster, component)) for article_id, cluster, component in rows)
    return stored is None or int(stored) == total % _MODULUS


def _clustered(latest: Iterable[Latest]) -> dict[str, Place]:
    """The places of articles that are not alone in their component."""
    clusters = Clusters()
    for article_id, packed, published_at, agency in latest:
        clusters.add(article_id, unpacked(packed), published_at, agency)
    return {
        article_id: (cluster.id, component[0].id)
        for component in clusters.components()
        for cluster in component
        for article_id in cluster.article_ids
    }


def _alone(article_ids: Iterable[str]) -> dict[str, Place | None]:
    """An article that is alone now keeps a row, from which an open table of passages learns that it is."""
    return {article_id: (article_id, article_id) for article_id in article_ids}


def _is_divided(connection: sqlite3.Connection, components: Iterable[str]) -> bool:
    """Whether articles of these components contradict each other, so that they are several clusters."""
    return any(
        connection.execute(
            "SELECT 1 FROM clusters WHERE component_id = ? AND cluster_id <> component_id LIMIT 1", (component,)
        ).fetchone()
        for component in components
    )


def _are_kept(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM state WHERE name = ?", (_SUM,)).fetchone() is not None


def _latest(connection: sqlite3.Connection, article_ids: Sequence[str]) -> list[Latest]:
    found: list[Latest] = []
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


def _places(connection: sqlite3.Connection, article_ids: Sequence[str]) -> dict[str, Place | None]:
    found: dict[str, Place | None] = dict.fromkeys(article_ids)
    for some in batches(article_ids):
        rows = connection.execute(
            f"SELECT article_id, cluster_id, component_id FROM clusters WHERE article_id IN ({placeholders(some)})",
            some,
        )
        found.update((article_id, (cluster, component)) for article_id, cluster, component in rows)
    return found


def _members(connection: sqlite3.Connection, components: Iterable[str]) -> list[str]:
    found: list[str] = []
    for some in batches(sorted(components)):
        rows = connection.execute(f"SELECT article_id FROM clusters WHERE component_id IN ({placeholders(some)})", some)
        found += [article_id for (article_id,) in rows]
    return found


def _write(connection: sqlite3.Connection, places: Mapping[str, Place | None], sequence: int) -> None:
    """Store the places of these articles; None deletes a row."""
    before = _places(connection, list(places))
    changed = {one: place for one, place in places.items() if before[one] != place}
    total = int(connection.execute("SELECT value FROM state WHERE name = ?", (_SUM,)).fetchone()[0])
    for article_id, place in changed.items():
        total += _hash(article_id, place) - _hash(article_id, before[article_id])
    gone = [(one,) for one, place in changed.items() if place is None]
    connection.executemany("DELETE FROM clusters WHERE article_id = ?", gone)
    rows = [(one, place[0], sequence, place[1]) for one, place in changed.items() if place is not None]
    connection.executemany(
        "INSERT OR REPLACE INTO clusters (article_id, cluster_id, sequence, component_id) VALUES (?, ?, ?, ?)", rows
    )
    _set_sum(connection, total % _MODULUS)


def _set_sum(connection: sqlite3.Connection, total: int) -> None:
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_SUM, str(total)))


def _hash(article_id: str, place: Place | None) -> int:
    if place is None:
        return 0
    digest = hashlib.blake2b(repr((article_id, *place)).encode("utf-8", "surrogatepass"), digest_size=16)
    return int.from_bytes(digest.digest(), "little")
