"""Which articles of an archive are syndicated copies of one story."""

import hashlib
from collections.abc import Mapping

from corpus.duplicates import Clusters, Signature, signature
from indexer.storage.archive import Archive

_CHECKSUM = "clusters_checksum"


def cluster_articles(archive: Archive) -> None:
    """Cluster the articles again from their signatures and store the result in the archive."""
    clusters = Clusters()
    for article_id, packed, published_at, agency in archive.signatures():
        # A signature of an older format matches nothing until its article is added again.
        known = Signature.unpack(packed) if isinstance(packed, bytes) else None
        clusters.add(article_id, known or signature(""), published_at, agency)
    found = {article_id: cluster.id for cluster in clusters for article_id in cluster.article_ids}
    archive.set_clusters(found)
    archive.set_state(_CHECKSUM, _checksum(found))


def are_clusters_whole(archive: Archive) -> bool:
    """Whether the stored clusters are what was stored; those of an older Dateline have no checksum."""
    stored = dict(archive.select("SELECT article_id, cluster_id FROM clusters").fetchall())
    return archive.state(_CHECKSUM) in (None, _checksum(stored))


def _checksum(clusters: Mapping[str, str]) -> str:
    return hashlib.blake2b(repr(sorted(clusters.items())).encode(), digest_size=16).hexdigest()
