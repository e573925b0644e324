"""The page's own HTML, from templates that escape every value."""

from functools import lru_cache
from typing import TYPE_CHECKING

from chat.publishing.html_templates import html_templates

if TYPE_CHECKING:
    from jinja2 import Environment


def masthead_html(archive: str) -> str:
    """The head of the page, with one line about the archive."""
    return _templates().get_template("masthead.html.jinja").render(line=archive)


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    return html_templates("web")
