"""The components of the page and where they stand."""

from dataclasses import dataclass

import gradio as gr

from chat.answering.replies import archive_line
from web.conversation import Chatbot
from web.html import masthead_html

_EXAMPLES_SHOWN = 6
_WELCOME = "## What would you like to know?\n\nEvery statement of an answer leads to the sentence it rests on."
# The browser's own calendar opens inside the window at every size.
_CALENDAR = '<input type="date" data-as-of-day aria-label="Choose the as-of day" title="Choose the as-of day">'


@dataclass(frozen=True, slots=True)
class Components:
    """The components that events read or change."""

    opening: gr.Column
    examples: tuple[gr.Button, ...]
    earlier: gr.Markdown
    latest: gr.Markdown
    reader: gr.Markdown
    standing: gr.Markdown
    question: gr.Textbox
    as_of: gr.Textbox
    new: gr.Button
    ask_request: gr.Textbox  # what a button within an answer asks for, as page.js writes it
    show_request: gr.Textbox

    @property
    def conversation(self) -> list[gr.Component | gr.Column]:
        """What an event of the conversation may change."""
        return [self.earlier, self.latest, self.question, self.opening]


def lay_out(chatbot: Chatbot) -> Components:
    """Add the components to the open gr.Blocks, from the masthead down to the composer."""
    _html(masthead_html(archive_line(chatbot.status())), "masthead")
    standing = _html("", "standing")
    opening, examples = _opening(chatbot.examples()[:_EXAMPLES_SHOWN])
    earlier, latest, reader = _html("", "earlier"), _html("", "latest"), _html("", "reader")
    with gr.Row(elem_id="requests"):
        ask_request = gr.Textbox(container=False, elem_id="ask-request")
        show_request = gr.Textbox(container=False, elem_id="show-request")
    with gr.Column(elem_id="composer"), gr.Row(elem_id="asking"):
        question, as_of = _question_box(), _as_of_box()
        _html(_CALENDAR, "calendar")
        new = gr.Button("New conversation", elem_id="new", size="sm")
    return Components(
        opening, examples, earlier, latest, reader, standing, question, as_of, new, ask_request, show_request
    )


def _opening(questions: tuple[str, ...]) -> tuple[gr.Column, tuple[gr.Button, ...]]:
    with gr.Column(elem_id="opening") as opening:
        gr.Markdown(_WELCOME)
        with gr.Row(elem_id="examples"):
            examples = tuple(gr.Button(text, elem_classes="example") for text in questions)
    return opening, examples


def _html(content: str, name: str) -> gr.Markdown:
    """Shows HTML of our own; each of its blocks is one line, which Markdown leaves alone.

    gr.HTML compiles its template in the browser, which the content security policy forbids without 'unsafe-eval';
    gr.Chatbot repeats a message's markup in a label that is read aloud.
    """
    return gr.Markdown(content, elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label="Question",
        show_label=False,
        placeholder="Ask about the news",
        lines=1,
        max_lines=6,
        submit_btn=True,
        autofocus=True,
        container=False,
        elem_id="question",
    )


def _as_of_box() -> gr.Textbox:
    return gr.Textbox(label="As of", placeholder="today", lines=1, max_lines=1, elem_id="as-of")
