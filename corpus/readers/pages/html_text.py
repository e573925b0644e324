"""The text of HTML with a line for each block, for text that is not a page of its own."""

import re
from html import unescape

from corpus.readers.decoding import decode

_UNSEEN = re.compile(
    r"<(script|style|head|svg)\b.*?</\1\s*>|<!--.*?-->|<![a-z][^<>]{0,500}>", re.IGNORECASE | re.DOTALL
)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|tr|h[1-6]|blockquote|article|section|table|ul|ol|hr|center|hl\d?|block|dl|dd|dt|pre|td|th)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,4000}>")


def lines_of_page(page: bytes) -> str:
    """The text of a page, its blocks separated by blank lines."""
    return lines_of_html(decode(page))


def lines_of_html(html: str) -> str:
    """The text of a fragment of HTML, NITF or another markup with HTML's names, its blocks separated by blank lines."""
    html = " ".join(_UNSEEN.sub(" ", html).split())
    text = unescape(_TAG.sub("", _BLOCK.sub("\n\n", _CELL_END.sub(" ", html))))
    return re.sub(r"\s*\n\s*", "\n\n", text).strip()
