"""Reads RSS and Atom feeds, parsed in a child process with limits on time and memory."""

import json
import re
import sys
from calendar import timegm
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

from corpus.addresses import normalise_address
from corpus.agencies import split_byline
from corpus.article import (
    Article,
    ArticleError,
    DateOrigin,
    ReadWarning,
    Unreadable,
    clean_line,
    clean_text,
    new_article,
)
from corpus.article_warnings import ArticleWarning
from corpus.dates import parse_date
from corpus.publishers import known_publisher, source_of_address
from corpus.readers.child_process import limit_this_process, output_of_child
from corpus.readers.decoding import is_beyond_ascii_utf8, read_bytes
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.languages import language_code

MAX_FEED_BYTES = 4_000_000
_CPU_SECONDS = 2  # feedparser takes quadratic time for nested tags, and nests unclosed ones
_ORDERLY_CPU_SECONDS = 10  # for well-formed feeds of thousands of items
_ORDERLY_DEPTH = 50
_ORDERLY_TAGS = 85_000  # with attributes, an item as five; each takes feedparser some 50 microseconds
_ORDERLY_TEXTS = 700_000  # runs of text from expat, one a line; each takes a microsecond
_WHOLE_STORY_CHARACTERS = 1200  # a longer description is not a teaser
_MAX_ITEM_CHARACTERS = 400_000  # of markup; longer is not a story
_CUT = re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\]|(?:read|continue|see) (?:more|reading)\W*(?:of .*|on .*)?)$", re.I)
_DECLARATION_BYTES = 200
_DECLARED_ENCODING = re.compile(rb"(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']")
_CHANNEL_PART = re.compile(r"\s+[-–—|»:>·]+\s+|: |\s+(?:RSS|Feed|Atom)\b", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:(?:latest|top|all|breaking|local|world|the|more)\s+)*(?:news|stories|headlines|home|homepage|world|sports?|business|"
    r"politics|local|opinion|articles|posts|updates|front page|rss|feed)",
    re.IGNORECASE,
)
_SITE = re.compile(r"https?://[^/?#]+/?", re.IGNORECASE)
_MOST_TITLES = 2  # of one address in one feed: a story and its update
_FOOTER = re.compile(r"The post .{1,300} (?:first appeared|appeared first) on .{1,100}\.")  # of WordPress

_PROLOGUE = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*+", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:rss\b|(?:[\w-]+:)?RDF\b|(?:atom:)?feed\b)")

_ENDLESS_TAG = re.compile(rb"<[^<>]{100000}")
_TAG = re.compile(r"<[a-zA-Z/!]")
_BREAK = "\u2029"
_BLOCK_TAGS = (
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4"),
    *("h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
)
_DROPPED_TAGS = ("script", "style", "iframe", "object", "form", "svg", "noscript", "template", "button", "figure")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item of a feed; all text is plain."""

    title: str
    url: str | None  # of its page, http(s) only
    text: str
    is_summary: bool  # the feed has less than the story
    source: str | None  # the publisher that the item names
    channel: str | None  # the publisher by the title of the feed, where the item is of the same site
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    language: str | None
    published_at: datetime | None
    updated_at: datetime | None
    state: str = ""  # of a page in a sitemap: changes when the page does


def recognises(head: bytes, path: Path) -> bool:
    """A first element of RSS, RSS 1.0 or Atom, with any file name."""
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = head.decode(encoding, errors="ignore")
    prologue = _PROLOGUE.match(text)
    return bool(_ROOT.match(text, prologue.end() if prologue else 0))


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article an item; items that are only summaries are read, and their number is reported."""
    items = items_of_feed(read_bytes(path, MAX_FEED_BYTES))
    for number, item in enumerate(items, 1):
        try:
            yield article_of_item(item, options.fetched_at)
        except ArticleError as error:
            yield Unreadable(path, f"item {number}: {error}")
    if summaries := sum(item.is_summary for item in items):
        yield ReadWarning(
            path,
            f"{summaries} of {len(items)} items have only a summary; to fetch the stories: python -m corpus feed URL",
            warning=ArticleWarning.EXCERPT,
            count=summaries,
            total=len(items),
        )


def article_of_item(item: FeedItem, fetched_at: datetime | None) -> Article:
    """The article in an item of a feed; raises ArticleError without a title or a text."""
    bylines = [split_byline(author) for author in item.authors]
    return new_article(
        title=item.title,
        text=item.text,
        source=item.source or known_publisher(item.url or "") or item.channel,
        url=item.url,
        authors=tuple(name for byline in bylines for name in byline.authors),
        agency=next((byline.agency for byline in bylines if byline.agency), None),
        keywords=item.keywords,
        language=item.language,
        published_at=item.published_at or item.updated_at,
        updated_at=item.updated_at,
        date_origin=DateOrigin.FEED,
        fetched_at=fetched_at,
        warnings=(ArticleWarning.EXCERPT,) if item.is_summary else (),
    )


def items_of_feed(content: bytes, *, url: str | None = None, content_type: str = "") -> list[FeedItem]:
    """The items of a feed, in order; raises ReaderError when it is not a feed or takes too long.

    Relative links are resolved against `url`.
    """
    headers = {"content-location": url} if url else {}
    if is_beyond_ascii_utf8(content):  # whatever it is declared to be
        content = _DECLARED_ENCODING.sub(rb"\1", content[:_DECLARATION_BYTES]) + content[_DECLARATION_BYTES:]
    elif "charset" in content_type:
        headers["content-type"] = content_type
    seconds = _ORDERLY_CPU_SECONDS if _is_orderly(content) else _CPU_SECONDS
    return _with_own_addresses([_item(raw) for raw in _parse_in_child_process(content, headers, seconds)])


def _with_own_addresses(items: list[FeedItem]) -> list[FeedItem]:
    """The items without addresses that are no article's: that of a site, or one that several items have."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        titles[item.url or ""].add(item.title)
    return [
        replace(item, url=None)
        if item.url and (len(titles[item.url]) > _MOST_TITLES or _SITE.fullmatch(item.url))
        else item
        for item in items
    ]


def _is_orderly(content: bytes) -> bool:
    """Whether a feed is well-formed, shallow and of ordinary size; takes milliseconds."""
    depth = tags = texts = 0
    if _ENDLESS_TAG.search(content):
        return False

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth, tags
        depth += 1
        tags += len(attributes) + (5 if tag in ("item", "entry") else 1)
        if depth > _ORDERLY_DEPTH or tags > _ORDERLY_TAGS:
            raise ValueError

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1

    def text(characters: str) -> None:
        nonlocal texts
        texts += 1
        if texts > _ORDERLY_TEXTS:
            raise ValueError

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return True


def _item(raw: Mapping[str, Any]) -> FeedItem:
    moments = [_moment(raw[name], raw[f"{name}_seconds"]) for name in ("published", "updated")]
    return FeedItem(
        title=raw["title"],
        url=raw["url"] if normalise_address(raw["url"]) else None,
        text=raw["text"],
        is_summary=raw["is_summary"],
        source=raw["source"],
        channel=raw["channel"] if _is_same_site(raw["url"], raw["channel_url"]) else None,
        authors=tuple(raw["authors"]),
        keywords=tuple(raw["keywords"]),
        language=language_code(raw["language"]),
        published_at=moments[0],
        updated_at=moments[1],
    )


def _moment(written: str, seconds: int | None) -> datetime | None:
    """A date as written, for its offset and its language; else as feedparser understood it."""
    if found := parse_date(written):
        return found.moment
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _parse_in_child_process(content: bytes, headers: Mapping[str, str], cpu_seconds: int) -> list[dict[str, Any]]:
    """The items, parsed by `parse_standard_input` in a child process with limits."""
    program = f"import {__name__} as feed; feed.parse_standard_input()"
    written = output_of_child(
        ["-c", program, str(cpu_seconds), json.dumps(headers)],
        content,
        cpu_seconds=cpu_seconds,
        refusal="the feed is too deep or too large",
    )
    items: list[dict[str, Any]] | None = json.loads(written)
    if items is None:
        raise ReaderError("not an RSS or Atom feed")
    return items


def parse_standard_input() -> None:
    """Run in the child process: read a feed, write its items as JSON; arguments: CPU seconds, HTTP headers."""
    limit_this_process(int(sys.argv[1]))
    import feedparser

    # A stream: bytes that happen to be a path would be opened, and text that is a URL fetched.
    feed = feedparser.parse(
        BytesIO(sys.stdin.buffer.read()),
        response_headers=json.loads(sys.argv[2]),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    is_feed = bool(feed.get("version") or feed.entries)
    json.dump([_raw_item(entry, feed.feed) for entry in feed.entries] if is_feed else None, sys.stdout)


def _raw_item(entry: Any, channel: Any) -> dict[str, Any]:
    text, is_summary = _text_of(entry)
    title = entry.get("title_detail") or {"value": "", "type": "text/plain"}
    source = entry.get("source") or {}
    return {
        "title": clean_line(_plain(title)),
        "url": str(entry.get("feedburner_origlink") or entry.get("link") or "").strip(),
        "text": text,
        "is_summary": is_summary,
        "source": source.get("title") or entry.get("publisher") or None,
        "channel": _channel_name(clean_line(_plain(channel.get("title_detail") or {"value": ""}))),
        "channel_url": str(channel.get("link") or ""),
        "authors": [author["name"] for author in entry.get("authors", ()) if author.get("name")],
        "keywords": [tag["term"] for tag in entry.get("tags", ()) if tag.get("term")],
        "language": str(entry.get("language") or title.get("language") or channel.get("language", "")),
        "published": str(dict.get(entry, "published") or ""),
        "published_seconds": _seconds(entry, "published_parsed"),
        "updated": str(dict.get(entry, "updated") or ""),
        "updated_seconds": _seconds(entry, "updated_parsed"),
    }


def _channel_name(title: str) -> str | None:
    """The publisher in the title of a feed, without the name of a section or a slogan."""
    parts = [part.strip() for part in _CHANNEL_PART.split(title) if part.strip()]
    named = [part for part in parts if not _SECTION.fullmatch(part)]
    return (named or parts or [None])[0]


def _is_same_site(item: str, channel: str) -> bool:
    """Whether an item is of the feed's own site; a feed of several publishers names none of them in its title."""
    return not item or not channel or source_of_address(item) == source_of_address(channel)


def _text_of(entry: Any) -> tuple[str, bool]:
    """The longest text of an entry, and whether it is only a summary."""
    summary = _plain(entry.get("summary_detail") or {"value": ""})
    # feedparser takes the caption of a picture (media:description in media:content) for plain content of the item.
    has_caption = bool(summary and entry.get("media_content"))
    bodies = [part for part in entry.get("content", ()) if not (has_caption and part.get("type") == "text/plain")]
    content = max(map(_plain, bodies), key=len, default="")
    text = max(summary, content, key=len)
    is_body = len(content) > len(summary) or len(text) >= _WHOLE_STORY_CHARACTERS
    return text, not is_body or bool(_CUT.search(text[-200:]))


def _plain(construct: Mapping[str, Any]) -> str:
    """The paragraphs of a text construct, plain or HTML (RFC 4287, section 3.1)."""
    if len(construct["value"]) > _MAX_ITEM_CHARACTERS:
        return ""
    value = clean_text(str(construct["value"]))
    if construct.get("type", "text/html") == "text/plain" and not _TAG.search(value):
        return value
    paragraphs = (" ".join(part.split()) for part in _broken_text(value).split(_BREAK))
    return "\n\n".join(part for part in paragraphs if part and not _FOOTER.fullmatch(part))


def _broken_text(html: str) -> str:
    """The text of an HTML fragment with a break at each possible end of a paragraph."""
    from lxml import etree
    from lxml.html import fragment_fromstring

    try:
        tree = fragment_fromstring(html, create_parent="div")
    except (etree.LxmlError, ValueError):
        return re.sub(r"<[^<>]*>", " ", html)
    etree.strip_elements(tree, etree.Comment, *_DROPPED_TAGS, with_tail=False)
    for element in tree.iter(*_BLOCK_TAGS):
        element.text = _BREAK + (element.text or "")
        element.tail = _BREAK + (element.tail or "")
    return str(tree.text_content())


def _seconds(entry: Any, name: str) -> int | None:
    """A moment in seconds since 1970; feedparser's are UTC, and its own `get` substitutes one for another."""
    moment = dict.get(entry, name)
    return timegm(moment) if moment and 1 < moment.tm_year < 9999 else None
