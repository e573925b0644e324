"""The components of the page and where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import gradio as gr
from gradio.events import Dependency

from web.conversations.answering import Chatbot
from web.conversations.conversation import writer_label
from web.html import masthead_html, page_html
from web.html_block import html_block
from web.localized import text
from web.tabs.tab import Tab

_EXAMPLES_SHOWN = 6
_WELCOME = f"## {text('ask.welcome')}\n\n{text('ask.promise')}"


@dataclass(frozen=True, slots=True)
class Components:
    """The components that events read or change."""

    masthead: gr.Markdown
    front: gr.Markdown
    examples: tuple[gr.Button, ...]
    earlier: gr.Markdown
    latest: gr.Markdown
    reader: gr.Markdown
    conversations: gr.Markdown  # the list of them
    standing: gr.Markdown
    question: gr.Textbox
    as_of: gr.Textbox
    new: gr.Button
    writer: gr.Textbox  # which of them is chosen, as page.js writes it
    ask_request: gr.Textbox  # what a button within an answer asks for, as page.js writes it
    show_request: gr.Textbox
    changes: tuple[Dependency, ...]  # the events of tabs after which the archive has changed

    @property
    def conversation(self) -> "list[gr.Component]":
        """What an event of the conversation may change."""
        return [self.earlier, self.latest, self.question]

    @property
    def everything(self) -> "list[gr.Component]":
        """What a request of a button may change."""
        return [*self.conversation, self.reader, self.conversations, self.standing]


def lay_out(writers: Mapping[str, Chatbot], tabs: Sequence[Tab] = ()) -> Components:
    """Add the components to the open gr.Blocks: the masthead, the tabs, and what opens over them."""
    chatbot = next(iter(writers.values()))
    masthead = html_block(masthead_html(" ", text), "masthead")
    changes: list[Dependency] = []
    with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
        with gr.Tab(text("ask.tab"), id="ask", elem_id="tab-ask"):
            standing = html_block("", "standing")
            examples, front = _opening(chatbot.examples()[:_EXAMPLES_SHOWN])
            earlier, latest = html_block("", "earlier"), html_block("", "latest")
            question, as_of, new = _composer(tuple(writers))
        for one in tabs:
            with gr.Tab(text(one.label), id=one.name, elem_id=f"tab-{one.name}") as tab:
                changes += one.add(tab)
    reader = html_block("", "reader")
    with gr.Column(elem_id="conversations"):
        html_block(page_html("conversations_head", text), "conversations-head")
        conversations = html_block("", "conversations-list")
    with gr.Row(elem_id="requests"):
        writer, ask_request, show_request = map(_request_box, ("writer", "ask-request", "show-request"))
    return Components(
        masthead,
        front,
        examples,
        earlier,
        latest,
        reader,
        conversations,
        standing,
        question,
        as_of,
        new,
        writer,
        ask_request,
        show_request,
        tuple(changes),
    )


def _composer(writers: tuple[str, ...]) -> tuple[gr.Textbox, gr.Textbox, gr.Button]:
    with gr.Column(elem_id="composer"), gr.Row(elem_id="asking"):
        question, as_of = _question_box(), _as_of_box()
        html_block(page_html("calendar", text), "calendar")
        if len(writers) > 1:
            html_block(page_html("writers", text, writers={one: writer_label(one, text) for one in writers}), "writers")
        return question, as_of, gr.Button(text("ask.new"), elem_id="new", size="sm")


def _request_box(name: str) -> gr.Textbox:
    return gr.Textbox(container=False, elem_id=name)


def _opening(questions: tuple[str, ...]) -> tuple[tuple[gr.Button, ...], gr.Markdown]:
    with gr.Column(elem_id="opening"):
        gr.Markdown(_WELCOME)
        with gr.Row(elem_id="examples"):
            examples = tuple(gr.Button(one, elem_classes="example") for one in questions)
        html_block(page_html("help", text), "help")
        front = html_block("", "front")
    return examples, front


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label=text("ask.question"),
        show_label=False,
        placeholder=text("ask.placeholder"),
        lines=1,
        max_lines=6,
        # page.css shows one of them, by what the answer below says of itself.
        submit_btn=True,
        stop_btn=True,
        autofocus=True,
        container=False,
        elem_id="question",
    )


def _as_of_box() -> gr.Textbox:
    return gr.Textbox(label=text("ask.as_of"), placeholder=text("ask.today"), lines=1, max_lines=1, elem_id="as-of")
