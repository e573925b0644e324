"""Search by words and by vectors, with indexes derived from the archive, within a scope."""
