"""Reads a news page that was saved as text under any name: it has a byline near the top or names its address."""

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.decoding import opening, read_text
from corpus.readers.documents.printed_page import looks_printed
from corpus.readers.documents.text import articles_of_text
from corpus.readers.form import ReadOptions


def recognises(head: bytes, path: Path) -> bool:
    """A text with the marks of a printed page."""
    return looks_printed(opening(head))


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the page."""
    yield from articles_of_text(read_text(path), path, options)
