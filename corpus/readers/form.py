"""What a reader of one form of news is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from corpus.article import Article, CorpusError, Unreadable

HEAD_BYTES = 8192  # what a reader sees of a file when it is asked whether it recognises it


class ReaderError(CorpusError):
    """A file or a record that a reader refuses; the message is the reason."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the caller knows and the files do not say."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # our name of a field -> the name in the files
    fetched_at: datetime | None = None  # when the files were saved: relative dates count from it


class Form(Protocol):
    """A module that reads one form of news."""

    def recognises(self, head: bytes, path: Path) -> bool:
        """Whether a file with this name that begins with these bytes is of this form."""

    def read(self, path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
        """Every article of the file and every record that is none; may raise CorpusError when it reads no further."""
