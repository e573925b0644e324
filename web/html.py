"""The page's own HTML, from templates that escape every value."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chat.answering.timeline import describe_date
from chat.publishing.answer_text import day
from chat.publishing.html_templates import html_templates
from chat.publishing.links import web_address

if TYPE_CHECKING:
    from jinja2 import Environment

    from chat.front.opening_page import Front
    from web.reader import OpenedArticle


def masthead_html(archive: str) -> str:
    """The head of the page, with one line about the archive."""
    return _templates().get_template("masthead.html.jinja").render(line=archive)


def conversations_html() -> str:
    """The head of the pane with the list of conversations."""
    return _templates().get_template("conversations_head.html.jinja").render()


def help_html() -> str:
    """How to ask, in a few lines."""
    return _templates().get_template("help.html.jinja").render()


def front_html(front: "Front") -> str:
    """The latest stories, those of this day, and the subjects of the last week."""
    return _templates().get_template("front.html.jinja").render(front=front)


def writers_html(writers: Sequence[str]) -> str:
    """The choice of who writes the answers."""
    return _templates().get_template("writers.html.jinja").render(writers=writers)


def login_html(reason: str = "") -> str:
    """The whole page on which a reader logs in; `reason` says why it is shown again."""
    return _templates().get_template("login.html.jinja").render(reason=reason)


def article_html(opened: "OpenedArticle | None", marks: str, wanted: str) -> str:
    """The reader pane with an article, or with the word that it is gone.

    `marks` is what the page asked to mark, `wanted` its whole request, by which it knows the answer.
    """
    return _templates().get_template("article.html.jinja").render(opened=opened, marks=marks, wanted=wanted)


def standing_html(listed: Sequence[Mapping[str, Any]]) -> str:
    """A list of standing questions, each as `question` with its `changes`."""
    return _templates().get_template("standing.html.jinja").render(listed=listed)


def page_html(template: str, **values: object) -> str:
    """What a tab shows, by the name of its template."""
    return _templates().get_template(f"{template}.html.jinja").render(values)


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    templates = html_templates("web")
    templates.filters |= {
        "count": "{:,}".format,
        "day": day,
        "json": json.dumps,
        "moment": _moment,
        "web_address": web_address,
        "when": lambda event: describe_date(event.happened),
    }
    return templates


def _moment(moment: datetime | None) -> str:
    """A moment as a reader writes it, in UTC: 16 March 2023, 07:30."""
    return f"{day(moment)}, {moment:%H:%M} UTC" if moment else "undated"
