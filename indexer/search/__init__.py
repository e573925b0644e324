"""Indexes for search by words and by vectors, all derived from the archive, and what a search is limited to."""
