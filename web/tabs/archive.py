"""The archive tab: what is inside, by month and by source, what is less reliable, and the articles, newest first."""

from typing import Any

import gradio as gr
from gradio.events import Dependency

from chat.gathering.coverage import degraded_notices
from chat.texts.notices import text_of
from chat.texts.table import Texts
from corpus.article_warnings import ArticleWarning
from indexer.errors import IndexerError
from indexer.search.article_table import UNDATED, ArticleFilter, Facet
from indexer.search.index import Index
from indexer.search.listing import Lists, Order
from indexer.storage.browsing import summary_of
from web.html import page_html
from web.html_block import html_block
from web.localized import text
from web.reader import warning_key
from web.tabs.adding import Adding
from web.tabs.histogram import bars
from web.tabs.keeping import Keeper
from web.tabs.tab import LOOKUP
from web.visit import texts_for, warn

_SHOWN = 20  # articles a page
_SOURCES = 30
_EVERY, _UNDATED = "", "undated"


class ArchiveTab:
    """The components of the tab; with a keeper, articles can be added and removed."""

    name = "archive"
    label = "archive.tab"

    def __init__(self, index: Index, lists: Lists, keeper: Keeper | None = None) -> None:
        self._index = index
        self._lists = lists
        self._keeper = keeper

    def add(self, tab: gr.Tab) -> list[Dependency]:
        """Add the components to the open tab; returns the events after which the archive has changed."""
        summary = html_block("", "archive-summary")
        added = Adding(self._keeper).add_components() if self._keeper else None
        shown = gr.Radio([("", _EVERY)], value=_EVERY, label=text("archive.articles"), elem_id="archive-shown")
        found = html_block("", "archive-list")
        turn = gr.Textbox(container=False, elem_id="archive-turn", elem_classes="request")
        everything = [summary, shown, found]
        tab.select(self._open, shown, everything, **LOOKUP)
        shown.input(self._list, shown, found, **LOOKUP)
        turn.submit(self._turn, [shown, turn], found, **LOOKUP)
        if added is None:
            return []
        removed = gr.Textbox(container=False, elem_id="archive-remove", elem_classes="request")
        removal = removed.submit(self._remove, [removed, shown], everything, **LOOKUP)
        return [added.then(self._open, shown, everything, **LOOKUP), removal]

    def _open(self, shown: str, request: gr.Request) -> list[Any]:
        texts = texts_for(request)
        choices = self._choices(texts)
        shown = shown if shown in [value for _, value in choices] else _EVERY
        return [
            self._summary(texts),
            gr.update(choices=choices, value=shown, visible=len(choices) > 1),
            self._list(shown, request),
        ]

    def _summary(self, texts: Texts) -> str:
        table = self._lists.table
        sources = table.names(Facet.SOURCE)
        return page_html(
            "archive",
            texts,
            summary=summary_of(self._index.archive),
            bars=bars(table.all_days),
            sources=sources[:_SOURCES],
            more=len(sources) - _SOURCES,
            most=max((count for _, count in sources), default=1),
            notice=text_of(degraded_notices(self._index), texts),
        )

    def _choices(self, texts: Texts) -> list[tuple[str, str]]:
        """All articles, then the kinds that are less reliable, each with its count."""
        table = self._lists.table
        undated = int((table.days == UNDATED).sum())
        counted = [(texts("dates.undated"), _UNDATED, undated)]
        counted += [(texts(warning_key(one)), str(one), table.count_warned(one)) for one in ArticleWarning]
        return [
            (texts("archive.all", len(table)), _EVERY),
            *((f"{label} ({texts.number(count)})", value) for label, value, count in counted if count),
        ]

    def _list(self, shown: str, request: gr.Request) -> str:
        return self._turn(shown, "0", request)

    def _turn(self, shown: str, turn: str, request: gr.Request) -> str:
        found = self._lists.find("", _filter(shown), Order.NEWEST)
        last_page = max(0, (len(found) - 1) // _SHOWN)
        page = min(int(turn) if turn.isdecimal() and len(turn) < 9 else 0, last_page)
        return page_html(
            "archive_list",
            texts_for(request),
            hits=self._lists.read(found, page * _SHOWN, _SHOWN),
            page=page,
            last_page=last_page,
            first=page * _SHOWN + 1,
            box="archive-turn",
            removable=self._keeper is not None,
        )

    def _remove(self, article_id: str, shown: str, request: gr.Request) -> list[Any]:
        assert self._keeper
        try:
            self._keeper.remove(article_id)
        except IndexerError as error:
            warn(error, "notices.not_removed", request)
        return self._open(shown, request)


def _filter(shown: str) -> ArticleFilter:
    if shown in list(ArticleWarning):
        return ArticleFilter(warning=ArticleWarning(shown))
    return ArticleFilter(undated=shown == _UNDATED)
