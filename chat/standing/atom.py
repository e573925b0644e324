"""The changes of standing questions as an Atom feed (RFC 4287)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.etree import ElementTree

from chat.answering.quoting import visible
from chat.publishing.links import web_address
from chat.standing.lines import answer_lines
from chat.standing.question import Change

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_LONGEST_TITLE = 200  # characters


def atom_feed(
    title: str, id: str, changes: Sequence[Change], *, since: datetime, address: str = "", page: str = ""
) -> bytes:
    """A feed with an entry for each change, in the given order: the newest first.

    `id` is a URI that stays the feed's own, `since` its date while it has no entry, `address` where it is served and
    `page` where its readers ask.
    """
    feed = ElementTree.Element("feed", xmlns=_NAMESPACE)
    updated = max((one.noticed_at for one in changes), default=since)
    _add(feed, "id", id)
    _add(feed, "title", _title(title))
    _add(feed, "updated", updated.isoformat(timespec="seconds"))
    _add(ElementTree.SubElement(feed, "author"), "name", "Dateline")
    for relation, target in (("self", address), ("alternate", page)):
        if target:
            ElementTree.SubElement(feed, "link", rel=relation, href=target)
    for change in changes:
        _add_entry(feed, change)
    ElementTree.indent(feed)
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _add_entry(feed: ElementTree.Element, change: Change) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _add(entry, "id", f"urn:uuid:{change.id}")
    _add(entry, "title", _title(f"{change.question} {change.reasons[0].text}"))
    _add(entry, "updated", change.noticed_at.isoformat(timespec="seconds"))
    for address in _addresses(change):
        ElementTree.SubElement(entry, "link", rel="related", href=address)
    reasons = [visible(reason.text) for reason in change.reasons]
    _add(entry, "content", "\n".join((*reasons, "", *answer_lines(change.answer))), type="text")


def _addresses(change: Change) -> Iterable[str]:
    found = (web_address(one["url"]) for one in change.answer["evidence"])
    return dict.fromkeys(filter(None, found))


def _title(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _LONGEST_TITLE else f"{shown[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"


def _add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = text
