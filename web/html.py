"""The page's own HTML, from templates that escape every value, in the reader's language."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chat.answering.quoting import in_marks
from chat.answering.timeline import describe_date
from chat.publishing.html_templates import html_templates
from chat.publishing.links import web_address
from chat.texts.table import Texts

if TYPE_CHECKING:
    from jinja2 import Environment

    from chat.front.opening_page import Front
    from web.reader import OpenedArticle


def masthead_html(archive: str, texts: Texts) -> str:
    """The head of the page, with one line about the archive."""
    return page_html("masthead", texts, line=archive)


def front_html(front: "Front", texts: Texts) -> str:
    """The latest stories, those of this day, and the subjects of the last week."""
    return page_html("front", texts, front=front)


def login_html(texts: Texts, reason: str = "") -> str:
    """The whole page on which a reader logs in; `reason` says why it is shown again."""
    return page_html("login", texts, reason=reason)


def article_html(opened: "OpenedArticle | None", marks: str, wanted: str, texts: Texts) -> str:
    """The reader pane with an article, or with the word that it is gone.

    `marks` is what the page asked to mark, `wanted` its whole request, by which it knows the answer.
    """
    return page_html("article", texts, opened=opened, marks=marks, wanted=wanted)


def standing_html(listed: Sequence[Mapping[str, Any]], texts: Texts) -> str:
    """A list of standing questions, each as `question` with its `changes`."""
    return page_html("standing", texts, listed=listed)


def page_html(template: str, texts: Texts, **values: object) -> str:
    """A part of the page by the name of its template, in which `t` are the texts."""
    return _templates().get_template(f"{template}.html.jinja").render(values, t=texts)


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    templates = html_templates("web")
    templates.filters |= {
        "in_marks": in_marks,
        "json": json.dumps,
        "web_address": web_address,
        "when": lambda event, texts: describe_date(event.happened, texts),
    }
    return templates
