"""Reads a news page in HTML, with its metadata."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.article import Article, DateOrigin, Unreadable
from corpus.dates import parse_date
from corpus.readers.decoding import MAX_TEXT_BYTES, decode, opening, read_bytes
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.paragraphs import MAX_CHARACTERS
from corpus.readers.records.record import article_of_record

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_ELEMENTS = 8_000  # a news page has some thousands; ten thousand take a second
_MAX_ATTRIBUTES = 200  # of one element; libxml2 compares them pairwise
_START = re.compile(r"<!doctype html|<html|<head|<body|<article|<main|<div|<p\b|<h1", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
_TAG = re.compile(rf"<[a-zA-Z](?:{_VALUE.pattern}|[^>=]|=)*+")
_ATTRIBUTE = re.compile(r"[^\s/]+")
_UNREAD = (  # JSON-LD is read
    (re.compile(r"<script(?![^>]{0,300}ld\+json)", re.IGNORECASE), re.compile(r"</script[^>]*>?", re.IGNORECASE)),
    (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style[^>]*>?", re.IGNORECASE)),
    (re.compile(r"<svg\b", re.IGNORECASE), re.compile(r"</svg[^>]*>?", re.IGNORECASE)),
    (re.compile(r"<!--"), re.compile(r"-->")),
)
_STORY_TYPES = re.compile(r"\w*Article|LiveBlogPosting|BlogPosting|Report")
_FEWEST_WORDS = 40  # fewer are a preview when the page is marked as paid
_NAMES_OF_META = {
    "published_at": (
        *("article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date"),
        *("sailthru.date", "datepublished", "pubdate", "publish-date", "dc.date.issued", "dcterms.created", "dc.date"),
        *("date", "citation_publication_date"),
    ),
    "updated_at": ("article:modified_time", "og:updated_time", "dcterms.modified", "datemodified", "last-modified"),
    "section": ("article:section", "parsely-section"),
}
_TIME_TAGS = "(//*[@itemprop='datePublished']|//time[@pubdate]|//article//time|//main//time|//time)"
_DATE_WORDS = "//*[contains(@class,'date') or contains(@class,'publish') or contains(@class,'timestamp')]"


def recognises(head: bytes, path: Path) -> bool:
    """A text that starts with the tags of a page."""
    text = opening(head)
    return bool(_START.match(text)) or (text.startswith("<") and "<html" in text.lower())


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the page."""
    yield article_of_page(read_bytes(path, MAX_TEXT_BYTES), fetched_at=options.fetched_at)


def article_of_page(
    page: bytes, *, url: str | None = None, fetched_at: datetime | None = None, charset: str | None = None
) -> Article:
    """The article of a page that was fetched from `url`; raises ReaderError or ArticleError.

    `charset` is the one that the server declared. The page's canonical address counts on the same host only.
    """
    declared = _DECLARED.search(page[:4096])
    text = decode(page, declared=charset or (declared[1].decode() if declared else None))
    tree = _tree(_bounded(text))
    story = next(_stories(tree), {})
    origin, published = _published(tree, story, fetched_at)
    record = _extracted(tree, url) | {name: value for name, value in _story_fields(story).items() if value}
    record |= {"published_at": published, "updated_at": story.get("dateModified") or _meta(tree, "updated_at")}
    record["url"] = _address(url, str(record.get("url") or ""))
    few = len(str(record["text"]).split()) < _FEWEST_WORDS
    if few and str(story.get("isAccessibleForFree")).lower() == "false":
        raise ReaderError("the page has only the start of an article behind a paywall")
    return article_of_record(record, ReadOptions(fetched_at=fetched_at), date_origin=origin)


def _bounded(text: str) -> str:
    """The page without scripts, styles and comments; raises ReaderError when the rest would take long to parse."""
    text = text.replace("\0", "")
    for start, end in _UNREAD:
        text = "".join(_outside(text, start, end))
    if len(text) > MAX_CHARACTERS:
        raise ReaderError(f"more than {MAX_CHARACTERS:,} characters in one page")
    tags = _TAG.findall(text)
    if len(tags) > _MAX_ELEMENTS:
        raise ReaderError(f"more than {_MAX_ELEMENTS:,} elements in one page")
    if any(
        len(_ATTRIBUTE.findall(_VALUE.sub(" ", tag))) > _MAX_ATTRIBUTES for tag in tags if len(tag) > _MAX_ATTRIBUTES
    ):
        raise ReaderError(f"more than {_MAX_ATTRIBUTES} attributes in one element")
    return text


def _outside(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> Iterator[str]:
    """The parts of a text outside of one kind of element."""
    done = 0
    while begin := start.search(text, done):
        yield text[done : begin.start()]
        stop = end.search(text, begin.end())
        if not stop:
            return
        done = stop.end()
    yield text[done:]


def _tree(text: str) -> "HtmlElement":
    from trafilatura import load_html

    try:
        tree = load_html(text)
    except (ValueError, RecursionError) as error:
        raise ReaderError(f"not readable as HTML: {error}") from None
    if tree is None:
        raise ReaderError("not readable as HTML")
    return tree


def _stories(tree: "HtmlElement") -> Iterator[Mapping[str, object]]:
    """The articles in the page's JSON-LD."""
    for script in tree.xpath("//script[contains(@type,'ld+json')]"):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles_in(value if isinstance(value, list) else [value])


def _articles_in(values: Iterable[object]) -> Iterator[Mapping[str, object]]:
    for value in values:
        if not isinstance(value, dict):
            continue
        kinds = value.get("@type")
        if any(_STORY_TYPES.fullmatch(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield value
        graph = value.get("@graph")
        if isinstance(graph, list):
            yield from _articles_in(part for part in graph if isinstance(part, dict) and "@graph" not in part)


def _story_fields(story: Mapping[str, object]) -> dict[str, object]:
    names = {
        "title": "headline",
        "authors": "author",
        "source": "publisher",
        "section": "articleSection",
        "keywords": "keywords",
        "language": "inLanguage",
    }
    return {ours: story.get(theirs) for ours, theirs in names.items()}


def _published(
    tree: "HtmlElement", story: Mapping[str, object], fetched_at: datetime | None
) -> tuple[DateOrigin, str | None]:
    """The first date that can be parsed, most reliable place first."""
    places: tuple[tuple[DateOrigin, Iterable[object]], ...] = (
        (DateOrigin.JSON_LD, [story.get("datePublished"), story.get("dateCreated")]),
        (DateOrigin.META, _metas(tree, "published_at")),
        (DateOrigin.TIME_TAG, (_time_of(tag) for tag in tree.xpath(_TIME_TAGS)[:5])),
        (DateOrigin.TEXT, (tag.text_content() for tag in tree.xpath(_DATE_WORDS)[:5])),
    )
    for origin, values in places:
        for value in values:
            if isinstance(value, str) and parse_date(value, fetched_at=fetched_at):
                return origin, value
    return DateOrigin.UNKNOWN, None


def _time_of(tag: "HtmlElement") -> str:
    return str(tag.get("datetime") or tag.get("content") or tag.text_content())


def _metas(tree: "HtmlElement", field: str) -> list[str]:
    """The values of a field in meta elements, most reliable name first."""
    found = {
        (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower(): tag.get("content")
        for tag in reversed(tree.xpath("//meta[@content]"))
    }
    return [found[name] for name in _NAMES_OF_META[field] if found.get(name)]


def _meta(tree: "HtmlElement", field: str) -> str | None:
    return next(iter(_metas(tree, field)), None)


def _extracted(tree: "HtmlElement", url: str | None) -> dict[str, object]:
    """The story and the metadata that trafilatura extracts."""
    from trafilatura import bare_extraction

    section, language = _meta(tree, "section"), tree.get("lang")
    document = bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if document is None or isinstance(document, dict):
        raise ReaderError("no story in the page")
    title = document.title or ""
    paragraphs = [line for line in (document.text or "").split("\n") if line.strip() and line.strip() != title]
    return {
        "title": title,
        "text": "\n\n".join(paragraphs),
        "url": document.url,
        "authors": (document.author or "").split("; "),
        "source": document.sitename,
        "section": section or next(iter(document.categories or []), None),
        "keywords": list(document.tags or []),
        "language": language,
    }


def _address(fetched: str | None, named: str) -> str | None:
    """The page's canonical address, unless it has another host than the fetched one."""
    if not fetched or _host(fetched) == _host(named):
        return named or fetched
    return fetched


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www|amp|m|mobile|edition)\.", "", host)
