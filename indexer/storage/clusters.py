"""Which articles of an archive print one and the same story."""

from corpus.duplicates import Clusters, Signature, signature
from indexer.storage.archive import Archive


def cluster_articles(archive: Archive) -> None:
    """Cluster the articles anew from their signatures and keep the result in the archive."""
    clusters = Clusters()
    for article_id, packed, published_at, agency in archive.signatures():
        # A signature of an older format is nobody's copy until its article comes in again.
        clusters.add(article_id, Signature.unpack(packed) or signature(""), published_at, agency)
    archive.set_clusters({article_id: cluster.id for cluster in clusters for article_id in cluster.article_ids})
