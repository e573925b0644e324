"""Reads a news page in HTML, with its metadata."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.article import Article, Unreadable
from corpus.readers.checking import unsure
from corpus.readers.decoding import MAX_TEXT_BYTES, decode, opening, read_bytes
from corpus.readers.documents.exports import articles_of_export, is_export
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.pages.html_dates import metas, published, updated
from corpus.readers.pages.html_tables import tables_to_paragraphs
from corpus.readers.pages.html_text import lines_of_page, without_unseen
from corpus.readers.pages.structured_data import body_of, fields_of, is_paid, story_of
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
_BODY_SHARE = 3  # a page that shows less than a third of the story in its data shows a teaser
_FEWEST_WORDS = 40  # fewer are a preview when the page is marked as paid
_MAX_EXPORT_BYTES = 20_000_000
_DATABASE = re.compile(
    rb"\d+ of \d+ documents|end of document|load-date|proquest document id|publication info"
    rb"|>\s*Document [A-Z]{3,}[A-Za-z0-9]{12,}",
    re.IGNORECASE,
)
_SECTION_NAMES = ("article:section", "parsely-section")
_MARKS_OF_NEWS = ("article:published_time", "article:section", "article:author", "news_keywords", "parsely-pub-date")


def recognises(head: bytes, path: Path) -> bool:
    """A text that starts with the tags of a page."""
    text = opening(head)
    return bool(_START.match(text)) or (text.startswith("<") and "<html" in text.lower())


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the page, or those of an export of a news database."""
    page = read_bytes(path, _MAX_EXPORT_BYTES)
    if _DATABASE.search(page) and is_export(text := lines_of_page(page)):
        yield from articles_of_export(text, path, options)
    elif len(page) > MAX_TEXT_BYTES:
        raise ReaderError(f"larger than {MAX_TEXT_BYTES // 1_000_000} MB")
    else:
        yield article_of_page(page, fetched_at=options.fetched_at)


def article_of_page(
    page: bytes, *, url: str | None = None, fetched_at: datetime | None = None, charset: str | None = None
) -> Article:
    """The article of a page that was fetched from `url`; raises ReaderError or ArticleError.

    `charset` is the one that the server declared. The page's canonical address counts on the same host only.
    """
    declared = _DECLARED.search(page[:4096])
    text = decode(page, declared=charset or (declared[1].decode() if declared else None))
    tree = _tree(_bounded(text))
    story = story_of(tree, [tag.text_content() for tag in tree.xpath("//h1|//title")] + metas(tree, ["og:title"]))
    origin, day = published(tree, story, fetched_at)
    record = _extracted(tree, url, body_of(story)) | fields_of(story)
    record |= {"published_at": day, "updated_at": updated(tree, story)}
    record["url"] = _address(url, str(record.get("url") or ""))
    words = len(str(record["text"]).split())
    if not words:
        raise ReaderError("no story in the page")
    few = words < _FEWEST_WORDS
    if few and is_paid(story):
        raise ReaderError("the page has only the start of an article behind a paywall")
    article = article_of_record(record, ReadOptions(fetched_at=fetched_at), date_origin=origin)
    return article if url or story or _is_marked_as_news(tree, article) else unsure(article)


def _is_marked_as_news(tree: "HtmlElement", article: Article) -> bool:
    """Whether a page without an article in its JSON-LD says elsewhere that it is one, or has a date and a publisher."""
    if metas(tree, _MARKS_OF_NEWS) or "article" in metas(tree, ["og:type"]):
        return True
    return article.published_at is not None and bool(article.authors or article.agency or article.url)


def _bounded(text: str) -> str:
    """The page without scripts, styles and comments; raises ReaderError when the rest would take long to parse."""
    text = without_unseen(text.replace("\0", ""))
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


def _tree(text: str) -> "HtmlElement":
    from trafilatura import load_html

    try:
        tree = load_html(text)
    except (ValueError, RecursionError) as error:
        raise ReaderError(f"not readable as HTML: {error}") from None
    if tree is None:
        raise ReaderError("not readable as HTML")
    return tree


def _extracted(tree: "HtmlElement", url: str | None, body: str) -> dict[str, object]:
    """The story and the metadata that trafilatura extracts; `body` is the story where the page shows it by script."""
    from trafilatura import bare_extraction

    section, language = next(iter(metas(tree, _SECTION_NAMES)), None), tree.get("lang")
    tables_to_paragraphs(tree)
    for menu in tree.xpath("//nav[not(.//h1 or .//article)]"):  # the text of a short page would begin with it
        menu.drop_tree()
    document = bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if document is None or isinstance(document, dict):
        if not body:
            raise ReaderError("no story in the page")
        return {"title": "", "text": body, "url": url, "section": section, "language": language}
    title = document.title or ""
    paragraphs = [line for line in (document.text or "").split("\n") if line.strip() and line.strip() != title]
    text = "\n\n".join(paragraphs)
    return {
        "title": title,
        "text": text if len(text) * _BODY_SHARE > len(body) else body,
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
