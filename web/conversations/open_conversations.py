"""The conversations that are open on the server: asked in, answered, and kept in the store as they go."""

import hashlib
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from chat.answer import Turn
from chat.publishing.progress import Progress
from chat.publishing.receipts import MadeWith
from web.conversations.answering import AnswerPool, Chatbot, answering
from web.conversations.conversation import STOPPED, UNREADABLE, Conversation, Exchange
from web.conversations.records import FindArticle, from_json, to_json
from web.conversations.session import Session
from web.conversations.store import ConversationsError, ConversationStore, KeptTurn

LINGER_S = 20.0
_PATIENCE_S = 10.0  # after which an answer gets no suggestions
_MOST_OPEN = 100  # in memory, where they are a cache; each is about 200 kB

MakeMadeWith = Callable[[Turn, str], MadeWith]  # with what the writer of this name made the answer of a turn


def new_id() -> str:
    """The id of a new conversation, which nobody guesses."""
    return secrets.token_urlsafe(16)


def owner_of(token: str) -> str:
    """What stands for a browser in the store: not its cookie, with which one could read as that browser."""
    return hashlib.sha256(token.encode()).hexdigest()


class OpenConversations:
    """Opens, asks, answers and keeps; two browsers share nothing of it but the writers."""

    def __init__(
        self,
        store: ConversationStore,
        writers: Mapping[str, Chatbot],
        find_article: FindArticle,
        made_with: MakeMadeWith,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        linger_s: float = LINGER_S,
    ) -> None:
        """`writers` by their names, the one that answers unless another is chosen first."""
        self.store = store
        self.writers = dict(writers)
        self._find_article = find_article
        self._made_with = made_with
        self._clock = clock
        self._linger_s = linger_s
        self._pool = AnswerPool()
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Session] = OrderedDict()
        self._changes = store.changes_by_others()

    def begin(self, id: str, owner: str) -> Session:
        """A new conversation of this id; nothing of it is kept before its first question."""
        return Session(id, owner, Conversation(), self._linger_s)

    def open(self, id: str, owner: str) -> Session | None:
        """A browser's own conversation; None when there is no such one."""
        session = self._open.get(id)
        is_own = owner in ((session.owner,) if session else (self.store.owner(id),))
        return self._session(id, owner) if is_own else None

    def latest(self, owner: str) -> Session | None:
        """The conversation that a browser used last."""
        id = self.store.latest(owner)
        return self._session(id, owner) if id else None

    def read(self, id: str) -> Conversation:
        """What is in a conversation, whoever asks: who may see it is for the caller to check."""
        with self._lock:
            self._forget_what_others_changed()
            session = self._open.get(id)
        return session.conversation if session else self._read(id)

    def next_exchange(self, session: Session, text: str, as_of: datetime | None, writer: str = "") -> Exchange:
        """The next question of a conversation, to be asked."""
        number = session.conversation.next_number
        return Exchange(number, Progress(text, as_of=as_of), self._clock(), writer=writer)

    def ask(self, session: Session, client: str, asked: Exchange) -> None:
        """Begin to answer a new question, or an earlier one anew; raises BusyError, or ConversationsError.

        A question that cannot be kept, because the disk is full, is answered all the same.
        """
        self._pool.refuse_when_full()
        with self._lock:
            self._open[session.id] = session
        kept = KeptTurn(asked.number, asked.asked_at, asked.progress.question)
        try:
            self.store.ask(session.id, session.owner, client, kept)
        finally:
            stop, earlier = session.ask(asked)
            self._pool.run(partial(self._answer, session, asked.number, stop, earlier))

    def undo(self, session: Session) -> None:
        """Drop the last question."""
        if last := session.undo():
            self.store.undo(session.id, last.number)

    def judged(self, session: Session, exchange: Exchange) -> None:
        """Keep that the reader has judged an answer."""
        session.change(exchange)
        self._keep(session, exchange)

    def delete(self, session: Session) -> None:
        """Erase a conversation."""
        session.stop()
        with self._lock:
            self._open.pop(session.id, None)
        self.store.delete(session.id)

    def close(self) -> None:
        """Answer no more."""
        self._pool.close()

    def _session(self, id: str, owner: str) -> Session:
        with self._lock:
            self._forget_what_others_changed()
            if id not in self._open:
                self._open[id] = Session(id, owner, self._read(id), self._linger_s)
            self._open.move_to_end(id)
            self._forget_oldest()
            return self._open[id]

    def _forget_what_others_changed(self) -> None:
        """A purge removes words that are still in memory here."""
        changes = self.store.changes_by_others()
        if changes != self._changes:
            self._changes = changes
            for id in [id for id, session in self._open.items() if not session.is_busy]:
                del self._open[id]

    def _forget_oldest(self) -> None:
        idle = (id for id, session in self._open.items() if not session.is_busy)
        for id in [id for id, _ in zip(idle, range(len(self._open) - _MOST_OPEN), strict=False)]:
            del self._open[id]

    def _answer(self, session: Session, number: int, stop: threading.Event, earlier: list[threading.Event]) -> None:
        """The earlier answers end at their next step; they began before this one: no two wait for each other."""
        suggests = False
        try:
            for ended in earlier:
                ended.wait()
            if asked := session.conversation.exchange(number):
                answered = self._answered(session, asked, stop)
                session.answered(stop)
                if suggests := answered.turn is not None and answered.progress.answer is not None:
                    self._pool.run_aside(partial(self._suggest, session, answered, stop, time.monotonic()))
        finally:
            if not suggests:
                session.end(number, stop)

    def _answered(self, session: Session, asked: Exchange, stop: threading.Event) -> Exchange:
        """The exchange with its answer, put into the session at each step and kept at the last."""
        # Where it was stopped while it waited, it is asked all the same until it is understood.
        asked = replace(asked, progress=replace(asked.progress, failure=""))
        turns = session.conversation.turns_before(asked.number)
        for step in answering(self._writer(asked.writer), asked, turns, stop):
            asked = step
            if not step.progress.is_over:
                session.put(step, stop)
        if asked.progress.answer and asked.turn:
            asked = replace(asked, made_with=self._made_with(asked.turn, asked.writer))
        self._keep(session, asked)
        session.put(asked, stop)
        return asked

    def _suggest(self, session: Session, answered: Exchange, stop: threading.Event, answered_at: float) -> None:
        """Suggest further questions, unless other readers keep the machine busy or this one has asked on."""

        is_last = partial(session.is_last, answered.number)

        def is_wanted() -> bool:
            left_s = answered_at + _PATIENCE_S - time.monotonic()
            return is_last() and self._pool.wait_for_quiet(left_s) and is_last()

        try:
            assert answered.turn
            turns = (*session.conversation.turns_before(answered.number), answered.turn)
            if suggestions := self._writer(answered.writer).suggestions(turns, is_wanted):
                now = session.conversation.exchange(answered.number) or answered  # the reader may have judged it
                now = replace(now, suggestions=suggestions)
                self._keep(session, now)
                session.put(now, stop)
        finally:
            session.end(answered.number, stop)

    def _writer(self, name: str) -> Chatbot:
        return self.writers.get(name) or next(iter(self.writers.values()))

    def _keep(self, session: Session, exchange: Exchange) -> None:
        words = " ".join(one.text for one in exchange.progress.sentences)
        turn = KeptTurn(exchange.number, exchange.asked_at, exchange.progress.question, words, to_json(exchange))
        try:
            self.store.answer(session.id, turn)
        except ConversationsError:
            logging.getLogger(__name__).exception("an answer was not kept")

    def _read(self, id: str) -> Conversation:
        return Conversation(tuple(map(self._exchange, self.store.turns(id))))

    def _exchange(self, kept: KeptTurn) -> Exchange:
        """As it was kept; one without an answer was under way when the server ended."""
        blank = Exchange(kept.number, Progress(kept.question), kept.asked_at)
        if kept.record is None:
            return blank.failed(STOPPED)
        try:
            return from_json(kept.number, kept.record, self._find_article)
        except ValueError:
            return blank.failed(UNREADABLE)
