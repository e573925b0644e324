"""What RFC 4287 demands of a feed: its grammar (section 4), and the rules that a grammar cannot state."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_MEDIA_TYPE = re.compile(r"[^/\s]+/[^/\s]+")


def _texts(*names: str) -> str:
    """Elements of text, which may hold plain text, escaped HTML or a div of XHTML."""
    kinds = "<choice><value>text</value><value>html</value></choice>"
    plain = f"<group><optional><attribute name='type'>{kinds}</attribute></optional><text/></group>"
    xhtml = "<group><attribute name='type'><value>xhtml</value></attribute><ref name='anything'/></group>"
    return "".join(
        f"<define name='{one}'><element name='{one}'><ref name='common'/><choice>{plain}{xhtml}</choice>"
        "</element></define>"
        for one in names
    )


def _leaves(*names: str) -> str:
    """Elements of one value."""
    return "".join(
        f"<define name='{one}'><element name='{one}'><ref name='common'/><text/></element></define>" for one in names
    )


def _persons(*names: str) -> str:
    parts = "<ref name='name'/><optional><ref name='uri'/></optional><optional><ref name='email'/></optional>"
    return "".join(
        f"<define name='{one}'><element name='{one}'><ref name='common'/><interleave>{parts}</interleave>"
        "</element></define>"
        for one in names
    )


def _attributes(element: str, needed: str, *possible: str) -> str:
    optional = "".join(f"<optional><attribute name='{one}'/></optional>" for one in possible)
    return (
        f"<define name='{element}'><element name='{element}'><ref name='common'/><attribute name='{needed}'/>"
        f"{optional}<text/></element></define>"
    )


def _container(name: str, one: str, at_most_one: str, many: str, last: str = "") -> str:
    parts = "".join(f"<ref name='{each}'/>" for each in one.split())
    parts += "".join(f"<optional><ref name='{each}'/></optional>" for each in at_most_one.split())
    parts += "".join(f"<zeroOrMore><ref name='{each}'/></zeroOrMore>" for each in many.split())
    return (
        f"<define name='{name}'><element name='{name}'><ref name='common'/><interleave>{parts}</interleave>{last}"
        "</element></define>"
    )


_CONTENT = (
    "<define name='content'><element name='content'><ref name='common'/>"
    "<optional><attribute name='type'/></optional><optional><attribute name='src'/></optional>"
    "<choice><text/><ref name='anything'/></choice></element></define>"
)
_COMMON = "".join(
    f"<optional><attribute name='{one}' ns='http://www.w3.org/XML/1998/namespace'/></optional>"
    for one in ("lang", "base")
)
_ANYTHING = (
    "<define name='anything'><element><anyName/><zeroOrMore><choice><attribute><anyName/></attribute><text/>"
    "<ref name='anything'/></choice></zeroOrMore></element></define>"
)
_PEOPLE = "author contributor category link"
_GRAMMAR = "".join(
    (
        "<grammar xmlns='http://relaxng.org/ns/structure/1.0' ns='http://www.w3.org/2005/Atom'>",
        "<start><ref name='feed'/></start>",
        f"<define name='common'>{_COMMON}</define>",
        _ANYTHING,
        _texts("title", "subtitle", "summary", "rights"),
        _leaves("id", "updated", "published", "name", "uri", "email", "icon", "logo"),
        _persons("author", "contributor"),
        _attributes("link", "href", "rel", "type", "hreflang", "title", "length"),
        _attributes("category", "term", "scheme", "label"),
        _CONTENT,
        _container(
            "feed",
            "id title updated",
            "subtitle rights icon logo",
            _PEOPLE,
            "<zeroOrMore><ref name='entry'/></zeroOrMore>",
        ),
        _container("entry", "id title updated", "published summary rights content", _PEOPLE),
        "</grammar>",
    )
)


def faults_of(feed: bytes) -> Iterator[str]:
    """What RFC 4287 forbids in a feed, and a feed without an address of its own, which it advises against."""
    root = etree.fromstring(feed)
    schema = etree.RelaxNG(etree.fromstring(_GRAMMAR))
    if not schema.validate(root):
        yield f"not of the grammar: {schema.error_log.last_error}"
    entries = root.findall(f"{ATOM}entry")
    own = [one for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    if len(own) != 1:
        yield f"{len(own)} addresses of its own"
    yield from _faults_of_values(root)
    ids = [one.findtext(f"{ATOM}id") for one in (root, *entries)]
    if len(set(ids)) != len(ids):
        yield "ids that are not unique"
    if root.find(f"{ATOM}author") is None and any(one.find(f"{ATOM}author") is None for one in entries):
        yield "an entry without an author"
    for one in (root, *entries):
        seen = [(a.get("type"), a.get("hreflang")) for a in one.findall(f"{ATOM}link") if _is_alternate(a)]
        if len(set(seen)) != len(seen):
            yield "two alternates of one type and language"
    if any(one.find(f"{ATOM}content") is None and not any(map(_is_alternate, one)) for one in entries):
        yield "an entry with neither content nor an alternate"


def _is_alternate(element: "etree._Element") -> bool:
    return bool(element.tag == f"{ATOM}link" and element.get("rel", "alternate") == "alternate")


def _faults_of_values(root: "etree._Element") -> Iterator[str]:
    for one in root.iter(f"{ATOM}id", f"{ATOM}uri"):
        if not _is_iri(one.text or ""):
            yield f"no IRI: {one.text}"
    for one in root.iter(f"{ATOM}updated", f"{ATOM}published"):
        if not _is_moment(one.text or ""):
            yield f"no date of RFC 3339: {one.text}"
    for one in root.iter(f"{ATOM}link"):
        if not _is_iri(one.get("href", "")):
            yield f"no IRI: {one.get('href')}"
    for one in root.iter(f"{ATOM}link", f"{ATOM}content"):
        of_text = {"text", "html", "xhtml"} if one.tag == f"{ATOM}content" else set()
        if one.get("type", "a/b") not in of_text and not _MEDIA_TYPE.fullmatch(one.get("type", "a/b")):
            yield f"no media type: {one.get('type')}"


def _is_iri(text: str) -> bool:
    """An absolute IRI (RFC 3987): a scheme, something behind it, and no space or other delimiter."""
    parts = urlsplit(text)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"[\s<>\"{}|\\^`]", text)


def _is_moment(text: str) -> bool:
    try:
        return bool(_RFC_3339.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
