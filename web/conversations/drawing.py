"""Conversations as the page shows them: their exchanges, and the list of them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from chat.publishing.answer_html import Tools, turn_html
from chat.publishing.html_templates import html_templates
from chat.texts.table import Texts
from web.conversations.conversation import TURNS_SHOWN, Conversation, Exchange, failure_text, writer_label
from web.conversations.store import Listed

if TYPE_CHECKING:
    from jinja2 import Environment

_SHOWN_AT_ONCE = 100


def drawn_latest(conversation: Conversation, id: str, writers: Sequence[str], texts: Texts) -> str:
    """The HTML of the last exchange, as far as it has come."""
    last = conversation.last
    return _drawn(last, _tools(last, id, writers, texts), texts, latest=True) if last else ""


def drawn_earlier(conversation: Conversation, id: str, texts: Texts) -> str:
    """The HTML of the exchanges before the last, by which page.js also learns which conversation is shown."""
    turns = [
        _drawn(one, _tools(one, id, (), texts), texts, latest=False)
        for one in conversation.exchanges[-TURNS_SHOWN - 1 : -1]
    ]
    shown = f'<div id="shown" data-conversation="{id if conversation.last else ""}"></div>'
    return "\n\n".join((shown, *turns))


def drawn_list(conversations: Sequence[Listed], open_id: str, words: str, texts: Texts, changed: str = "") -> str:
    """The HTML of the list of a browser's conversations, which were searched for `words`; `changed` is one's id."""
    return (
        _templates()
        .get_template("conversations.html.jinja")
        .render(
            t=texts,
            conversations=conversations[:_SHOWN_AT_ONCE],
            are_more=len(conversations) > _SHOWN_AT_ONCE,
            open_id=open_id,
            words=words,
            changed=changed,
        )
    )


def receipt_path(id: str, number: int) -> str:
    """Where the receipt of an answer is."""
    return f"/conversations/{id}/receipt-{number}.json"


def _drawn(exchange: Exchange, tools: Tools, texts: Texts, *, latest: bool) -> str:
    progress = replace(exchange.progress, failure=failure_text(exchange.progress, texts))
    return turn_html(exchange.number, progress, latest=latest, tools=tools, texts=texts)


def _tools(exchange: Exchange, id: str, writers: Sequence[str], texts: Texts) -> Tools:
    used = exchange.writer or next(iter(writers), "")
    return Tools(
        judged=exchange.judged,
        suggestions=exchange.suggestions,
        receipt=receipt_path(id, exchange.number) if exchange.made_with else "",
        other_writers={name: writer_label(name, texts) for name in writers if name != used},
    )


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    import json

    templates = html_templates("web")
    templates.filters |= {"json": json.dumps}
    return templates
