"""The page: what happens when a reader asks, stops, opens an article or a conversation, or begins anew."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from chat.answer import Turn
from chat.errors import ChatError, QuestionError
from chat.front.opening_page import Front
from chat.publishing.feedback import Reason, Thumb
from chat.texts.table import Texts
from chat.understanding.as_of import as_of_moment
from chat.understanding.typed_text import typed_question
from web.components import Components, lay_out
from web.conversations.answering import BusyError
from web.conversations.conversation import Conversation, Exchange
from web.conversations.drawing import drawn_earlier, drawn_latest, drawn_list
from web.conversations.open_conversations import OpenConversations, new_id
from web.conversations.session import Session
from web.html import front_html
from web.masthead import keep_counting
from web.protection.gradio_queue import ANSWERING
from web.reader import Library, open_article
from web.requests import (
    Ask,
    AskAgain,
    Delete,
    DeleteStanding,
    GiveThumb,
    ListConversations,
    OpenArticle,
    OpenConversation,
    Rename,
    Request,
    SaveStanding,
    Share,
    Undo,
    read_request,
)
from web.standing import ReadersQuestions, Standing
from web.tabs.tab import Tab
from web.visit import ByTab, client_of, owner_in, tab_of, texts_for, token_in, warn

Updates = dict[Any, Any]  # what Gradio calls it: components and their new values
# turns, what of the last one, why, the chosen as-of
Judge = Callable[[Sequence[Turn], Thumb, Reason | None, datetime | None], None]

_SESSIONS_OF_GRADIO = 500  # open pages; Gradio keeps .23 MB of each, until so many newer ones were opened
_CALLS_WAITING = 256  # of all kinds; of those, questions are bounded before they get here
_QUESTIONS_AT_ONCE = 2
_REDRAWN_S = 0.05
_KEPT_S = 60  # the front, and the list of standing questions
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}


def build_page(
    conversations: OpenConversations,
    library: Library,
    judge: Judge,
    clock: Callable[[], datetime] | None = None,
    standing: Standing | None = None,
    tabs: Sequence[Tab] = (),
) -> gr.Blocks:
    """The page as Gradio components; two readers share nothing of it but the writers and the library.

    `judge` is called with a reader's opinion of an answer; it raises ChatError when it cannot keep it. `tabs` stand
    beside the conversation.
    """
    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, delete_cache=(86400, 86400))
    with page:
        questions = ReadersQuestions(standing)
        components = lay_out(conversations.writers, tabs)
        Page(components, conversations, library, judge, clock or _now, questions).connect(page)
        keep_counting(page, components.masthead, components.changes, next(iter(conversations.writers.values())))
    page.state_session_capacity = _SESSIONS_OF_GRADIO
    page.queue(max_size=_CALLS_WAITING, default_concurrency_limit=_QUESTIONS_AT_ONCE, api_open=False)
    return page


def _now() -> datetime:
    return datetime.now(UTC)


class Page:
    """The handlers of the page's events."""

    def __init__(
        self,
        components: Components,
        conversations: OpenConversations,
        library: Library,
        judge: Judge,
        clock: Callable[[], datetime],
        standing: ReadersQuestions,
    ) -> None:
        self._on = components
        self._conversations = conversations
        self._library = library
        self._judge = judge
        self._clock = clock
        self._standing = standing
        self._found_front: tuple[float, Front | None] = 0.0, None
        self._accepting = threading.Lock()  # Enter pressed twice arrives in two threads
        self._tabs: ByTab[str] = ByTab()  # which conversation each visit shows
        self._drawing: ByTab[object] = ByTab()  # the newest of the events that draw in it

    def connect(self, page: gr.Blocks) -> None:
        """Attach the handlers to the components."""
        on = self._on
        # "once" silently drops a question asked while an answer is under way; here it takes that answer's place.
        asking: dict[str, Any] = {**_QUIET, "outputs": on.conversation, "concurrency_id": ANSWERING}
        chosen = [on.as_of, on.writer]
        on.question.submit(self._ask, [on.question, *chosen], **asking)
        on.ask_request.submit(self._ask_request, [on.ask_request, *chosen], **asking)
        for example in on.examples:
            example.click(self._ask, [example, *chosen], **asking)
        direct: dict[str, Any] = {**_QUIET, "concurrency_limit": None}
        on.question.stop(self._stop, None, None, **direct)
        on.new.click(self._begin, None, on.conversation, **direct)
        on.show_request.submit(self._show_request, on.show_request, on.everything, **direct)
        page.load(self._list_standing, None, on.standing, **direct)
        gr.Timer(_KEPT_S).tick(self._list_standing, None, on.standing, **direct)
        page.load(self._restore, None, on.conversation, **direct)
        page.load(self._front, None, on.front, **direct)

    async def _ask(self, text: str, as_of: str, writer: str, request: gr.Request) -> AsyncIterator[Updates]:
        session = await asyncio.to_thread(self._accept, request, text, as_of, writer)
        if session is None:
            yield {self._on.question: gr.skip()}
            return
        yield {self._on.question: gr.update(value="")}
        async for updates in self._watch(request, session):
            yield updates

    def _accept(self, request: gr.Request, text: str, as_of: str, writer: str) -> Session | None:
        """The session with the question; None where it is refused, or is being answered already."""
        try:
            question, moment = typed_question(text), as_of_moment(as_of or "", self._clock())
        except QuestionError as error:
            warn(error, "notices.not_asked", request)
            return None
        with self._accepting:
            session = self._session(request)
            if session.conversation.is_answering(question, moment):
                return None
            return self._begin_answer(
                request, session, self._conversations.next_exchange(session, question, moment, writer)
            )

    def _begin_answer(self, request: gr.Request, session: Session, asked: Exchange) -> Session | None:
        try:
            self._conversations.ask(session, client_of(request), asked)
        except BusyError as error:
            warn(error, "notices.not_asked", request)
            return None
        except ChatError as error:
            warn(error, "notices.not_kept", request)
        return session

    async def _ask_request(self, wanted: str, as_of: str, writer: str, request: gr.Request) -> AsyncIterator[Updates]:
        match read_request(wanted):
            case Ask(question):
                session = await asyncio.to_thread(self._accept, request, question, as_of, writer)
            case AskAgain() as again:
                session = await asyncio.to_thread(self._accept_again, request, again)
            case _:
                session = None
        if session is None:
            yield {self._on.question: gr.skip()}
            return
        async for updates in self._watch(request, session):
            yield updates

    def _accept_again(self, request: gr.Request, again: AskAgain) -> Session | None:
        try:
            moment = as_of_moment(again.as_of, self._clock())
        except QuestionError as error:
            warn(error, "notices.not_asked", request)
            return None
        with self._accepting:
            session = self._session(request)
            if (last := session.conversation.last) is None:
                return None
            changed = last.again(without=again.without, as_of=moment, writer=again.writer)
            return self._begin_answer(request, session, changed)

    def _turn_to(self, request: gr.Request, wanted: OpenConversation | Delete | Undo) -> Session:
        """The session that this tab shows from now on."""
        match wanted:
            case OpenConversation(id):
                if opened := self._conversations.open(id, owner_in(request)):
                    self._show_in(request, opened.id)
            case Delete(id):
                if deleted := self._conversations.open(id, owner_in(request)):
                    self._conversations.delete(deleted)
            case Undo():
                self._conversations.undo(self._session(request))
        return self._session(request)

    async def _watch(self, request: gr.Request, session: Session) -> AsyncIterator[Updates]:
        """What the tab shows of a conversation, until it is answered or the tab draws something else."""
        tab, own, texts = tab_of(request), object(), texts_for(request)
        self._drawing[tab] = own
        drawn = None
        with session.watched():
            while self._drawing.get(tab) is own:
                is_busy, now = session.is_busy, session.conversation
                if now is not drawn:
                    yield await asyncio.to_thread(self._changes, texts, session.id, drawn, now)
                    drawn = now
                elif is_busy:
                    await asyncio.sleep(_REDRAWN_S)
                else:
                    return
        # What was drawn here last may reach the page after what is newer.
        newer = self._session(request)
        yield await asyncio.to_thread(self._changes, texts, newer.id, None, newer.conversation)

    def _changes(self, texts: Texts, id: str, before: Conversation | None, now: Conversation) -> Updates:
        """What is to be drawn anew; the earlier exchanges only where they have changed."""
        names = tuple(self._conversations.writers)
        latest: Updates = {self._on.latest: drawn_latest(now, id, names, texts)}
        if before is not None and before.last is not None and before.exchanges[:-1] == now.exchanges[:-1]:
            return latest
        return {**latest, self._on.earlier: drawn_earlier(now, id, texts)}

    async def _restore(self, request: gr.Request) -> AsyncIterator[Updates]:
        """The conversation as a page finds it when it is loaded again or in a second tab, until it is answered."""
        session = await asyncio.to_thread(self._session, request)
        async for updates in self._watch(request, session):
            yield updates

    def _front(self, request: gr.Request) -> str:
        """Found anew once it is a minute old."""
        found_at, front = self._found_front
        if front is None or time.monotonic() - found_at > _KEPT_S:
            front = next(iter(self._conversations.writers.values())).front()
            self._found_front = time.monotonic(), front
        return front_html(front, texts_for(request))

    def _stop(self, request: gr.Request) -> None:
        self._session(request).stop()

    def _begin(self, request: gr.Request) -> Updates:
        self._session(request).stop()
        self._drawing.pop(tab_of(request), None)
        session = self._conversations.begin(new_id(), owner_in(request))
        self._show_in(request, session.id)
        return self._changes(texts_for(request), session.id, None, session.conversation)

    async def _show_request(self, wanted: str, request: gr.Request) -> AsyncIterator[Updates]:
        match read_request(wanted):
            case OpenConversation() | Delete() | Undo() as other:
                session = await asyncio.to_thread(self._turn_to, request, other)
                async for updates in self._watch(request, session):
                    yield updates
            case other:
                yield await asyncio.to_thread(self._shown, other, wanted, request)

    def _shown(self, asked: Request | None, wanted: str, request: gr.Request) -> Updates:
        texts = texts_for(request)
        match asked:
            case GiveThumb() as given:
                return {self._on.latest: self._give_thumb(given, request)}
            case SaveStanding() | DeleteStanding() as change:
                conversation = self._session(request).conversation
                return {self._on.standing: self._standing.change(token_in(request), change, conversation, texts)}
            case OpenArticle() as opened:
                return {self._on.reader: open_article(self._library, opened, wanted, texts)}
            case ListConversations() | Rename() | Share() as about:
                return {self._on.conversations: self._list(request, about)}
            case _:
                return {self._on.reader: gr.skip()}

    def _list(self, request: gr.Request, about: ListConversations | Rename | Share) -> str:
        store, owner = self._conversations.store, owner_in(request)
        changed = "" if isinstance(about, ListConversations) else about.id
        if not isinstance(about, ListConversations) and store.owner(about.id) == owner:
            try:
                if isinstance(about, Rename):
                    store.rename(about.id, about.title)
                else:
                    store.share(about.id, shared=about.shared)
            except ChatError as error:
                warn(error, "notices.not_kept", request)
        found, open_id = store.listed(owner, about.words), self._tabs.get(tab_of(request), "")
        return drawn_list(found, open_id, about.words, texts_for(request), changed)

    def _give_thumb(self, given: GiveThumb, request: gr.Request) -> str:
        """One thumb an answer."""
        session, names, texts = self._session(request), tuple(self._conversations.writers), texts_for(request)
        with self._accepting:
            answered = session.conversation.last
            if answered is None or not answered.can_be_judged:
                return drawn_latest(session.conversation, session.id, names, texts)
            self._conversations.judged(session, replace(answered, judged=True))
        turns = (*session.conversation.turns_before(answered.number), *filter(None, [answered.turn]))
        try:
            self._judge(turns, given.thumb, given.reason, answered.progress.as_of)
        except ChatError as error:
            self._conversations.judged(session, answered)
            warn(error, "notices.not_kept", request)
        return drawn_latest(session.conversation, session.id, names, texts)

    def _list_standing(self, request: gr.Request) -> Updates:
        return {self._on.standing: self._standing.html(token_in(request), texts_for(request))}

    def _session(self, request: gr.Request) -> Session:
        """What this tab shows: what it showed last, what its address names, or what its browser used last."""
        owner, tab = owner_in(request), tab_of(request)
        if tab in self._tabs:
            id = self._tabs[tab]
            return self._conversations.open(id, owner) or self._conversations.begin(id, owner)
        named = request.query_params.get("conversation", "")
        session = self._conversations.open(named, owner) if named else None
        session = session or self._conversations.latest(owner) or self._conversations.begin(new_id(), owner)
        self._show_in(request, session.id)
        return session

    def _show_in(self, request: gr.Request, id: str) -> None:
        self._tabs[tab_of(request)] = id
