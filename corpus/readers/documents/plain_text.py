"""Reads plain text: a title, then the story."""

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.decoding import opening, read_text
from corpus.readers.documents.text import articles_of_text
from corpus.readers.form import ReadOptions

_ENDINGS = (".txt", ".text", "")
_MARKUP = re.compile(r"[<{\[]|#!|From |MIME-Version:|%!")


def recognises(head: bytes, path: Path) -> bool:
    """A text with the suffix of one that does not start like a file for programs."""
    text = opening(head)
    return path.suffix.lower() in _ENDINGS and bool(text) and not _MARKUP.match(text)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the file, whose first paragraph is the title."""
    yield from articles_of_text(read_text(path), path, options)
