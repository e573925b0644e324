"""The login in a real browser, which sends what no other client sends."""

from functools import partial

from playwright.sync_api import Browser

from tests.browser.stories import SHELVES
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import ScriptedChatbot
from tests.served import serving
from web.page import build_page
from web.protection.login import Login
from web.server import Protection


def test_a_reader_logs_in_with_the_right_password_only_and_logs_out(browser: Browser) -> None:
    conversations = open_conversations({"Scripted": ScriptedChatbot({})}, SHELVES.article)
    page = partial(build_page, conversations, SHELVES, lambda *judged: None)
    with serving(page, protection=Protection(login=Login.of("ada:correct-horse"))) as address:
        tab = browser.new_page()
        tab.goto(address)
        for password in ("wrong-horse", "correct-horse"):
            tab.fill("[name=name]", "ada")
            tab.fill("[name=password]", password)
            tab.click("button")
            tab.wait_for_selector("[role=alert]" if password == "wrong-horse" else "#question textarea")
        tab.goto(f"{address}/logout")
        tab.wait_for_selector("[name=password]")
        tab.close()
