"""The text of HTML with a line for each block, for text that is not a page of its own."""

import re
from collections.abc import Iterator
from html import unescape

from corpus.readers.decoding import decode

_UNSEEN = (  # JSON-LD is read
    (re.compile(r"<script(?![^>]{0,300}ld\+json)", re.IGNORECASE), re.compile(r"</script[^>]*>?", re.IGNORECASE)),
    (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style[^>]*>?", re.IGNORECASE)),
    (re.compile(r"<svg\b", re.IGNORECASE), re.compile(r"</svg[^>]*>?", re.IGNORECASE)),
    (re.compile(r"<!--"), re.compile(r"-->")),
)
_HEAD = (re.compile(r"<head\b", re.IGNORECASE), re.compile(r"</head\s*>", re.IGNORECASE))
_DECLARATION = re.compile(r"<![a-z][^<>]{0,500}>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|tr|h[1-6]|blockquote|article|section|table|ul|ol|hr|center|hl\d?|block|dl|dd|dt|pre|td|th)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,4000}>")


def without_unseen(html: str) -> str:
    """HTML without scripts (except JSON-LD), styles, drawings and comments, in linear time."""
    for start, end in _UNSEEN:
        html = "".join(_outside(html, start, end))
    return html


def lines_of_page(page: bytes) -> str:
    """The text of a page, its blocks separated by blank lines."""
    return lines_of_html(decode(page))


def lines_of_html(html: str) -> str:
    """The text of a fragment of HTML, NITF or another markup with HTML's names, its blocks separated by blank lines."""
    html = "".join(_outside(_DECLARATION.sub(" ", without_unseen(html)), *_HEAD))
    html = " ".join(html.split())
    text = unescape(_TAG.sub("", _BLOCK.sub("\n\n", _CELL_END.sub(" ", html))))
    return re.sub(r"\s*\n\s*", "\n\n", text).strip()


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
