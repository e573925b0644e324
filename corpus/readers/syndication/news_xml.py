"""Reads the XML of news agencies: NewsML-G2, NewsML 1.2 and NITF (iptc.org), with corrections and kills."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.agencies import split_byline
from corpus.article import Article, CorpusError, DateOrigin, Unreadable, new_article
from corpus.dates import parse_date
from corpus.readers.decoding import opening, read_bytes
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.languages import language_code

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.etree import _Element

_MAX_BYTES = 10_000_000
_MOST_ITEMS = 2_000
_MOST_TAGS = 150_000
_ROOT = re.compile(r"<(?:[\w-]+:)?(?:newsItem|newsMessage|nitf|NewsML|NewsItem)\b")
_ITEMS = frozenset({"newsitem", "nitf"})
_KILLED = re.compile(r"(?:stat:)?(?:cancell?ed|withheld|kill(?:ed)?)|kill", re.IGNORECASE)
_KILL_NOTE = re.compile(r"\b(?:kill|withdraw|withdrawn|do not use|must[- ]kill)\b", re.IGNORECASE)
_KILL_TITLE = re.compile(r"\W*(?:story |mandatory )?(?:kill|withdrawn?)\b\W", re.IGNORECASE)
_CORRECTED = re.compile(r"correct|clarif|retract|write-?thru fixes|fixes\b", re.IGNORECASE)
_SOURCES = ("copyrightholder", "provider", "party", "doc.copyright", "pubdata", "distributor", "creditline")
_OTHER_CLASS = re.compile(r"picture|photo|video|audio|graphic|animation|icon", re.IGNORECASE)
_BLOCKS = frozenset({"p", "hl2", "h1", "h2", "h3", "h4", "li", "tr", "pre", "dd", "bq"})
_ASIDE = frozenset({"media", "media-caption", "figure", "figcaption", "aside", "tagline", "note", "script", "style"})


def recognises(head: bytes, path: Path) -> bool:
    """An element of NewsML or NITF near the start."""
    text = opening(head)
    return text.startswith("<") and bool(_ROOT.search(text[:4000]))


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article an item; a killed item is an article that is marked as withdrawn."""
    from lxml import etree

    content = read_bytes(path, _MAX_BYTES).strip()
    if content.count(b"<") > _MOST_TAGS:
        raise ReaderError(f"more than {_MOST_TAGS:,} tags in one file")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ReaderError(f"not readable as XML: {error}") from None
    for number, element in enumerate(_items(root)):
        if number == _MOST_ITEMS:
            raise ReaderError(f"more than {_MOST_ITEMS:,} items in one file; the rest was not read")
        try:
            yield _article(_Item.of(element), options)
        except CorpusError as error:
            yield Unreadable(path, str(error), element.sourceline)


@dataclass(frozen=True, slots=True)
class _Item:
    """An item, with its elements by their names in lower case."""

    element: "_Element"
    by_name: dict[str, list["_Element"]]

    @classmethod
    def of(cls, element: "_Element") -> "_Item":
        by_name: dict[str, list[_Element]] = {}
        for one in element.iter():
            by_name.setdefault(_name(one), []).append(one)
        return cls(element, by_name)


def _items(root: "_Element") -> Iterator["_Element"]:
    for element in root.iter():
        if _name(element) in _ITEMS and not any(_name(around) in _ITEMS for around in element.iterancestors()):
            yield element


def _article(item: _Item, options: ReadOptions) -> Article:
    if (kind := _value(item, "itemclass", "newsitemtype")) and _OTHER_CLASS.search(kind):
        raise ReaderError(f"an item of the class {kind[:40]}, not a story")
    note = _value(item, "ednote", "ed-msg", "note")
    title = _value(item, "hl1", "headline", "hedline", "title", "slugline")
    is_killed = _is_killed(item, title, note)
    created = _moment(item, "firstcreated", "date.issue", "date.release", "contentcreated", "story.date")
    version = _moment(item, "versioncreated", "thisrevisioncreated")
    byline = split_byline(_value(item, "byline", "by"))
    signal = _value(item, "signal")
    text = "\n\n".join(_paragraphs(item))
    return new_article(
        title=title,
        text=text or (note or "Withdrawn." if is_killed else _value(item, "description", "abstract")),
        source=_value(item, *_SOURCES),
        url=_link(item),
        identity=_identity(item),
        authors=byline.authors,
        agency=byline.agency,
        section=_value(item, "fixture", "genre") or None,
        keywords=tuple(filter(None, (_own_value(one) for one in _all(item, "subject", "keyword")))),
        language=language_code(_language(item)),
        published_at=created or version,
        updated_at=version if created and version != created else None,
        date_origin=DateOrigin.FIELD,
        fetched_at=options.fetched_at,
        correction=note if _CORRECTED.search(f"{signal} {note}") and not is_killed else None,
        is_withdrawn=is_killed,
    )


def _is_killed(item: _Item, title: str, note: str) -> bool:
    status = _value(item, "pubstatus", "status")
    managed = next((one.get("management-status") or "" for one in _all(item, "docdata")), "")
    return bool(
        any(_KILLED.fullmatch(value) for value in (status, managed))
        or _KILL_TITLE.match(title)
        or (len(note) < 400 and _KILL_NOTE.search(note) and not _CORRECTED.search(note))
    )


def _paragraphs(item: _Item) -> Iterator[str]:
    """The story's paragraphs: of the body of NITF, of the inline content of NewsML; or its plain text."""
    content = next(_all(item, "body.content", "inlinexml", "datacontent", "inlinedata"), None)
    if content is None:
        return
    inside = _Item.of(content)
    body = next(_all(inside, "body.content", "body"), content)
    blocks = [one for one in body.iter() if _name(one) in _BLOCKS and not _is_inside(one, body)]
    if not blocks:
        text = "".join(str(part) for part in body.itertext())
        yield from (" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())
    for block in blocks:
        cells = [one for one in block.iter() if _name(one) in ("td", "th")] if _name(block) == "tr" else [block]
        yield "; ".join(filter(None, (" ".join("".join(map(str, cell.itertext())).split()) for cell in cells)))


def _is_inside(block: "_Element", body: "_Element") -> bool:
    """Whether a block is part of another block or of something beside the story."""
    for around in block.iterancestors():
        if around is body:
            return False
        if _name(around) in _BLOCKS | _ASIDE:
            return True
    return False


def _all(item: _Item, *names: str) -> Iterator["_Element"]:
    """The elements with these names, in the order of the names."""
    return (one for name in names for one in item.by_name.get(name, ()))


def _value(item: _Item, *names: str) -> str:
    return next(filter(None, map(_own_value, _all(item, *names))), "")


def _own_value(element: "_Element") -> str:
    """What an element states: its text, its name, or the attribute in which its standard puts it."""
    text = " ".join("".join(map(str, element.itertext())).split())
    attributes = ("literal", "holder", "name", "info", "key", "FormalName", "qcode", "norm", "tag")
    return text or next((value for name in attributes if (value := element.get(name))), "")


def _moment(item: _Item, *names: str) -> "datetime | None":
    for element in _all(item, *names):
        if found := parse_date(element.get("norm") or _own_value(element)):
            return found.moment
    return None


def _identity(item: _Item) -> str | None:
    """The item's own identifier, the same for all its versions."""
    documents = (one.get("id-string") for one in _all(item, "doc-id"))
    ids = (_value(item, "newsitemid"), _value(item, "publicidentifier"), *documents)
    return item.element.get("guid") or next(filter(None, ids), None)


def _link(item: _Item) -> str | None:
    links = (one.get("href") or "" for one in _all(item, "link", "remotecontent", "locator"))
    return next((link for link in links if link.startswith(("http://", "https://")) and not _is_media(link)), None)


def _is_media(link: str) -> bool:
    return bool(re.search(r"\.(?:jpe?g|png|gif|webp|mp[34]|svg|xml|json)(?:\?|$)", link, re.IGNORECASE))


def _language(item: _Item) -> str:
    tags = (one.get("tag") or one.get("FormalName") or "" for one in _all(item, "language"))
    return next(filter(None, (*tags, item.element.get("{http://www.w3.org/XML/1998/namespace}lang"))), "")


def _name(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
