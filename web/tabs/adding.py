"""Adding news in the archive tab: files or an address are read and checked, then added when a reader confirms."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency

from chat.texts.table import Texts
from chat.understanding.typed_text import valid_text
from corpus.article import CorpusError, ReadWarning, Trouble, Unreadable
from corpus.findings import Findings
from indexer.adding import Report
from indexer.errors import IndexerError
from web.faults import reason_of
from web.html import page_html
from web.html_block import html_block
from web.localized import text
from web.reader import warning_key
from web.tabs.keeping import Keeper, Reading
from web.visit import texts_for

_LONGEST_ADDRESS = 2_000  # characters
_DRAWN_S = 0.3
_WORK: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_id": "adding",
    "concurrency_limit": 1,  # an archive has one writer
}

_OF_ADDRESSES = frozenset(
    {
        Trouble.ADDRESS_REFUSED,
        Trouble.DISALLOWED,
        Trouble.TOO_SLOW,
        Trouble.TOO_LARGE,
        Trouble.ANSWERED_WITH_ERROR,
        Trouble.POSTPONED,
        Trouble.UNREACHABLE,
    }
)
Updates = dict[Any, Any]


@dataclass(slots=True)
class _Work:
    """An addition that is under way in its thread."""

    total: int
    seen: int = 0
    report: Report | None = None
    failure: Exception | None = None


class Adding:
    """The components and what happens when a reader drops files, names an address, or confirms."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def add_components(self) -> Dependency:
        """Add the components; returns the event of an addition."""
        with gr.Accordion(text("adding.title"), open=False, elem_id="adding"):
            files = gr.File(label=text("adding.drop"), file_count="multiple", elem_id="adding-files")
            address = gr.Textbox(
                label=text("adding.address"),
                placeholder="https://",
                max_lines=1,
                max_length=_LONGEST_ADDRESS,
                submit_btn=text("adding.read"),
                elem_id="adding-address",
            )
            result = html_block("", "adding-result")
            name = gr.State("")
            with gr.Row(elem_id="adding-confirm"):
                confirm = gr.Button("", variant="primary", visible=False, elem_id="adding-add")
                cancel = gr.Button(text("adding.cancel"), visible=False, elem_id="adding-cancel")
        self._files, self._address, self._result = files, address, result
        self._name, self._confirm, self._cancel = name, confirm, cancel
        everything = [files, address, result, name, confirm, cancel]
        files.upload(self._read_files, files, everything, **_WORK)
        address.submit(self._read_address, address, everything, **_WORK)
        cancel.click(self._forget, name, everything, **_WORK)
        return confirm.click(self._add, name, everything, **_WORK)

    def _read_files(self, uploaded: list[str] | None, request: gr.Request) -> Iterator[Updates]:
        texts = texts_for(request)
        yield {self._result: page_html("adding", texts, state="reading")}
        yield self._checked(texts, *self._keeper.read_files([Path(one) for one in uploaded or ()]))

    def _read_address(self, address: str, request: gr.Request) -> Iterator[Updates]:
        texts = texts_for(request)
        yield {self._result: page_html("adding", texts, state="reading")}
        yield self._checked(texts, *self._keeper.read_address(valid_text(address or "").strip()))

    def _checked(self, texts: Texts, name: str, reading: Reading) -> Updates:
        found = reading.findings
        if not found.articles:
            self._keeper.forget(name)
        shown = page_html("adding", texts, state="checked", found=found, problems=problems_of(found, texts))
        return {
            self._result: shown,
            self._name: name,
            self._files: None,
            self._confirm: gr.update(visible=found.articles > 0, value=texts("adding.add", found.articles)),
            self._cancel: gr.update(visible=found.articles > 0),
        }

    def _forget(self, name: str) -> Updates:
        self._keeper.forget(name)
        return self._done("")

    def _done(self, shown: str) -> Updates:
        return {
            self._result: shown,
            self._name: "",
            self._address: "",
            self._confirm: gr.update(visible=False),
            self._cancel: gr.update(visible=False),
        }

    def _add(self, name: str, request: gr.Request) -> Iterator[Updates]:
        texts = texts_for(request)
        reading = self._keeper.waiting(name)
        if reading is None:
            yield self._done(page_html("adding", texts, state="gone"))
            return
        work, began = _Work(reading.count), time.monotonic()
        thread = threading.Thread(target=self._work, args=(reading, work), name="adding", daemon=True)
        thread.start()
        while thread.is_alive():
            left = _seconds_left(work, time.monotonic() - began)
            yield {self._result: page_html("adding", texts, state="adding", work=work, left=left)}
            thread.join(_DRAWN_S)
        if work.report:
            self._keeper.forget(name)
        yield self._done(
            page_html(
                "adding",
                texts,
                state="added",
                work=work,
                reason=reason_of(work.failure, texts) if work.failure else "",
                problems=problems_of(reading.findings, texts),
            )
        )

    def _work(self, reading: Reading, work: _Work) -> None:
        def seen(count: int) -> None:
            work.seen = count

        try:
            work.report = self._keeper.add(reading, seen)
        except (IndexerError, CorpusError, OSError, sqlite3.Error) as error:
            logging.getLogger(__name__).warning("nothing more was added: %s", str(error))
            work.failure = error


def _seconds_left(work: _Work, seconds: float) -> int | None:
    return round(seconds / work.seen * (work.total - work.seen)) if work.seen else None


def problems_of(found: Findings, texts: Texts) -> list[str]:
    """What was not read and what is less reliable, by the names of the files alone."""
    unread = [texts("adding.not_read", problem=_problem(one, texts)) for one in found.unreadable]
    return unread + [texts("adding.warning", problem=_problem(one, texts)) for one in found.warnings]


def _problem(one: Unreadable, texts: Texts) -> str:
    if one.trouble in _OF_ADDRESSES:  # the reason begins with the address
        return texts(_key(one.trouble), reason=one.reason)
    name = texts("adding.line", name=one.path.name, line=one.line) if one.line else one.path.name
    said = _warned(one, texts) if isinstance(one, ReadWarning) else texts(_key(one.trouble), reason=one.reason)
    return f"{name}: {said}"


def _warned(one: ReadWarning, texts: Texts) -> str:
    """A warning, with how many articles of the file have it where there are several."""
    warning = texts(warning_key(one.warning))
    if one.total == 1:
        return warning
    share = texts("adding.share", one.count, total=texts.number(one.total))
    return f"{share}: {warning}" + (texts("adding.example", title=one.example) if one.example else "")


def _key(trouble: Trouble) -> str:
    return f"trouble.{trouble.replace(' ', '_')}"
