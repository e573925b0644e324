"""What a reader does before the page is open."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from tests.browser.stories import SHELVES
from tests.served import free_port
from web.conversations.open_conversations import OpenConversations
from web.page import build_page
from web.security import LOOPBACK
from web.server import bound, serve, web_app

DIED = "How many people died?"


@pytest.fixture
def getting_ready(conversations: OpenConversations) -> Iterator[tuple[str, threading.Event]]:
    """The address of a server that opens its page once the event is set."""
    may_open, port = threading.Event(), free_port()

    def open_app() -> FastAPI:
        may_open.wait(60)
        return web_app(build_page(conversations, SHELVES, lambda turns, thumb, reason, as_of: None))

    address = bound("127.0.0.1", port)
    threading.Thread(target=partial(serve, open_app, address, LOOPBACK, lambda: None), daemon=True).start()
    yield f"http://127.0.0.1:{port}", may_open
    may_open.set()


@dataclass(frozen=True)
class Waiting:
    """A reader who types before the page is open, and the event that opens it."""

    page: Page
    may_open: threading.Event


@pytest.fixture
def reader(browser: Browser, getting_ready: tuple[str, threading.Event]) -> Iterator[Waiting]:
    address, may_open = getting_ready
    page = browser.new_page()
    page.goto(address)
    yield Waiting(page, may_open)
    page.close()


def test_a_question_that_is_asked_before_the_page_is_open_is_answered_then(reader: Waiting) -> None:
    reader.page.keyboard.type(DIED)
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("status")).to_have_text("Your question is asked as soon as the page is open.")
    reader.may_open.set()
    reader.page.wait_for_selector(f'.is-latest[aria-busy="false"]:has(h2:text-is("{DIED}"))')


def test_what_was_only_written_stands_in_the_question_box(reader: Waiting) -> None:
    reader.page.keyboard.type("How many")
    reader.may_open.set()
    expect(reader.page.locator("#question textarea")).to_have_value("How many", timeout=30_000)
    expect(reader.page.locator("#question textarea")).to_be_focused()
