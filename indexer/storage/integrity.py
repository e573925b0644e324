"""Checksums of versions and vectors, by which damage is noticed when they are read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Article

_VERSION = 1  # the place of the version number in the values; it changes when an older version is added later


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of an article as it is stored, and whether it is as it was written."""

    key: int
    article_id: str
    version: int
    title: str
    url: str | None
    fingerprint: str
    stood_from: int | None
    article: Article | None  # None when it is damaged
    passages: tuple[tuple[int, int, int, bytes, int], ...]  # id, start, end, hash of the embedded text, sequence

    @property
    def is_damaged(self) -> bool:
        """Whether it has changed since it was written."""
        return self.article is None

    def is_replaced_by(self, article: Article) -> bool:
        """Whether an article is probably this damaged version: the stored fingerprint or moment is the same."""
        return self.fingerprint == article.fingerprint or (
            self.stood_from is not None and self.stood_from == stood_from(article)
        )


def stood_from(article: Article) -> int | None:
    """The moment from which a version stood, in seconds since 1970."""
    moment = article.updated_at or article.published_at or article.fetched_at
    return None if moment is None else int(moment.timestamp())


def version_checksum(values: Sequence[object], passages: Sequence[Sequence[object]]) -> bytes:
    """The checksum of everything stored for a version except its number: its row, and the rows of its passages."""
    stored = (*values[:_VERSION], *values[_VERSION + 1 :], *map(tuple, passages))
    return hashlib.blake2b(repr(stored).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def vector_checksum(text_hash: bytes, model: str, blob: bytes) -> bytes:
    """The checksum of a stored vector with its text and model."""
    return hashlib.blake2b(b"\0".join((text_hash, model.encode(), blob)), digest_size=8).digest()


def text_fingerprint(title: object, text: object, *, withdrawn: bool) -> str:
    """As Article.fingerprint, for stored values."""
    read = f"{title}\0{text}" + "\0withdrawn" * withdrawn
    return hashlib.sha256(read.encode("utf-8", "surrogatepass")).hexdigest()
