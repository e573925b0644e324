"""Syndicated copies: the same story published by other sources."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SyndicatedCopy:
    """A version of an article, without its text."""

    article_id: str
    version: int
    title: str
    source: str
    published_at: datetime | None
    url: str | None


@dataclass(frozen=True, slots=True)
class SyndicatedCopies:
    """The first copies of an article's story, and how many more there are."""

    listed: tuple[SyndicatedCopy, ...] = ()
    more: int = 0

    def __len__(self) -> int:
        return len(self.listed) + self.more


ALONE = SyndicatedCopies()
