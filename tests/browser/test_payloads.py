"""Hostile articles, questions and names in every view of the page: nothing runs, loads or becomes markup."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route

from tests.browser.payloads import PAYLOADS, TOGETHER, Planted, serving_payloads, subject_of
from tests.published import TORTURE, publish, so_many
from tests.scripted_chatbot import NOW
from web.conversations.open_conversations import owner_of
from web.conversations.store import KeptTurn

COUNT = so_many(len(PAYLOADS), 30)
STRIDE = 77  # has no divisor of their number: the first thirty are of every attack and from behind everything
USED = tuple(PAYLOADS[number * STRIDE % len(PAYLOADS)] for number in range(COUNT))
STEP = 1 if TORTURE else TOGETHER  # the suite opens and finds one article of each subject
SUBJECTS = tuple(subject_of(number) for number in range(0, COUNT, TOGETHER))
LISTED = 100  # conversations, at most
ENTRIES = 100  # of a feed, at most
QUESTIONS = 15  # of a conversation
_PATIENCE_MS = 600_000 if TORTURE else 90_000  # on a machine that has other work
PLANTED = """() => [...document.querySelectorAll(
    '[planted], [href^="javascript:"], [src*="outside.test"], [href^="http://outside.test"], [style*="outside.test"]'
)].map((one) => one.outerHTML.slice(0, 300))"""
# Takes the place of what a script of a payload calls.
HOOK = "for (const name of ['alert', 'confirm', 'prompt']) window[name] = (what) => window.ranHere(String(what));"


@dataclass
class Watched:
    """A browser's page, and everything that a payload did in it."""

    context: BrowserContext
    page: Page
    origin: str
    done: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Nothing of a payload is in what is shown now, and none has done anything so far."""
        assert self.page.evaluate(PLANTED) == []
        assert self.done == []

    def numbers(self, selector: str) -> set[int]:
        """Those of the articles whose words are shown."""
        return {int(one) for one in re.findall(r"n(\d+)n", self.page.inner_text(selector))}

    @property
    def token(self) -> str:
        """By which the server knows this browser."""
        return next(one["value"] for one in self.context.cookies() if one["name"] == "dateline")


@contextmanager
def watched(browser: Browser, origin: str) -> Iterator[Watched]:
    """A new browser whose page reports scripts, dialogs, failures and requests to anywhere but the origin."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    one = Watched(context, context.new_page(), origin)
    context.expose_function("ranHere", lambda what: one.done.append(f"script {what}"))
    context.add_init_script(HOOK)

    def route(asked: Route) -> None:
        if asked.request.url.startswith((f"{origin}/", "data:", "blob:")):
            asked.continue_()
        else:
            one.done.append(f"request {asked.request.url}")
            asked.abort()

    def dismiss(dialog: Dialog) -> None:
        one.done.append(f"dialog {dialog.message}")
        dialog.dismiss()

    context.route("**/*", route)
    one.page.on("dialog", dismiss)
    one.page.on("pageerror", lambda error: one.done.append(f"error {error}"))
    one.page.on("console", lambda said: one.done.append(said.text) if "Content Security Policy" in said.text else None)
    one.page.on("popup", lambda page: one.done.append(f"window {page.url}"))
    one.page.set_default_timeout(_PATIENCE_MS)
    yield one
    context.close()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with serving_payloads(tmp_path_factory.mktemp("planted"), USED) as planted:
        yield planted


@pytest.fixture(scope="module")
def reader(browser: Browser, planted: Planted) -> Iterator[Watched]:
    with watched(browser, planted.address) as reader:
        reader.page.goto(planted.address)
        reader.page.wait_for_selector("#question textarea")
        yield reader


def held(view: str, shown: set[int], least: float = 1.0) -> None:
    """Publish what a view held, after all payloads were seen in it."""
    assert len(shown & {*range(COUNT)}) >= least * COUNT, sorted({*range(COUNT)} - shown)
    publish(
        f"payloads in Chromium: {view}", f"{len(shown)} shown", "0 scripts, 0 dialogs, 0 foreign requests, 0 markup"
    )


def every_page(reader: Watched, box: str) -> Iterator[None]:
    """Turn the pages of a list, and stop at each."""
    while True:
        yield
        forward = reader.page.locator(f'{box} .turning button:text-is("Next")')
        if not forward.count() or forward.is_disabled():
            return
        page = reader.page.inner_text(f"{box} .turning span")
        forward.click()
        reader.page.wait_for_function(
            "([box, page]) => document.querySelector(`${box} .turning span`)?.textContent !== page", arg=[box, page]
        )


def open_tab(reader: Watched, label: str) -> None:
    reader.page.keyboard.press("Escape")
    reader.page.click(f'#tabs [role=tab]:text-is("{label}")')


def test_the_payloads_do_all_this_where_nothing_escapes_them(browser: Browser) -> None:
    frames = "".join(f'<iframe srcdoc="{escape(payload)}"></iframe>' for payload in USED)
    with watched(browser, "http://page.test") as reader:
        reader.page.set_content(f"<!doctype html><body>{frames}")
        assert sum(len(frame.evaluate(PLANTED)) for frame in reader.page.frames[1:] if not frame.is_detached())
    for what in ("script", "request"):
        assert sum(one.startswith(what) for one in reader.done) > COUNT / 15, what


def test_the_opening_page_has_none(reader: Watched) -> None:
    reader.page.wait_for_selector(".front .stories button")
    reader.check()
    held("opening page", reader.numbers(".front"), least=20 / COUNT)


def test_answers_their_cards_and_the_history_have_none(reader: Watched, planted: Planted) -> None:
    shown = set[int]()
    for begun in range(0, len(SUBJECTS), QUESTIONS):
        if begun:
            reader.page.click("#new")
        reader.page.wait_for_selector("button.example")
        for number in range(begun, min(begun + QUESTIONS, len(SUBJECTS))):
            payloads = " ".join(USED[number * TOGETHER : (number + 1) * TOGETHER])
            reader.page.fill("#question textarea", f"What of {SUBJECTS[number]}? {payloads}")
            reader.page.press("#question textarea", "Enter")
            reader.page.wait_for_function(
                "(subject) => document.querySelector('.is-latest[aria-busy=false] h2')?.textContent.includes(subject)",
                arg=SUBJECTS[number],
            )
            reader.page.wait_for_selector("[data-testid=submit-button]")
            reader.check()
            shown |= reader.numbers(".is-latest .answer") & reader.numbers(".is-latest .sources")
        check_loaded_again(reader)
        check_files(reader, planted)
    held("answers, cards, history, exported HTML, shared link", shown)


def check_loaded_again(reader: Watched) -> None:
    reader.page.reload()
    reader.page.wait_for_selector("#earlier h2, .is-latest h2")
    reader.check()


def check_files(reader: Watched, planted: Planted) -> None:
    """The conversation as its HTML file, opened without the server's policy, and as a link."""
    id = reader.page.url.partition("conversation=")[2]
    exported = reader.context.request.get(f"{planted.address}/conversations/{id}/conversation.html")
    assert exported.ok
    other = reader.context.new_page()
    other.set_content(exported.text())
    as_file = Watched(reader.context, other, planted.address, reader.done)
    assert as_file.numbers("body")
    as_file.check()
    planted.conversations.store.share(id, shared=True)
    listed = planted.conversations.store.one(id)
    assert listed
    other.goto(f"{planted.address}/shared/{listed.shared}")
    assert as_file.numbers("body")
    as_file.check()
    other.close()


def test_names_of_conversations_have_none(reader: Watched, planted: Planted) -> None:
    store, owner, shown = planted.conversations.store, owner_of(reader.token), set[int]()
    for first in range(0, COUNT, LISTED):
        while listed := store.listed(owner):  # at most so many at once
            for one in listed:
                store.delete(one.id)
        for number in range(first, min(first + LISTED, COUNT)):
            store.ask(f"named{number}", owner, "client", KeptTurn(1, NOW, f"n{number}n {USED[number]}"))
            if number % 2:
                store.rename(f"named{number}", f"n{number}n {USED[number]}")
        reader.page.click("button[data-conversations]")
        reader.page.wait_for_selector(f"#conversations .title:has-text('n{first}n')")
        reader.check()
        shown |= reader.numbers("#conversations")
        reader.page.keyboard.press("Escape")
    held("list of conversations", shown)


def test_standing_questions_and_their_feed_have_none(browser: Browser, reader: Watched, planted: Planted) -> None:
    shown = set[int]()
    for first in range(0, COUNT, ENTRIES):
        id = planted.follow(owner_of(reader.token)[:32], first, min(first + ENTRIES, COUNT))
        got = reader.context.request.get(f"{planted.address}/api/standing/{id}/feed")
        root = ElementTree.fromstring(got.body())
        assert {one.tag.partition("}")[0] for one in root.iter()} == {"{http://www.w3.org/2005/Atom"}
        shown |= {int(one) for one in re.findall(r"n(\d+)n", got.text())}
        with watched(browser, planted.address) as follower:
            # As XML that the browser may show, where it would be downloaded otherwise.
            follower.page.route("**/feed", partial(Route.fulfill, body=got.body(), content_type="text/xml"))
            follower.page.goto(f"{planted.address}/api/standing/{id}/feed")
            follower.check()
    reader.page.reload()
    reader.page.click("details.standing > summary")
    reader.check()
    assert reader.numbers("details.standing")
    held("standing questions and Atom", shown)


def test_the_search_and_the_reader_pane_have_none(reader: Watched) -> None:
    open_tab(reader, "Search")
    reader.page.wait_for_selector("#found .hit")
    listed, opened = set[int](), set[int]()
    for _ in every_page(reader, "#found"):
        reader.check()
        listed |= reader.numbers("#found")
        titles = reader.page.locator("#found .hit button.title")
        for number in range(0, titles.count(), STEP):
            titles.nth(number).click()
            reader.page.wait_for_selector("#reader[data-open] .pane .text")
            reader.check()
            opened |= reader.numbers("#reader h2")
            reader.page.keyboard.press("Escape")
    reader.page.click("#search-filters > button")
    reader.page.click("#search-source input")
    reader.page.wait_for_selector("#search-source [role=option]")
    reader.check()
    held("search", listed)
    held("reader pane", opened, 1 / STEP)


def test_found_quotations_have_none(reader: Watched, planted: Planted) -> None:
    open_tab(reader, "Find a quotation")
    shown = set[int]()
    for number, one in [*enumerate(planted.articles)][::STEP]:
        reader.page.fill("#quotation-words textarea", one.text.partition("\n\n")[0])
        reader.page.click("#quotation-words button")
        reader.page.wait_for_selector(f"#finding .hit .title:has-text('n{number}n')")
        reader.check()
        shown |= reader.numbers("#finding")
    held("quotations", shown, 1 / STEP)


def test_timelines_have_none(reader: Watched) -> None:
    open_tab(reader, "Timeline")
    shown = set[int]()
    for subject in SUBJECTS:
        reader.page.fill("#timeline-subject :is(input, textarea)", f"gulls of {subject}")
        reader.page.press("#timeline-subject :is(input, textarea)", "Enter")
        reader.page.wait_for_selector(f"#timeline .total:has-text('{subject}')")
        reader.check()
        shown |= reader.numbers("#timeline")
    held("timelines", shown, least=0.9)


def test_the_archive_has_none(reader: Watched) -> None:
    open_tab(reader, "Archive")
    reader.page.wait_for_selector("#archive-list .hit")
    shown = set[int]()
    for _ in every_page(reader, "#archive-list"):
        reader.check()
        shown |= reader.numbers("#archive-list")
    assert reader.numbers("#archive-summary")
    held("archive", shown)


def test_evaluation_runs_have_none(reader: Watched) -> None:
    open_tab(reader, "Evaluation")
    reader.page.wait_for_selector("#evaluation table")
    reader.check()
    reader.page.click("#evaluation-second input")
    reader.page.wait_for_selector("#evaluation-second [role=option]")
    reader.check()
    held("evaluation", reader.numbers("#evaluation"))
