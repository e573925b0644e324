"""Sitemaps (sitemaps.org, with Google's news extension): the pages that a publisher lists for programs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.parsers import expat

from corpus.addresses import normalise_address
from corpus.article import clean_line
from corpus.dates import parse_date
from corpus.readers.form import ReaderError
from corpus.readers.pages.content_coding import decompress
from corpus.readers.syndication.feed import FeedItem

_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)\b")
_HEAD_BYTES = 4096
_MOST_CHILDREN = 3  # sitemaps of an index that are read, the newest first
_DEEPEST = 8  # elements
_GZIP = b"\x1f\x8b"
_MOST_BYTES = 10_000_000  # of a sitemap that is a gzip file
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Entry:
    """The fields of one <url> or <sitemap>, by local name."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def changed_at(self) -> datetime:
        return self._moment("lastmod") or self._moment("publication_date") or _OLDEST

    def item(self) -> FeedItem | None:
        """An item whose story is on its page; None without an http(s) address.

        `lastmod` makes an item that was read before a new one, and dates no article: sites touch all their pages.
        """
        url = self.fields.get("loc", "")
        if not normalise_address(url):
            return None
        return FeedItem(
            title=clean_line(self.fields.get("title", "")),
            url=url,
            text="",
            is_summary=True,
            source=clean_line(self.fields.get("name", "")) or None,
            channel=None,
            authors=(),
            keywords=(),
            language=self.fields.get("language") or None,
            published_at=self._moment("publication_date"),
            updated_at=None,
            state=self.fields.get("lastmod", ""),
        )

    def _moment(self, name: str) -> datetime | None:
        found = parse_date(self.fields.get(name, ""))
        return found.moment if found else None


def without_gzip(content: bytes) -> bytes:
    """What a gzip file holds, as in sitemap.xml.gz; raises ReaderError when it is too large."""
    if not content.startswith(_GZIP):
        return content
    unpacked = decompress(content, "gzip", _MOST_BYTES)
    if len(unpacked) > _MOST_BYTES:
        raise ReaderError(f"holds more than {_MOST_BYTES:,} bytes")
    return unpacked


def is_sitemap(content: bytes) -> bool:
    """Whether a document is a sitemap or an index of sitemaps."""
    return bool(_ROOT.search(content[:_HEAD_BYTES]))


def is_index(content: bytes) -> bool:
    """Whether a document is an index of sitemaps, which may stay as it is while the sitemaps change."""
    found = _ROOT.search(content[:_HEAD_BYTES])
    return found is not None and found[1] == b"sitemapindex"


def items_of_sitemap(content: bytes, fetch: Callable[[str], bytes]) -> list[FeedItem]:
    """The pages of a sitemap, the newest first; of an index, those of its newest sitemaps, which `fetch` gets.

    Raises ReaderError for what is not well-formed, and what `fetch` raises.
    """
    root, entries = _parsed(content)
    if root == "sitemapindex":
        newest = sorted(entries, key=lambda one: one.changed_at, reverse=True)[:_MOST_CHILDREN]
        entries = [entry for one in newest for entry in _child_entries(one, fetch)]
    entries.sort(key=lambda one: one.changed_at, reverse=True)
    return [item for entry in entries if (item := entry.item())]


def _child_entries(entry: _Entry, fetch: Callable[[str], bytes]) -> Iterator[_Entry]:
    root, entries = _parsed(without_gzip(fetch(entry.fields.get("loc", ""))))
    yield from entries if root == "urlset" else ()


def _parsed(content: bytes) -> tuple[str, list[_Entry]]:
    """The local name of the root, and its entries."""
    stack: list[str] = []
    entries: list[_Entry] = []
    roots: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        stack.append(name)
        if len(stack) > _DEEPEST:
            raise ValueError("too deep")
        roots.extend([name] if len(stack) == 1 else [])
        if len(stack) == 2:
            entries.append(_Entry())

    def end(tag: str) -> None:
        stack.pop()

    def text(characters: str) -> None:
        if len(stack) == 3 or "news" in stack[2:3]:  # not the addresses and titles of pictures and videos
            entries[-1].fields[stack[-1]] = (entries[-1].fields.get(stack[-1], "") + characters).strip()

    def refuse(*_: object) -> None:
        raise ValueError("declares entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ReaderError(f"not readable as a sitemap: {error}") from error
    return roots[0], entries
