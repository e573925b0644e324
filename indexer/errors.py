"""Errors of an archive and its indexes.

IndexerError
├── ArchiveError        the record itself cannot be opened or understood
│   └── DamagedArchiveError  its content has changed since it was written
├── ArchiveBusyError    another process is writing
├── ChromaServerError   the Chroma server does not answer
├── DamagedIndexError   a derived index has changed since it was written
├── FollowError         what is followed cannot be remembered or is not named rightly
├── EmbeddingError      the embedding model cannot be opened
└── ModelMismatchError  the index was made with another embedding model
"""


class IndexerError(Exception):
    """Root of all errors that this package raises."""


class ArchiveError(IndexerError):
    """The archive cannot be opened or understood."""


class DamagedArchiveError(ArchiveError):
    """The archive's content has changed since it was written."""


class ArchiveBusyError(IndexerError):
    """Another process is writing to the archive."""


class ChromaServerError(IndexerError):
    """The Chroma server does not answer, or is not a Chroma server."""


class DamagedIndexError(IndexerError):
    """A derived index has changed since it was written; it can be rebuilt from the archive."""


class FollowError(IndexerError):
    """What is followed cannot be remembered, or is not named rightly."""


class EmbeddingError(IndexerError):
    """The embedding model cannot be opened."""


class ModelMismatchError(IndexerError):
    """The index was made with another embedding model than the one given."""
