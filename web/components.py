"""The components of the page and where they stand."""

from dataclasses import dataclass

import gradio as gr

from chat.answering.replies import archive_line
from web.conversation import Chatbot, Session
from web.html import masthead_html

_EXAMPLES_SHOWN = 6
_WELCOME = "## What would you like to know?\n\nEvery statement of an answer leads to the sentence it rests on."


@dataclass(frozen=True, slots=True)
class Components:
    """The components that change."""

    session: gr.State
    opening: gr.Column
    examples: tuple[gr.Button, ...]
    earlier: gr.Markdown
    latest: gr.Markdown
    understood: gr.CheckboxGroup
    thumbs: gr.Row
    good: gr.Button
    bad: gr.Button
    question: gr.Textbox
    as_of: gr.DateTime
    new: gr.Button

    @property
    def shown(self) -> list[gr.Component | gr.Column | gr.Row]:
        """What an event may update."""
        return [self.earlier, self.latest, self.question, self.understood, self.opening, self.thumbs]


def lay_out(chatbot: Chatbot) -> Components:
    """Add the components to the open gr.Blocks, from the masthead down to the composer."""
    session = gr.State(Session())
    gr.Markdown(masthead_html(archive_line(chatbot.status())), sanitize_html=False, elem_id="masthead")
    opening, examples = _opening(chatbot.examples()[:_EXAMPLES_SHOWN])
    earlier, latest = _turns("earlier"), _turns("latest")
    with gr.Column(elem_id="composer"):
        with gr.Row(visible=False, elem_id="thumbs") as thumbs:
            good, bad = (gr.Button(text, size="sm") for text in ("Good answer", "Bad answer"))
        understood = gr.CheckboxGroup(label="Understood as", visible=False, elem_id="understood")
        with gr.Row(elem_id="asking"):
            question, as_of = _question_box(), _as_of_box()
            new = gr.Button("New conversation", elem_id="new", size="sm")
    return Components(session, opening, examples, earlier, latest, understood, thumbs, good, bad, question, as_of, new)


def _opening(questions: tuple[str, ...]) -> tuple[gr.Column, tuple[gr.Button, ...]]:
    with gr.Column(elem_id="opening") as opening:
        gr.Markdown(_WELCOME)
        with gr.Row(elem_id="examples"):
            examples = tuple(gr.Button(text, elem_classes="example") for text in questions)
    return opening, examples


def _turns(name: str) -> gr.Markdown:
    """Shows turns as HTML; each is one block, which Markdown leaves alone.

    gr.HTML compiles its template in the browser, which the content security policy forbids without 'unsafe-eval';
    gr.Chatbot repeats a message's markup in a label that is read aloud.
    """
    return gr.Markdown(elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)


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


def _as_of_box() -> gr.DateTime:
    return gr.DateTime(label="As of", include_time=False, type="string", elem_id="as-of")
