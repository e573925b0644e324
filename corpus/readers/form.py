"""The interface of a reader of one form of news."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from corpus.article import Article, CorpusError, Unreadable

HEAD_BYTES = 8192  # the part of a file by which a reader recognises it


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ReaderError(CorpusError):
    """A file or a record that a reader rejects; the message is the reason."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the caller knows about the files."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # our name of a field -> its name in the files
    fetched_at: datetime | None = None  # when the files were saved; relative dates count from it
    now: datetime = field(default_factory=_utc_now)  # later dates are wrong


class Form(Protocol):
    """A module that reads one form of news."""

    def recognises(self, head: bytes, path: Path) -> bool:
        """Whether a file with this name and these first bytes has this form."""

    def read(self, path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
        """Every article and every unreadable record of the file; may raise CorpusError where it has to stop."""
