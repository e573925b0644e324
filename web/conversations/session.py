"""A conversation that is open on the server: its state, who watches it, and the answer under way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from web.conversations.conversation import STOPPED, Conversation, Exchange


class Session:
    """Shared by all pages that show the conversation; an answer that nobody watches any more is stopped after a while.

    `linger_s` is that while, in seconds: a page that is loaded again or loses its connection comes back within it.
    """

    def __init__(self, id: str, owner: str, conversation: Conversation, linger_s: float) -> None:
        self.id = id
        self.owner = owner
        self._conversation = conversation
        self._linger_s = linger_s
        self._lock = threading.RLock()
        self._answers: dict[int, threading.Event] = {}  # those under way: by number, what stops them
        self._ended: dict[threading.Event, threading.Event] = {}  # by what stops them, what is set at their end
        self._watchers = 0

    @property
    def conversation(self) -> Conversation:
        """The conversation as it is now; a new object whenever something has changed."""
        return self._conversation

    @property
    def is_busy(self) -> bool:
        """Whether an answer, or what comes with it, is under way."""
        return bool(self._answers)

    def is_last(self, number: int) -> bool:
        """Whether the exchange of this number is the newest, and its answer is over."""
        last = self._conversation.last
        return last is not None and last.number == number and last.progress.is_over

    def ask(self, exchange: Exchange) -> tuple[threading.Event, list[threading.Event]]:
        """Add an exchange, or replace it, and stop the answers that are under way.

        Returns what stops its answer, and what is set when each of the earlier answers has ended.
        """
        with self._lock:
            self.stop()
            earlier = list(self._ended.values())
            stop = threading.Event()
            self._answers[exchange.number], self._ended[stop] = stop, threading.Event()
            self._conversation = self._conversation.with_exchange(exchange)
            return stop, earlier

    def put(self, exchange: Exchange, stop: threading.Event) -> None:
        """Take over how far an answer has come, unless its question has been asked again meanwhile."""
        with self._lock:
            if self._answers.get(exchange.number) is stop and self._conversation.exchange(exchange.number):
                self._conversation = self._conversation.with_exchange(exchange)

    def answered(self, stop: threading.Event) -> None:
        """The answer is over and kept: the next one need not wait any longer."""
        with self._lock:
            if ended := self._ended.pop(stop, None):
                ended.set()

    def end(self, number: int, stop: threading.Event) -> None:
        """The answer that this event stops will change nothing more."""
        with self._lock:
            self.answered(stop)
            if self._answers.get(number) is stop:
                del self._answers[number]

    def change(self, exchange: Exchange) -> None:
        """Replace an exchange that is over."""
        with self._lock:
            self._conversation = self._conversation.with_exchange(exchange)

    def undo(self) -> Exchange | None:
        """Take the last exchange out of the conversation and return it."""
        with self._lock:
            self.stop()
            last = self._conversation.last
            self._conversation = self._conversation.without_last()
            return last

    def stop(self) -> None:
        """Stop the answers that are under way."""
        with self._lock:
            for stop in self._answers.values():
                stop.set()
            last = self._conversation.last
            if last and not last.progress.is_over:
                self._conversation = self._conversation.with_exchange(last.failed(STOPPED))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While a page shows the conversation."""
        with self._lock:
            self._watchers += 1
        try:
            yield
        finally:
            with self._lock:
                self._watchers -= 1
                is_left = not self._watchers and self.is_busy
            if is_left:
                timer = threading.Timer(self._linger_s, self._stop_unwatched)
                timer.daemon = True
                timer.start()

    def _stop_unwatched(self) -> None:
        with self._lock:
            if not self._watchers:
                self.stop()
