"""The evaluation tab: the runs in the data folder as tables and plots, and how two of them differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from chat.texts.notices import Notice, NoticeKind
from chat.texts.table import Texts
from web.html import page_html
from web.html_block import html_block
from web.localized import text
from web.tabs.tab import LOOKUP
from web.visit import texts_for


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the composition root gives: plain rows, since the page knows nothing of how they are measured."""

    runs: Callable[[], Sequence[Mapping[str, Any]]]  # folder, name, dataset, questions, started_at
    describe: Callable[[Sequence[str]], Mapping[str, Any]]  # of one or two folders
    start: Callable[[], str] | None = None  # makes a small run and returns why there is none; None where it may not


class EvaluationTab:
    """The components of the tab and what happens when a reader chooses runs."""

    name = "evaluation"
    label = "evaluation.tab"

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    def add(self, tab: gr.Tab) -> list[Dependency]:
        """Add the components to the open tab; none of its events changes the archive."""
        with gr.Row(elem_id="evaluation-runs"):
            first = gr.Dropdown([], label=text("evaluation.run"), allow_custom_value=True, elem_id="evaluation-first")
            second = gr.Dropdown(
                [], label=text("evaluation.compared"), allow_custom_value=True, elem_id="evaluation-second"
            )
        shown = html_block("", "evaluation")
        choices = [first, second, shown]
        tab.select(self._open, [first, second], choices, **LOOKUP)
        gr.on([first.input, second.input], self._show, [first, second], shown, **LOOKUP)
        if self._evaluation.start:
            start = gr.Button(text("evaluation.start"), size="sm", elem_id="evaluation-start")
            running: dict[str, Any] = {**LOOKUP, "concurrency_id": "evaluation", "concurrency_limit": 1}
            start.click(self._start, [first, second], [start, *choices], **running)
        return []

    def _open(self, first: str | None, second: str | None, request: gr.Request) -> list[Any]:
        texts = texts_for(request)
        runs = self._evaluation.runs()
        choices = [(_label(one, texts), str(one["folder"])) for one in runs]
        folders = [value for _, value in choices]
        first = first if first in folders else next(iter(folders), None)
        second = second if second in folders else ""
        return [
            gr.update(choices=choices, value=first),
            gr.update(choices=[(texts("evaluation.nothing"), ""), *choices], value=second),
            self._show(first, second, request),
        ]

    def _show(self, first: str | None, second: str | None, request: gr.Request) -> str:
        texts = texts_for(request)
        if not first:
            return page_html("evaluation", texts, shown={"error": ""}, is_empty=True)
        folders = [first, second] if second and second != first else [first]
        return page_html("evaluation", texts, shown=self._evaluation.describe(folders), is_empty=False)

    def _start(self, first: str | None, second: str | None, request: gr.Request) -> Iterator[list[Any]]:
        assert self._evaluation.start
        texts = texts_for(request)
        busy = gr.update(value=texts("evaluation.running"), interactive=False)
        yield [busy, gr.skip(), gr.skip(), gr.skip()]
        if failure := self._evaluation.start():
            gr.Warning(f"{texts('notices.no_run')}: {Notice(NoticeKind.TECHNICAL, failure).text(texts)}")
        yield [
            gr.update(value=texts("evaluation.start"), interactive=True),
            *self._open(None, first or second, request),
        ]


def _label(run: Mapping[str, Any], texts: Texts) -> str:
    began = str(run["started_at"])[:16].replace("T", " ")
    return texts("evaluation.label", run["questions"], name=run["name"], dataset=run["dataset"], began=began)
