"""The line at the top of the page that says what the archive holds, kept true while the page is open."""

from collections.abc import Iterable
from typing import Any

import gradio as gr
from gradio.events import Dependency

from chat.answering.replies import archive_line
from web.conversations.answering import Chatbot
from web.html import masthead_html
from web.visit import texts_for

_COUNTED_AGAIN_S = 30.0
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


def keep_counting(page: gr.Blocks, masthead: gr.Markdown, changes: Iterable[Dependency], chatbot: Chatbot) -> None:
    """Count again when the page is loaded, after each of the changes, and now and then."""

    def count(request: gr.Request) -> str:
        texts = texts_for(request)
        return masthead_html(archive_line(chatbot.status(), texts), texts)

    gr.on([page.load, gr.Timer(_COUNTED_AGAIN_S).tick], count, None, masthead, **_QUIET)
    for change in changes:
        change.then(count, None, masthead, **_QUIET)
