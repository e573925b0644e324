"""Reads a page that a browser saved as one file: MHTML (RFC 2557). Other e-mails are rejected."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from itertools import pairwise
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.dates import parse_date
from corpus.readers.decoding import MAX_TEXT_BYTES, opening, read_bytes
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.pages.html_page import article_of_page

_MAX_BYTES = 30_000_000  # with pictures
_MOST_PARTS = 2_000
_MOST_NESTED = 20
_HEAD_BYTES = 8_192
_MAX_PART_BYTES = 2 * MAX_TEXT_BYTES  # as it is encoded
_TEXT_PART = re.compile(rb"content-type:\s*(?:text/html|application/xhtml|multipart/)", re.IGNORECASE)
_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z-]{1,40}):[ \t]")
_MAIL_HEADERS = frozenset({"mime-version", "message-id", "received", "return-path", "snapshot-content-location", "to"})
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def recognises(head: bytes, path: Path) -> bool:
    """A block of e-mail headers at the start."""
    names = []
    for line in opening(head).splitlines()[:60]:
        if header := _HEADER.match(line):
            names.append(header["name"].lower())
        elif not line[:1].isspace() or not names:
            break
    return len(names) >= 2 and not _MAIL_HEADERS.isdisjoint(names)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the page; it was fetched when it was saved."""
    content = read_bytes(path, _MAX_BYTES)
    if content.count(b"\n--") > _MOST_PARTS or content.lower().count(b"multipart/") > _MOST_NESTED:
        raise ReaderError(f"more than {_MOST_PARTS} parts, or nested too deeply")
    try:
        message = _without_other_parts(content.lstrip())
        page, url, charset = _page_of(message)
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise ReaderError(f"not readable as a saved page: {error}") from None
    saved_at = _moment(str(message.get("Date") or ""))
    yield article_of_page(page, url=url, fetched_at=options.fetched_at or saved_at, charset=charset)


def _without_other_parts(content: bytes) -> Message:
    """The message with its parts of text alone: pictures would take ten times their size in memory."""
    boundary = message_from_bytes(content[:_HEAD_BYTES], policy=policy.compat32).get_boundary()
    marks = list(re.finditer(rb"^--" + re.escape(boundary.encode()), content, re.MULTILINE)) if boundary else []
    starts = [mark.start() for mark in marks]
    pieces = [content[: starts[0] if starts else _MAX_PART_BYTES]]
    for start, end in pairwise([*starts, len(content)]):
        if _TEXT_PART.search(content, start, min(end, start + _HEAD_BYTES)):
            if end - start > _MAX_PART_BYTES:
                raise ReaderError(f"the page is larger than {MAX_TEXT_BYTES // 1_000_000} MB")
            pieces.append(content[start:end])
    return message_from_bytes(b"".join(pieces), policy=policy.compat32)


def _page_of(message: Message) -> tuple[bytes, str | None, str | None]:
    """The main page with its address and charset; raises ReaderError for an e-mail without one."""
    address = str(message.get("Snapshot-Content-Location") or "")
    pages = [part for part in message.walk() if part.get_content_type() in _PAGE_TYPES]
    located = [part for part in pages if part.get("Content-Location")]
    if not located and not address:
        raise ReaderError("an e-mail, not a saved page")
    page = next((part for part in located if part["Content-Location"] == address), next(iter(located or pages), None))
    if page is None:
        raise ReaderError("a saved page without HTML")
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes) or len(content) > MAX_TEXT_BYTES:
        raise ReaderError(f"the page is larger than {MAX_TEXT_BYTES // 1_000_000} MB")
    url = address or str(page["Content-Location"])
    return content, url if url.startswith(("http://", "https://")) else None, page.get_content_charset()


def _moment(text: str) -> datetime | None:
    found = parse_date(text)
    return found.moment if found else None
