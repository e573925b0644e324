"""The page's own HTML: every value is escaped, and stays on one line so that Markdown leaves the block alone."""

from typing import Any

from markupsafe import Markup, escape

_MASTHEAD = Markup('<header class="masthead"><h1>Dateline</h1><p>{}</p></header>')


def one_line(value: Any) -> Markup:
    """A value escaped for HTML, without a line end: a blank line would end the block of HTML in Markdown."""
    return Markup(str(escape(value)).replace("\r", "&#13;").replace("\n", "&#10;"))


def masthead_html(archive: str) -> str:
    """The head of the page, with one line about the archive."""
    return str(_MASTHEAD.format(one_line(archive)))
