"""Stop on the page ends the work of the language model, as the model itself sees it."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, ChatResponseGen, MessageRole
from playwright.sync_api import Browser
from pydantic import PrivateAttr

from chat.chatbot import Chatbot
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.browser.conftest import Visit
from tests.fakes import ScriptedLLM, word_hash_model
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import NOW
from tests.served import serving
from web.page import build_page

FERRY = article("Ferry fire", "The ferry burned at the quay on Tuesday. Nine people died in the fire of the ferry.")
_PIECE_S = 0.05
_PATIENCE_S = 120  # on a machine that has other work


class EndlessLLM(ScriptedLLM):
    """Writes a sentence that never ends, and notes when it began and when it was closed."""

    replies: list[str] = []  # noqa: RUF012  # a field of pydantic's, copied for each instance
    _writing: threading.Event = PrivateAttr(default_factory=threading.Event)
    _closed: threading.Event = PrivateAttr(default_factory=threading.Event)
    _pieces_written: int = PrivateAttr(default=0)

    @property
    def writing(self) -> threading.Event:
        """Set at the first piece."""
        return self._writing

    @property
    def closed(self) -> threading.Event:
        """Set once nobody reads the reply any more."""
        return self._closed

    @property
    def written(self) -> int:
        """How many pieces were read."""
        return self._pieces_written

    def stream_chat(self, messages: Any, **kwargs: Any) -> ChatResponseGen:
        """Pieces without an end."""
        try:
            for number in count():
                time.sleep(_PIECE_S)
                self._pieces_written = number
                self._writing.set()
                content = "a " * (number + 1)
                yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=content), delta="a ")
        finally:
            self._closed.set()


@pytest.fixture
def llm() -> EndlessLLM:
    return EndlessLLM()


@pytest.fixture
def address(tmp_path: Path, llm: EndlessLLM) -> Iterator[str]:
    model = word_hash_model()
    sync([FERRY], tmp_path, model)
    with closing(Index(tmp_path, model.fingerprint)) as index:
        conversations = open_conversations(
            {"Endless": Chatbot(index, model, llm, clock=lambda: NOW)}, index.archive.article
        )
        with serving(lambda: build_page(conversations, index.archive, lambda *opinion: None, lambda: NOW)) as address:
            yield address


def test_stop_ends_the_work_of_the_model(browser: Browser, address: str, llm: EndlessLLM) -> None:
    context = browser.new_context()
    context.set_default_timeout(_PATIENCE_S * 1000)
    reader = Visit(context.new_page(), address)
    reader.ask("How many people died in the ferry fire?")
    assert llm.writing.wait(_PATIENCE_S)
    reader.page.wait_for_selector("[data-testid=stop-button], .stop-button")
    assert not llm.closed.is_set()
    clicked = time.monotonic()
    reader.page.click("[data-testid=stop-button], .stop-button")
    assert llm.closed.wait(_PATIENCE_S)
    print(f"closed {time.monotonic() - clicked:.3f} s after the click")
    written = llm.written
    reader.page.wait_for_selector('.is-latest .failure:text-is("Stopped.")')
    assert llm.written == written
    context.close()
