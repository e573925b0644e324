"""A real Chromium and a real server with a scripted chatbot, one of each a test module."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from chat.answer import Turn
from chat.publishing.feedback import Reason, Thumb
from tests.browser.stories import EXAMPLES, FURTHER, OPENING, SCRIPTS, SHELVES, quoted
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import NOW, ScriptedChatbot
from tests.served import serving
from web.conversations.open_conversations import OpenConversations
from web.conversations.routes import add_conversations
from web.page import build_page

CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"the browser tests need {CHROMIUM}; install it with: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chatbot() -> ScriptedChatbot:
    return ScriptedChatbot(SCRIPTS, EXAMPLES, word_seconds=0.04, further=FURTHER, opening=OPENING)


@pytest.fixture(scope="module")
def judged() -> list[tuple[str, Thumb, Reason | None]]:
    """What readers thought of the answers to which questions, and why."""
    return []


@pytest.fixture(scope="module")
def quoting() -> ScriptedChatbot:
    """The writer that a reader may choose in place of the first."""
    return ScriptedChatbot({**SCRIPTS, "died": quoted}, EXAMPLES)


@pytest.fixture(scope="module")
def conversations(chatbot: ScriptedChatbot, quoting: ScriptedChatbot) -> OpenConversations:
    return open_conversations({"Scripted": chatbot, "Quotations": quoting}, SHELVES.article)


@pytest.fixture(scope="module")
def address(conversations: OpenConversations, judged: list[tuple[str, Thumb, Reason | None]]) -> Iterator[str]:
    """The address of the page, served by the scripted chatbot."""

    def judge(turns: Sequence[Turn], thumb: Thumb, reason: Reason | None, as_of: datetime | None) -> None:
        judged.append((turns[-1].question.text, thumb, reason))

    page = partial(build_page, conversations, SHELVES, judge, clock=lambda: NOW)
    with serving(page, partial(add_conversations, conversations=conversations, archive=SHELVES)) as address:
        yield address


class Visit:
    """One reader at the page, and all that the page tried to do."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dismiss)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.goto(address)
        page.wait_for_selector("#question textarea")

    def _dismiss(self, dialog: Dialog) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def ask(self, question: str) -> None:
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")

    def answered(self, question: str) -> str:
        """Ask, wait for the end of the answer, and return its words."""
        self.ask(question)
        self.wait_for(question)
        return self.answer

    def wait_for(self, question: str) -> None:
        self.page.wait_for_selector(f'.is-latest[aria-busy="false"]:has(h2:text-is("{question}"))')
        self.page.wait_for_selector("[data-testid=submit-button]")

    @property
    def answer(self) -> str:
        return self.page.inner_text(".is-latest .answer")

    @property
    def outside(self) -> list[str]:
        """Requests that went anywhere but to the page's own server."""
        return [url for url in self.requests if not url.startswith((f"{self.address}/", "data:", "blob:"))]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Opens the page as a new reader with cookies of their own."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Visit:
        contexts.append(browser.new_context(**options))
        return Visit(contexts[-1].new_page(), address)

    yield open_page
    for context in contexts:
        context.close()
