"""Records with named fields: JSON, JSON Lines, tables."""

from corpus.readers.records.record import article_of_record

__all__ = ["article_of_record"]
