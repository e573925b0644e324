"""Reads text exports of news databases: Nexis, Factiva, ProQuest."""

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.decoding import decode, opening, read_bytes
from corpus.readers.documents.exports import articles_of_export, is_export
from corpus.readers.form import ReadOptions

_MAX_BYTES = 15_000_000  # a day's work of downloads


def recognises(head: bytes, path: Path) -> bool:
    """A plain text that starts with a document of a database."""
    text = opening(head)
    return not text.startswith(("<", "{", "[")) and is_export(text)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article a document."""
    text = decode(read_bytes(path, _MAX_BYTES)).replace("\r\n", "\n").replace("\r", "\n")
    yield from articles_of_export(text, path, options)
