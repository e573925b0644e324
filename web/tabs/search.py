"""The search tab: articles as one types, filtered, sorted, by days and in pages, without an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import gradio as gr
from gradio.events import Dependency

from chat.errors import QuestionError
from chat.listing.article_search import ArticleSearch, Found
from chat.texts.notices import Notice
from chat.texts.table import Texts
from chat.understanding.typed_days import typed_days
from chat.understanding.typed_text import valid_text
from corpus.sentences import Span
from indexer.search.article_table import ArticleFilter, Facet
from indexer.search.listing import Listed, Order
from web.html import page_html
from web.html_block import html_block
from web.localized import text
from web.tabs.histogram import bars
from web.tabs.tab import LOOKUP
from web.visit import ByTab, tab_of, texts_for

_SHOWN = 20  # articles a page
_LONGEST = 300  # characters of words
_MOST_NAMES = 400  # of a facet to choose from; others can be typed
_ORDERS = (
    (text("search.relevance"), Order.RELEVANCE),
    (text("search.newest"), Order.NEWEST),
    (text("search.oldest"), Order.OLDEST),
)
_FACETS = (Facet.SOURCE, Facet.AUTHOR, Facet.SECTION, Facet.AGENCY, Facet.LANGUAGE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader has set in the tab."""

    words: str
    filter: ArticleFilter
    order: Order
    complaint: Notice | None = None  # about a day that is none


class SearchTab:
    """The components of the tab and what happens when a reader changes them."""

    name = "search"
    label = "search.tab"

    def __init__(self, search: ArticleSearch) -> None:
        self._search = search
        self._newest: ByTab[Wanted] = ByTab()  # what each reader asked for last

    def add(self, tab: gr.Tab) -> list[Dependency]:
        """Add the components to the open tab; none of its events changes the archive."""
        words = _words_box()
        with gr.Accordion(text("search.filters"), open=False, elem_id="search-filters"):
            with gr.Row():
                facets = list(map(_facet_box, _FACETS))
            with gr.Row(elem_id="search-days"):
                first = gr.Textbox(
                    label=text("search.from"), placeholder="2023-03-01", max_lines=1, elem_id="search-first"
                )
                last = gr.Textbox(label=text("search.to"), placeholder="2023-03-31", max_lines=1, elem_id="search-last")
                undated = gr.Checkbox(label=text("search.undated"), elem_id="search-undated")
                clear = gr.Button(text("search.clear"), size="sm", elem_id="search-clear")
        order = gr.Radio(_ORDERS, value=Order.RELEVANCE, label=text("search.sort"), elem_id="search-order")
        found = html_block("", "found")
        turn = gr.Textbox(container=False, elem_id="search-turn", elem_classes="request")
        inputs = [words, order, first, last, undated, *facets]
        drawing: dict[str, Any] = {**LOOKUP, "inputs": inputs, "outputs": found, "trigger_mode": "always_last"}
        gr.on([words.submit, first.submit, last.submit], self._show, **drawing)
        gr.on(
            [words.change, order.input, first.blur, last.blur, undated.input]
            + [one.change for one in facets],  # a name that is typed is no input to Gradio
            self._show_if_new,
            **drawing,
        )
        turn.submit(self._turn, [turn, *inputs], found, **LOOKUP)
        clear.click(self._clear, None, [*inputs, found], **LOOKUP)
        tab.select(self._open, inputs, [found, *facets], **LOOKUP)
        return []

    def _show(self, request: gr.Request, *values: Any) -> Any:
        return self._draw(request, _wanted(*values), 0)

    def _show_if_new(self, request: gr.Request, *values: Any) -> Any:
        """Leaves a page that a reader has turned to: Gradio also says that what was just cleared has changed."""
        wanted = _wanted(*values)
        return gr.skip() if wanted == self._newest.get(tab_of(request)) else self._draw(request, wanted, 0)

    def _draw(self, request: gr.Request, wanted: Wanted, page: int) -> Any:
        """A page of what was found; nothing where the reader has asked for something else meanwhile."""
        self._newest[tab_of(request)] = wanted
        drawn = self._page(wanted, page, texts_for(request))
        return drawn if self._newest.get(tab_of(request)) is wanted else gr.skip()

    def _turn(self, request: gr.Request, page: str, *values: Any) -> Any:
        return self._draw(request, _wanted(*values), int(page) if page.isdecimal() and len(page) < 9 else 0)

    def _open(self, request: gr.Request, *values: Any) -> list[Any]:
        table = self._search.lists.table
        choices = [_choices(table.names(facet), texts_for(request)) for facet in _FACETS]
        return [self._show(request, *values), *(gr.update(choices=some, visible=bool(some)) for some in choices)]

    def _clear(self, request: gr.Request) -> list[Any]:
        cleared: list[Any] = ["", Order.RELEVANCE, "", "", False, *([] for _ in _FACETS)]
        return [*cleared, self._show(request, *cleared)]

    def _page(self, wanted: Wanted, page: int, texts: Texts) -> str:
        found = self._search.find(wanted.words, wanted.filter, wanted.order)
        last_page = max(0, (len(found.listing) - 1) // _SHOWN)
        page = min(page, last_page)
        hits = self._search.lists.read(found.listing, page * _SHOWN, _SHOWN)
        return _found_html(texts, wanted, found, hits, page, last_page)


def _found_html(texts: Texts, wanted: Wanted, found: Found, hits: Sequence[Listed], page: int, last_page: int) -> str:
    chosen = wanted.filter
    return page_html(
        "found",
        texts,
        complaint=wanted.complaint.text(texts) if wanted.complaint else "",
        total=len(found.listing),
        matched=found.listing.matched,
        by_meaning=found.by_meaning,
        hits=[(one, _pieces(one)) for one in hits],
        page=page,
        last_page=last_page,
        first=page * _SHOWN + 1,
        bars=bars(found.listing.days, chosen.first_day, chosen.last_day),
        has_range=bool(chosen.first_day or chosen.last_day),
        question=_question(wanted),
        box="search-turn",
        range="search-first search-last",
    )


def _words_box() -> gr.Textbox:
    return gr.Textbox(
        label=text("search.words"),
        placeholder=text("search.placeholder"),
        lines=1,
        max_lines=1,
        max_length=_LONGEST,
        autofocus=True,
        elem_id="search-words",
    )


def _facet_box(facet: Facet) -> gr.Dropdown:
    return gr.Dropdown(
        [],
        label=text(f"search.{facet}"),
        multiselect=True,
        allow_custom_value=True,  # the archive may have more names than can be listed
        elem_id=f"search-{facet}",
        visible=False,
        min_width=180,
    )


def _choices(names: Sequence[tuple[str, int]], texts: Texts) -> list[tuple[str, str]]:
    return [(f"{name} ({texts.number(count)})", name) for name, count in names[:_MOST_NAMES]]


def _wanted(words: str, order: str, first: str, last: str, undated: bool, *facets: list[str]) -> Wanted:
    """What was set, read strictly; a day that is none is complained of and left out."""
    days: list[date | None] = []
    complaint: Notice | None = None
    for typed, at_end in ((first, False), (last, True)):
        try:
            chosen = typed_days(typed or "", datetime.now(UTC))
        except QuestionError as error:
            chosen, complaint = None, error.notice
        days.append(chosen[at_end] if chosen else None)
    names = tuple(
        (facet, str(name)) for facet, chosen in zip(_FACETS, facets, strict=True) for name in chosen or () if name
    )
    return Wanted(
        valid_text(words or "")[:_LONGEST].strip("\n"),
        ArticleFilter(names, days[0], days[1], bool(undated)),
        Order(order) if order in list(Order) else Order.RELEVANCE,
        complaint,
    )


def _question(wanted: Wanted) -> str:
    """The words with the filters that can be typed in a question; language and undated cannot."""
    typed = [f'{facet}:"{name}"' for facet, name in wanted.filter.names if facet is not Facet.LANGUAGE]
    chosen = wanted.filter
    after = f"after:{chosen.first_day}" if chosen.first_day else ""
    before = f"before:{date.fromordinal(chosen.last_day.toordinal() + 1)}" if chosen.last_day else ""
    return " ".join(filter(None, (wanted.words.strip(), *typed, after, before)))


def _pieces(one: Listed) -> list[tuple[str, bool]]:
    """The sentence that is shown, cut at the words that were searched for, and whether each piece is one."""
    edges = {edge for span in one.words for edge in span}
    cuts = sorted({one.sentence.start, *edges, one.sentence.end})
    words = set(one.words)
    return [(one.article.text[start:end], Span(start, end) in words) for start, end in pairwise(cuts)]
