"""The page: what happens when a reader asks, stops, removes a filter, judges an answer or begins anew."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

import gradio as gr

from chat.answer import Turn
from chat.errors import QuestionError
from chat.publishing.feedback import Thumb
from chat.understanding.typed_text import typed_question
from web.components import Components, lay_out
from web.conversation import Chatbot, Conversation, Session, answering, filter_id

Updates = dict[Any, Any]  # what Gradio calls it: components and their new values
Judge = Callable[[Sequence[Turn], Thumb, datetime | None], None]  # turns, what of the last one, the chosen as-of

_SESSIONS_KEPT = 200
_QUESTIONS_WAITING = 32
_QUESTIONS_AT_ONCE = 2
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_page(chatbot: Chatbot, judge: Judge) -> gr.Blocks:
    """The page as Gradio components; two readers share nothing of it but the chatbot.

    `judge` is called with a reader's opinion of an answer.
    """
    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, delete_cache=(86400, 86400))
    with page:
        Page(lay_out(chatbot), chatbot, judge).connect()
    page.state_session_capacity = _SESSIONS_KEPT
    page.queue(max_size=_QUESTIONS_WAITING, default_concurrency_limit=_QUESTIONS_AT_ONCE, api_open=False)
    return page


def end_of_day(text: str | None) -> datetime | None:
    """The last moment of a day written as 2022-06-24, or None for an empty text; raises QuestionError."""
    if not text or not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise QuestionError("the as-of date is not a date; write it like 2022-06-24, or leave it empty") from error
    return datetime.combine(day, time.max, UTC)


class Page:
    """The handlers of the page's events."""

    def __init__(self, components: Components, chatbot: Chatbot, judge: Judge) -> None:
        self._on = components
        self._chatbot = chatbot
        self._judge = judge
        self._accepting = threading.Lock()  # Enter pressed twice arrives in two threads

    def connect(self) -> None:
        """Attach the handlers to the components."""
        on = self._on
        queued: dict[str, Any] = {
            **_QUIET,
            "outputs": on.shown,
            "concurrency_id": "answer",
            # "once" silently drops a question asked while an answer is under way; here it takes that answer's place.
            "trigger_mode": "multiple",
        }
        asking: list[Any] = [
            on.question.submit(self._ask, [on.question, on.as_of, on.session], **queued),
            on.understood.input(self._ask_again, [on.understood, on.session], **queued),
            *(
                example.click(partial(self._ask, example.value), [on.as_of, on.session], **queued)
                for example in on.examples
            ),
        ]
        direct: dict[str, Any] = {**_QUIET, "concurrency_limit": None}
        on.question.stop(Session.stop, on.session, None, **direct)
        on.new.click(self._begin, on.session, on.shown, cancels=asking, **direct)
        for button, thumb in ((on.good, Thumb.UP), (on.bad, Thumb.DOWN)):
            button.click(partial(self._give_thumb, thumb), on.session, on.thumbs, **direct)

    def _ask(self, text: str, as_of_day: str | None, session: Session) -> Iterator[Updates]:
        try:
            text, as_of = typed_question(text), end_of_day(as_of_day)
        except QuestionError as error:
            gr.Warning(f"{str(error)[:1].upper()}{str(error)[1:]}.", title="Not asked")
            text, as_of = "", None
        asked = self._accept(session, text, as_of) if text else None
        if asked is None:
            yield {self._on.question: gr.skip()}
            return
        yield {self._on.question: gr.update(value="")}
        yield from self._show(session, asked)

    def _accept(self, session: Session, text: str, as_of: datetime | None) -> Conversation | None:
        """The conversation with the question, or None when it is being answered already."""
        with self._accepting:
            if session.conversation.is_answering(text, as_of):
                return None
            return session.start(session.conversation.asking(text, as_of))

    def _ask_again(self, kept: list[str], session: Session) -> Iterator[Updates]:
        with self._accepting:
            asked = session.start(session.conversation.asking_again(frozenset(kept)))
        yield from self._show(session, asked)

    def _show(self, session: Session, asked: Conversation) -> Iterator[Updates]:
        yield self._before_answer(asked)
        with closing(answering(self._chatbot, asked)) as steps:
            for step in steps:
                if session.conversation.stop is not asked.stop:
                    # The reader has moved on, and what was drawn here last may reach the page after the newer turn.
                    yield self._turns(session.conversation)
                    return
                session.conversation = step
                yield {self._on.latest: step.latest}
        if session.conversation.stop is asked.stop:
            yield self._after_answer(session.conversation)

    def _turns(self, conversation: Conversation) -> Updates:
        return {self._on.earlier: "\n\n".join(conversation.earlier), self._on.latest: conversation.latest}

    def _before_answer(self, asked: Conversation) -> Updates:
        return {
            **self._turns(asked),
            self._on.opening: gr.update(visible=False),
            self._on.understood: gr.update(visible=False),
            self._on.thumbs: gr.update(visible=False),
            self._on.question: gr.update(submit_btn=False, stop_btn=True),
        }

    def _after_answer(self, conversation: Conversation) -> Updates:
        filters = conversation.filters
        answered = conversation.progress and conversation.progress.answer
        return {
            self._on.question: gr.update(submit_btn=True, stop_btn=False),
            self._on.thumbs: gr.update(visible=bool(answered)),
            self._on.understood: gr.update(
                choices=[(one.label, filter_id(one.key)) for one in filters],
                value=[filter_id(one.key) for one in filters],
                visible=bool(filters),
            ),
        }

    def _begin(self, session: Session) -> Updates:
        session.start(Conversation())
        return {
            **self._turns(session.conversation),
            self._on.opening: gr.update(visible=True),
            self._on.understood: gr.update(visible=False),
            self._on.thumbs: gr.update(visible=False),
            self._on.question: gr.update(value="", submit_btn=True, stop_btn=False),
        }

    def _give_thumb(self, thumb: Thumb, session: Session) -> Updates:
        conversation = session.conversation
        if conversation.turns:
            self._judge(conversation.turns, thumb, conversation.as_of)
            gr.Info("Kept for whoever looks after this archive.", title="Thank you")
        return gr.update(visible=False)
