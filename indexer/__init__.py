"""Everything on disk: articles become passages and vectors, are kept in step, and are opened for searching."""
