"""Conversations for tests of the page: with the writers given, in a file or only in memory."""

import itertools
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from chat.answer import Turn
from chat.publishing.receipts import MadeWith
from tests.scripted_chatbot import NOW
from web.conversations.answering import Chatbot
from web.conversations.open_conversations import OpenConversations
from web.conversations.records import FindArticle
from web.conversations.store import ConversationStore

MADE_WITH = MadeWith(embedding="test", embedding_fingerprint="0")


def open_conversations(
    writers: Mapping[str, Chatbot],
    find_article: FindArticle,
    path: Path | None = None,
    *,
    linger_s: float = 2.0,
) -> OpenConversations:
    """Conversations in the file, or in memory without a path; a second passes between two questions."""
    seconds = itertools.count()

    def made_with(turn: Turn, writer: str) -> MadeWith:
        return MADE_WITH

    return OpenConversations(
        ConversationStore(path),
        writers,
        find_article,
        made_with,
        clock=lambda: NOW + timedelta(seconds=next(seconds)),
        linger_s=linger_s,
    )


def wait_until(is_so: Callable[[], bool], tries: int = 6_000) -> None:
    """Return once it is so, at most after about a minute."""
    for _ in range(tries):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it did not become so")
