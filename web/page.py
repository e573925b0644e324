"""The page: what happens when a reader asks, stops, removes a filter, opens an article or begins anew."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from chat.answer import Turn
from chat.answering.replies import archive_line
from chat.errors import ChatError, QuestionError
from chat.publishing.feedback import Thumb
from chat.understanding.as_of import as_of_moment
from chat.understanding.typed_text import typed_question
from web.components import Components, lay_out
from web.conversation import STOPPED, Chatbot, Conversation, Session, answering
from web.cookies import token_of
from web.html import masthead_html
from web.reader import Library, open_article
from web.requests import AskAgain, GiveThumb, OpenArticle, read_request
from web.sessions import Sessions
from web.tabs.tab import Tab

Updates = dict[Any, Any]  # what Gradio calls it: components and their new values
Judge = Callable[[Sequence[Turn], Thumb, datetime | None], None]  # turns, what of the last one, the chosen as-of

_SESSIONS_OF_GRADIO = 1_000
_QUESTIONS_WAITING = 32
_QUESTIONS_AT_ONCE = 2
_REDRAWN_S = 0.3
_COUNTED_AGAIN_S = 30.0
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_page(
    chatbot: Chatbot,
    library: Library,
    judge: Judge,
    clock: Callable[[], datetime] | None = None,
    tabs: Sequence[Tab] = (),
) -> gr.Blocks:
    """The page as Gradio components; two readers share nothing of it but the chatbot and the library.

    `judge` is called with a reader's opinion of an answer; it raises ChatError when it cannot keep it. `tabs` stand
    beside the conversation.
    """
    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, delete_cache=(86400, 86400))
    with page:
        Page(lay_out(chatbot, tabs), chatbot, library, judge, clock or _now).connect(page)
    page.state_session_capacity = _SESSIONS_OF_GRADIO
    page.queue(max_size=_QUESTIONS_WAITING, default_concurrency_limit=_QUESTIONS_AT_ONCE, api_open=False)
    return page


def _now() -> datetime:
    return datetime.now(UTC)


class Page:
    """The handlers of the page's events."""

    def __init__(
        self,
        components: Components,
        chatbot: Chatbot,
        library: Library,
        judge: Judge,
        clock: Callable[[], datetime],
    ) -> None:
        self._on = components
        self._chatbot = chatbot
        self._library = library
        self._judge = judge
        self._clock = clock
        self._sessions = Sessions()
        self._accepting = threading.Lock()  # Enter pressed twice arrives in two threads

    def connect(self, page: gr.Blocks) -> None:
        """Attach the handlers to the components."""
        on = self._on
        queued: dict[str, Any] = {
            **_QUIET,
            "outputs": on.conversation,
            "concurrency_id": "answer",
            # "once" silently drops a question asked while an answer is under way; here it takes that answer's place.
            "trigger_mode": "multiple",
        }
        asking: list[Any] = [
            on.question.submit(self._ask, [on.question, on.as_of], **queued),
            on.ask_request.submit(self._ask_again, on.ask_request, **queued),
            *(example.click(self._ask, [example, on.as_of], **queued) for example in on.examples),
        ]
        direct: dict[str, Any] = {**_QUIET, "concurrency_limit": None}
        on.question.stop(self._stop, None, None, **direct)
        on.new.click(self._begin, None, [*on.conversation, on.as_of], cancels=asking, **direct)
        on.show_request.submit(self._show_request, on.show_request, [on.latest, on.reader], **direct)
        page.load(self._restore, None, on.conversation, **direct)
        gr.on([page.load, gr.Timer(_COUNTED_AGAIN_S).tick], self._count, None, on.masthead, **direct)
        for change in on.changes:
            change.then(self._count, None, on.masthead, **direct)

    def _ask(self, text: str, as_of: str, request: gr.Request) -> Iterator[Updates]:
        try:
            question, moment = typed_question(text), as_of_moment(as_of or "", self._clock())
        except QuestionError as error:
            gr.Warning(_sentence(str(error)), title="Not asked")
            question, moment = "", None
        accepted = self._accept(request, question, moment) if question else None
        if accepted is None:
            yield {self._on.question: gr.skip()}
            return
        yield {self._on.question: gr.update(value="")}
        yield from self._show(*accepted)

    def _accept(self, request: gr.Request, text: str, as_of: datetime | None) -> tuple[Session, Conversation] | None:
        """The session and its conversation with the question, or None when that is being answered already."""
        with self._accepting:
            session = self._session(request)
            if session.conversation.is_answering(text, as_of):
                return None
            asked = session.start(session.conversation.asking(text, as_of))
            self._sessions.keep(_token(request), _client(request), session)
            return session, asked

    def _ask_again(self, wanted: str, request: gr.Request) -> Iterator[Updates]:
        again, session = read_request(wanted), self._session(request)
        if not isinstance(again, AskAgain) or session.conversation.progress is None:
            yield {self._on.question: gr.skip()}
            return
        with self._accepting:
            asked = session.start(session.conversation.asking_again(again.without))
        yield from self._show(session, asked)

    def _show(self, session: Session, asked: Conversation) -> Iterator[Updates]:
        yield self._drawn(asked)
        try:
            with closing(answering(self._chatbot, asked)) as steps:
                for step in steps:
                    if session.conversation.stop is not asked.stop:
                        # What was drawn here last may reach the page after the newer turn.
                        yield self._turns(session.conversation)
                        return
                    session.conversation = step
                    yield {self._on.latest: step.latest}
        finally:
            self._end(session, asked)
        yield self._drawn(session.conversation)

    def _end(self, session: Session, asked: Conversation) -> None:
        """Mark an answer as stopped whose reader has left in the middle."""
        last = session.conversation
        if last.stop is asked.stop and last.progress and not last.progress.is_over:
            session.conversation = last.failed(STOPPED)

    def _turns(self, conversation: Conversation) -> Updates:
        return {self._on.earlier: "\n\n".join(conversation.earlier), self._on.latest: conversation.latest}

    def _drawn(self, conversation: Conversation) -> Updates:
        progress = conversation.progress
        is_busy = progress is not None and not progress.is_over
        return {
            **self._turns(conversation),
            self._on.opening: gr.update(visible=progress is None),
            self._on.question: gr.update(submit_btn=not is_busy, stop_btn=is_busy),
        }

    async def _restore(self, request: gr.Request) -> AsyncIterator[Updates]:
        """The conversation as the page finds it when it is loaded again or in a second tab, until it is answered."""
        session = self._session(request)
        drawn = None
        while drawn is not session.conversation:
            drawn = session.conversation
            yield self._drawn(drawn)
            while drawn is session.conversation and drawn.progress and not drawn.progress.is_over:
                await asyncio.sleep(_REDRAWN_S)

    def _count(self) -> str:
        return masthead_html(archive_line(self._chatbot.status()))

    def _stop(self, request: gr.Request) -> None:
        self._session(request).stop()

    def _begin(self, request: gr.Request) -> Updates:
        session = self._session(request)
        session.start(Conversation())
        return {
            **self._drawn(session.conversation),
            self._on.question: gr.update(value="", submit_btn=True, stop_btn=False),
            self._on.as_of: "",
        }

    def _show_request(self, wanted: str, request: gr.Request) -> Updates:
        match read_request(wanted):
            case GiveThumb(thumb):
                return {self._on.latest: self._give_thumb(thumb, self._session(request))}
            case OpenArticle() as opened:
                return {self._on.reader: open_article(self._library, opened, wanted)}
            case _:
                return {self._on.reader: gr.skip()}

    def _give_thumb(self, thumb: Thumb, session: Session) -> str:
        """One thumb an answer."""
        with self._accepting:
            answered = session.conversation
            if not answered.can_be_judged:
                return answered.latest
            session.conversation = replace(answered, judged=True)
        as_of = answered.progress.as_of if answered.progress else None
        try:
            self._judge(answered.turns, thumb, as_of)
        except ChatError as error:
            session.conversation = answered
            gr.Warning(_sentence(str(error)), title="Not kept")
        return session.conversation.latest

    def _session(self, request: gr.Request) -> Session:
        return self._sessions.of(_token(request))


def _token(request: gr.Request) -> str:
    """The reader's cookie or, where the browser keeps none, the name of this visit."""
    return token_of(request.headers.get("cookie", "")) or f"visit:{request.session_hash}"


def _client(request: gr.Request) -> str:
    return str(request.client.host) if request.client else ""


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."
