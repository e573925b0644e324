"""Tombstones of Atom feeds (RFC 6721): entries that a publisher has deleted."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from corpus.addresses import normalise_address
from corpus.article import Article, DateOrigin, new_article
from corpus.dates import parse_date

_MARK = b"http://www.w3.org/2005/Atom"
_HEAD_BYTES = 4096
_DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_ATOM = "{http://www.w3.org/2005/Atom}"


def withdrawn_articles(content: bytes, addresses: Mapping[str, str], fetched_at: datetime) -> Iterator[Article]:
    """A withdrawn version of each deleted entry that the feed had before; `addresses` maps ids of entries to theirs."""
    root = _root(content)
    for deleted in root.iter(_DELETED) if root is not None else ():
        address, when = addresses.get(str(deleted.get("ref", "")), ""), parse_date(str(deleted.get("when", "")))
        if normalise_address(address):
            yield new_article(
                title="Withdrawn article",
                text="The publisher has withdrawn this article.",
                url=address,
                updated_at=when.moment if when else fetched_at,
                date_origin=DateOrigin.FEED,
                fetched_at=fetched_at,
                is_withdrawn=True,
            )


def entry_addresses(content: bytes) -> dict[str, str]:
    """The address of each entry by its id; empty for RSS."""
    root = _root(content)
    found: dict[str, str] = {}
    for entry in root.iter(f"{_ATOM}entry") if root is not None else ():
        id = str(entry.findtext(f"{_ATOM}id") or "").strip()
        links = [
            one.get("href", "") for one in entry.iter(f"{_ATOM}link") if one.get("rel", "alternate") == "alternate"
        ]
        if id and links:
            found[id] = str(links[0])
    return found


def _root(content: bytes) -> Any:
    """The root of an Atom feed; None for any other, or one that is malformed."""
    if _MARK not in content[:_HEAD_BYTES]:
        return None
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.LxmlError:
        return None
