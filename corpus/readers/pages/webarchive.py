"""Reads a page that Safari saved as one file: .webarchive, a property list."""

import plistlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers.expat import ExpatError

from corpus.article import Article, Unreadable
from corpus.readers.decoding import MAX_TEXT_BYTES, read_bytes
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.pages.html_page import article_of_page

_MAX_BYTES = 30_000_000  # with pictures
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def recognises(head: bytes, path: Path) -> bool:
    """A binary property list, or one in XML with a main resource."""
    return head.startswith(b"bplist00") or (b"<plist" in head and b"WebMainResource" in head)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the page."""
    try:
        archive = plistlib.loads(read_bytes(path, _MAX_BYTES))
    except (plistlib.InvalidFileException, ExpatError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise ReaderError(f"not readable as a property list: {error}") from None
    page = archive.get("WebMainResource") if isinstance(archive, Mapping) else None
    if not isinstance(page, Mapping) or not isinstance(content := page.get("WebResourceData"), bytes):
        raise ReaderError("a property list without a saved page")
    if page.get("WebResourceMIMEType", "text/html") not in _PAGE_TYPES:
        raise ReaderError("the saved file is not a page")
    if len(content) > MAX_TEXT_BYTES:
        raise ReaderError(f"the page is larger than {MAX_TEXT_BYTES // 1_000_000} MB")
    url, charset = page.get("WebResourceURL"), page.get("WebResourceTextEncodingName")
    yield article_of_page(
        content,
        url=url if isinstance(url, str) and url.startswith(("http://", "https://")) else None,
        fetched_at=options.fetched_at,
        charset=charset if isinstance(charset, str) else None,
    )
