"""What can go wrong with an archive and its indexes.

IndexerError
├── ArchiveError        the record itself cannot be opened or understood
│   └── DamagedArchiveError  what it holds is not what was written
├── ArchiveBusyError    another process is writing
├── ChromaServerError   the Chroma server does not answer
├── DamagedIndexError   a derived index is not what was written
├── EmbeddingError      the embedding model cannot be opened
└── ModelMismatchError  the index was made with another embedding model
"""


class IndexerError(Exception):
    """Root of everything that this package raises on purpose."""


class ArchiveError(IndexerError):
    """The archive cannot be opened or understood."""


class DamagedArchiveError(ArchiveError):
    """What the archive holds is not what was written."""


class ArchiveBusyError(IndexerError):
    """Another process is writing to the archive."""


class ChromaServerError(IndexerError):
    """The Chroma server does not answer, or what answers is none."""


class DamagedIndexError(IndexerError):
    """A derived index is not what was written; it can be built again from the archive."""


class EmbeddingError(IndexerError):
    """The embedding model cannot be opened."""


class ModelMismatchError(IndexerError):
    """The index was made with another embedding model than the one given."""
