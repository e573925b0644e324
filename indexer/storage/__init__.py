"""The system of record: articles, versions, passages and the vectors of their texts, in one SQLite file."""
