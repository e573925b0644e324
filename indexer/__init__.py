"""Everything on disk: stores articles, passages and vectors, keeps the indexes in step, and opens them for search."""
