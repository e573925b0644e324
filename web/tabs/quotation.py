"""The quotation tab: who published some words first, and who later."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import gradio as gr
from gradio.events import Dependency

from chat.errors import ChatError
from chat.gathering.finding import find_source_of
from chat.publishing.links import address_of_words
from chat.understanding.typed_text import valid_text
from web.html import page_html
from web.html_block import html_block
from web.localized import text
from web.tabs.tab import LOOKUP
from web.visit import texts_for

if TYPE_CHECKING:
    from chat.gathering.finding import Printing
    from indexer.search.index import Index

_LONGEST = 3_000  # characters; as find_source_of reads


class QuotationTab:
    """The components of the tab and what happens when a reader looks for words."""

    name = "quotation"
    label = "quotation.tab"

    def __init__(self, index: "Index") -> None:
        self._index = index

    def add(self, tab: gr.Tab) -> list[Dependency]:
        """Add the components to the open tab; none of its events changes the archive."""
        words = gr.Textbox(
            label=text("quotation.words"),
            placeholder=text("quotation.placeholder"),
            lines=3,
            max_lines=8,
            max_length=_LONGEST,
            submit_btn=text("quotation.find"),
            elem_id="quotation-words",
        )
        found = html_block("", "finding")
        words.submit(self._find, words, found, **LOOKUP)
        return []

    def _find(self, words: str, request: gr.Request) -> str:
        texts = texts_for(request)
        self._index.refresh()
        try:
            finding = find_source_of(valid_text(words or ""), self._index, as_of=datetime.now(UTC))
        except ChatError as error:
            return page_html("finding", texts, complaint=str(error), first=None, later=(), address=_address)
        return page_html("finding", texts, complaint="", first=finding.first, later=finding.later, address=_address)


def _address(printing: "Printing") -> str | None:
    return address_of_words(printing.article.url, [printing.text])
