"""Reads RTF: an export of a database, or a single article."""

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.decoding import read_bytes
from corpus.readers.documents.text import articles_of_text
from corpus.readers.form import ReaderError, ReadOptions

_MAX_BYTES = 20_000_000  # with pictures
_MAX_TEXT_BYTES = 2_500_000  # without them: a second
_PICTURE_DATA = re.compile(rb"[0-9a-fA-F\s]{400,}")
_BINARY = re.compile(rb"\\bin\d+")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")


def recognises(head: bytes, path: Path) -> bool:
    """The mark of RTF."""
    return head.lstrip().startswith(b"{\\rtf")


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The articles of the document's text."""
    from striprtf.striprtf import rtf_to_text

    content = _PICTURE_DATA.sub(b" ", read_bytes(path, _MAX_BYTES))
    if len(content) > _MAX_TEXT_BYTES or _BINARY.search(content):
        raise ReaderError(f"more than {_MAX_TEXT_BYTES // 1_000_000} MB of text, or binary data, in this RTF")
    page = _CODE_PAGE.search(content)
    encoding = f"cp{int(page[1])}" if page else "cp1252"
    try:
        text = str(rtf_to_text(content.decode("latin-1"), encoding=encoding, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, TypeError, UnicodeError, RecursionError) as error:
        raise ReaderError(f"not readable as RTF: {error}") from None
    yield from articles_of_text(_paragraphs(text), path, options)


def _paragraphs(text: str) -> str:
    """The text with a blank line between paragraphs, which RTF ends with a single mark."""
    return re.sub(r"\n+", "\n\n", text.replace("\f", "\n"))
