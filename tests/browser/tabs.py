"""A page with every tab over a small archive, served for the browser: the sample, and articles with faults."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import gradio as gr
from playwright.sync_api import Locator, Page

from chat.chatbot import Chatbot
from chat.listing.article_search import ArticleSearch
from corpus.article import Article, new_article
from corpus.article_warnings import ArticleWarning
from corpus.fetching.fetcher import Fetcher
from corpus.readers import read_articles
from eval.results.browsing import describe_runs, list_runs
from eval.results.folders import write_run
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.conftest import SAMPLE
from tests.fakes import word_hash_model
from tests.open_conversations import open_conversations
from tests.runs import scored
from tests.scripted_chatbot import NOW
from tests.served import serving
from web.page import build_page
from web.server import Protection
from web.tabs.archive import ArchiveTab
from web.tabs.evaluation import Evaluation, EvaluationTab
from web.tabs.keeping import Keeper
from web.tabs.quotation import QuotationTab
from web.tabs.search import SearchTab
from web.tabs.tab import Tab
from web.tabs.timeline import TimelineTab

HOSTILE = article(
    '<img src=x onerror=alert(1)> Zanzibar "quoted"',
    "The <script>alert(2)</script> [walrus](javascript:alert(3)) of Zanzibar was <b>painted</b> green. ${alert(4)} "
    "![](http://outside.test/1.png) <img src=http://outside.test/2.png>",
    source="<b>Zanzibar</b> <i>Times</i>",
    day="2022-05-05",
    url="https://zanzibar.example/walrus",
)
UNDATED = new_article(title="A letter without a day", text="The pelican was seen on the quay.", source="Ellery Courier")
CUT_SHORT = replace(
    article("Budget in brief", "The council will ...", day="2022-06-01"), warnings=(ArticleWarning.EXCERPT,)
)
VERSIONS = (
    article("Bridge closed", "The Corn Bridge was closed. Two cars waited.", url="https://courier.example/bridge"),
    article(
        "Bridge closed",
        "The Corn Bridge was closed. Twenty cars waited.",
        url="https://courier.example/bridge",
        updated="2023-03-16",
    ),
)


class Unexampled(Chatbot):
    """Looks for no example questions, which takes the longest of all that opens the page."""

    def examples(self) -> tuple[str, ...]:
        return ()


@contextmanager
def serving_tabs(folder: Path, *, read_only: bool = False) -> Iterator[str]:
    """The address of a page with every tab, over an archive that is made in the folder."""
    model = word_hash_model()
    faulty: Sequence[Article] = (HOSTILE, UNDATED, CUT_SHORT, *VERSIONS)
    sync([*read_articles([SAMPLE]), *faulty], folder, model)
    with closing(Index(folder, model.fingerprint)) as index:
        chatbot = Unexampled(index, model, None, clock=lambda: NOW)
        search = ArticleSearch(chatbot.search)
        keeper = None if read_only else Keeper(folder, model, fetcher=Fetcher(allow_private=True))
        tabs: list[Tab] = [
            SearchTab(search),
            QuotationTab(index),
            TimelineTab(chatbot.search),
            ArchiveTab(index, search.lists, keeper),
            EvaluationTab(_evaluation(folder / "eval" / "runs")),
        ]

        def build() -> gr.Blocks:
            conversations = open_conversations({"Quotations": chatbot}, index.archive.article)
            return build_page(conversations, index.archive, lambda *opinion: None, lambda: NOW, tabs=tabs)

        with serving(build, protection=Protection(takes_files=not read_only)) as address:
            yield address


def _evaluation(runs: Path) -> Evaluation:
    """Two runs, and a third once a reader starts one."""
    write_run(runs, scored("full", [1.0, 0.5, 0.5, 0.2]))
    write_run(runs, scored("keywords", [0.2, 0.5, 0.4, 0.9]))

    def start() -> str:
        write_run(runs, scored("quotes", [1.0, 1.0, 1.0, 1.0], started_at="2023-03-16T00:00:00+00:00"))
        return ""

    return Evaluation(partial(list_runs, runs), partial(describe_runs, runs), start)


@dataclass(frozen=True)
class Reader:
    """Somebody who goes from tab to tab."""

    page: Page
    errors: list[str]
    requests: list[str]

    def open(self, tab: str) -> None:
        """Select a tab by its label."""
        self.page.click(f'#tabs [role=tab]:text-is("{tab}")')

    def type(self, selector: str, text: str) -> None:
        """Type a text, key by key, in place of what was there."""
        self.page.fill(selector, "")
        self.page.locator(selector).press_sequentially(text)

    def shows(self, selector: str) -> Locator:
        """Wait for an element and return it."""
        self.page.wait_for_selector(selector)
        return self.page.locator(selector)
