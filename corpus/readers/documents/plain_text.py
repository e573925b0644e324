"""Reads plain text: a title, then the story."""

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.decoding import opening, read_text
from corpus.readers.documents.printed_page import article_of_printed_text
from corpus.readers.form import ReaderError, ReadOptions

_ENDINGS = (".txt", ".text", "")
_MARKUP = re.compile(r"[<{\[]|#!|From |MIME-Version:|%!")
_LONGEST_TITLE = 250  # characters
_LETTERS = 20


def recognises(head: bytes, path: Path) -> bool:
    """A text with the suffix of one that does not start like a file for programs."""
    text = opening(head)
    return path.suffix.lower() in _ENDINGS and bool(text) and not _MARKUP.match(text)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the file, whose first paragraph is the title."""
    text = read_text(path).strip()
    if sum(character.isalpha() for character in text[:2000]) < _LETTERS:
        raise ReaderError("no text of a story")
    if len(text.partition("\n")[0]) > _LONGEST_TITLE:
        raise ReaderError("no title; put one on the first line")
    yield article_of_printed_text(text, options)
