"""Which date of a page is that of its article: never one of a sidebar, a masthead or a list of other stories."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from corpus.article import DateOrigin
from corpus.dates import parse_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META_NAMES = {
    "published_at": (
        *("article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date"),
        *("sailthru.date", "datepublished", "pubdate", "publish-date", "dc.date.issued", "dcterms.created", "dc.date"),
        *("date", "citation_publication_date"),
    ),
    "updated_at": ("article:modified_time", "og:updated_time", "dcterms.modified", "datemodified", "last-modified"),
}
_ELSEWHERE_TAGS = frozenset({"aside", "nav", "footer", "figure", "form", "select", "button"})
_ELSEWHERE = re.compile(
    r"related|popular|most[-_]?(?:read|viewed|shared)|side-?bar|trending|recommend|teaser|promo|widget|comment|latest"
    r"|more[-_](?:news|stories|from|on)|read[-_]?(?:more|next|also)|masthead|breaking|ticker|newsletter|advert|weather"
    r"|you[-_]may|carousel|copyright|\bevents?\b|calendar",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\b(?:updated?|modified|edited|revised|mise? à jour|aktualisiert|actualizado|обновлено)\b", re.I)
_PARTS = re.compile(r"\s*[|·•]\s*|\n")
_LONGEST = 120  # characters of a line with a date
_PARAGRAPH = 120  # characters; a longer block is text of the story
_STORY_PARAGRAPHS = 3  # a date after more of them is not the one under the headline


def published(
    tree: "HtmlElement", story: Mapping[str, object], fetched_at: datetime | None
) -> tuple[DateOrigin, str | None]:
    """The first date that can be parsed, most reliable place first."""
    places: tuple[tuple[DateOrigin, Iterable[object]], ...] = (
        (DateOrigin.JSON_LD, [story.get("datePublished"), story.get("dateCreated")]),
        (DateOrigin.META, metas(tree, _META_NAMES["published_at"])),
        (DateOrigin.TIME_TAG, _time_tags(tree)),
        (DateOrigin.TEXT, _date_lines(tree)),
    )
    for origin, values in places:
        for value in values:
            if isinstance(value, str) and parse_date(value, fetched_at=fetched_at):
                return origin, value
    return DateOrigin.UNKNOWN, None


def updated(tree: "HtmlElement", story: Mapping[str, object]) -> str | None:
    """The last change that the page states; of a live blog that of its newest entry."""
    entries = story.get("liveBlogUpdate")
    moments = [
        found.moment
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and (found := parse_date(str(entry.get("datePublished") or "")))
    ]
    if moments:
        return max(moments).isoformat()
    value = story.get("dateModified")
    return value if isinstance(value, str) else next(iter(metas(tree, _META_NAMES["updated_at"])), None)


def metas(tree: "HtmlElement", names: Iterable[str]) -> list[str]:
    """The values of meta elements with these names, in the order of the names."""
    found = {
        (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower(): tag.get("content")
        for tag in reversed(tree.xpath("//meta[@content]"))
    }
    return [found[name] for name in names if found.get(name)]


def _time_tags(tree: "HtmlElement") -> Iterator[str]:
    """The machine-readable dates that belong to the article: marked as such, in its head, at its foot."""
    marked = tree.xpath("//*[@itemprop='datePublished']|//time[@pubdate]")
    head = [tag for tag in _head_of_story(tree) if tag.tag == "time"]
    foot = [tag for article in _article_of_headline(tree) for tag in article.iter("time")]
    for tag in (*marked, *head, *foot):
        if not _is_elsewhere(tag) and not _is_update(tag):
            yield str(tag.get("datetime") or tag.get("content") or tag.text_content())


def _date_lines(tree: "HtmlElement") -> Iterator[str]:
    """Short lines of text in the head of the story, then elements of it that are called a date."""
    for tag in _head_of_story(tree):
        text = (tag.text_content() if not len(tag) else tag.text or "").strip()
        for part in _PARTS.split(text) if len(text) <= _LONGEST else ():
            if any(map(str.isdigit, part)) and not _UPDATED.search(part) and not _is_update(tag):
                yield part.strip(" ,")
    for article in _article_of_headline(tree):
        for tag in article.xpath(".//*[contains(@class,'date') or contains(@class,'publish')]"):
            if not _is_elsewhere(tag) and not _is_update(tag):
                yield tag.text_content().strip()


def _head_of_story(tree: "HtmlElement") -> Iterator["HtmlElement"]:
    """The elements beside and below the headline, up to the first paragraphs of the story."""
    headline = _headline(tree)
    if headline is None:
        start = next(iter(tree.xpath("//article|//main|//body")), None)
        elements = start.iter() if start is not None else ()
    else:
        beside = headline.getparent()
        before = beside.iter() if beside is not None and beside.tag not in ("body", "html") else ()
        elements = (*before, *headline.xpath("following::*"))
    paragraphs = 0
    for tag in elements:
        if not isinstance(tag.tag, str) or _is_elsewhere(tag):
            continue
        paragraphs += tag.tag == "p" and len(tag.text_content()) > _PARAGRAPH
        if paragraphs >= _STORY_PARAGRAPHS:
            return
        yield tag


def _headline(tree: "HtmlElement") -> "HtmlElement | None":
    inside = tree.xpath("//article//h1|//main//h1")
    return next((tag for tag in (*inside, *tree.xpath("//h1")) if not _is_elsewhere(tag)), None)


def _article_of_headline(tree: "HtmlElement") -> list["HtmlElement"]:
    """The article element around the headline; without a headline, the only one of the page."""
    headline = _headline(tree)
    around = headline.xpath("ancestor::article[1]") if headline is not None else []
    every = tree.xpath("//article")
    return list(around or (every if len(every) == 1 else []))


def _is_elsewhere(tag: "HtmlElement") -> bool:
    """Whether an element is part of something other than the story, such as a list of related ones."""
    for around in (tag, *tag.iterancestors()):
        if around.tag in ("body", "html"):
            return False
        if around.tag in _ELSEWHERE_TAGS or _ELSEWHERE.search(f"{around.get('class') or ''} {around.get('id') or ''}"):
            return True
    return False


def _is_update(tag: "HtmlElement") -> bool:
    """Whether a date is that of a change."""
    around = tag.getparent()
    before = (tag.getprevious().tail if tag.getprevious() is not None else around.text) if around is not None else ""
    names = f"{tag.get('class') or ''} {tag.get('itemprop') or ''} {(tag.text or '')[:60]} {(before or '')[-60:]}"
    return bool(_UPDATED.search(names.replace("_", " ").replace("-", " ")) or "dateModified" in names)
