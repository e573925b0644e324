"""Which articles of an archive are syndicated copies of one story."""

import hashlib
from collections.abc import Mapping

from corpus.duplicates import Clusters
from corpus.signatures import Signature, signature
from indexer.storage.archive import Archive

_CHECKSUM = "clusters_checksum"


def cluster_articles(archive: Archive) -> None:
    """Cluster the articles again from their signatures and store the result in the archive."""
    clusters, renewed = Clusters(), {}
    for article_id, packed, published_at, agency in list(archive.signatures()):
        known = Signature.unpack(packed) if isinstance(packed, bytes) else None
        if known is None:  # packed by an older Dateline, or damaged
            known = _signature_of(archive, article_id)
            renewed[article_id] = known.pack()
        clusters.add(article_id, known, published_at, agency)
    archive.set_signatures(renewed)
    found = {article_id: cluster.id for cluster in clusters for article_id in cluster.article_ids}
    archive.set_clusters(found)
    archive.set_state(_CHECKSUM, _checksum(found))


def _signature_of(archive: Archive, article_id: str) -> Signature:
    """The signature of the latest version; of a damaged one an empty signature, which matches nothing."""
    *_, latest = archive.stored_versions("article_id = ? ORDER BY version", (article_id,))
    return signature(latest.article.text, latest.article.title) if latest.article else signature("")


def are_clusters_whole(archive: Archive) -> bool:
    """Whether the stored clusters are what was stored; those of an older Dateline have no checksum."""
    stored = dict(archive.select("SELECT article_id, cluster_id FROM clusters").fetchall())
    return archive.state(_CHECKSUM) in (None, _checksum(stored))


def _checksum(clusters: Mapping[str, str]) -> str:
    return hashlib.blake2b(repr(sorted(clusters.items())).encode(), digest_size=16).hexdigest()
