"""Reads DOCX (ECMA-376): an export of a database, or a single article."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from corpus.article import Article, Unreadable
from corpus.readers.documents.text import articles_of_text
from corpus.readers.form import ReaderError, ReadOptions

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_BYTES = 50_000_000  # with pictures
_MAX_XML_BYTES = 8_000_000
_MOST_PARAGRAPHS = 20_000
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"


def recognises(head: bytes, path: Path) -> bool:
    """A zip file that is named as DOCX or starts with a part of one."""
    return head.startswith(b"PK\x03\x04") and (path.suffix.lower() == ".docx" or b"word/" in head)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The articles of the document's text."""
    yield from articles_of_text("\n\n".join(_paragraphs(_document(path))), path, options)


def _document(path: Path) -> "_Element":
    from lxml import etree

    if path.stat().st_size > _MAX_BYTES:
        raise ReaderError(f"larger than {_MAX_BYTES // 1_000_000} MB")
    try:
        with ZipFile(path) as archive, archive.open(_BODY) as part:
            xml = part.read(_MAX_XML_BYTES + 1)
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as error:
        raise ReaderError(f"not readable as DOCX: {error}") from None
    if len(xml) > _MAX_XML_BYTES:
        raise ReaderError(f"more than {_MAX_XML_BYTES // 1_000_000} MB of text")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(xml, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ReaderError(f"not readable as DOCX: {error}") from None


def _paragraphs(document: "_Element") -> Iterator[str]:
    """The paragraphs in order; a row of a table is one, its cells separated by semicolons."""
    for number, element in enumerate(document.iter(f"{_WORDS}p", f"{_WORDS}tr")):
        if number == _MOST_PARAGRAPHS:
            raise ReaderError(f"more than {_MOST_PARAGRAPHS:,} paragraphs")
        if element.tag == f"{_WORDS}tr":
            cells = (" ".join(map(_text, cell.iter(f"{_WORDS}p"))).strip() for cell in element.iter(f"{_WORDS}tc"))
            yield "; ".join(filter(None, cells))
        elif next(element.iterancestors(f"{_WORDS}tr"), None) is None:
            yield from (line for line in _text(element).split("\n") if line.strip())


def _text(paragraph: "_Element") -> str:
    tags = {f"{_WORDS}tab": " ", f"{_WORDS}br": "\n", f"{_WORDS}cr": "\n"}
    return "".join(tags.get(str(one.tag)) or one.text or "" for one in paragraph.iter(f"{_WORDS}t", *tags))
