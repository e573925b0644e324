"""Answers a question step by step, in a thread of its own: an answer outlives the page that asked for it."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

from chat.answer import Turn
from chat.answering.replies import ArchiveStatus
from chat.errors import ChatError
from chat.events import Drafted, Event, Finished
from chat.front.opening_page import Front
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.question import FilterKey
from web.conversations.conversation import FAILED, STOPPED, Exchange

_SECONDS_BETWEEN_DRAFTS = 0.06  # a reader sees no difference; a browser does
_AT_ONCE = 2
_MOST_WAITING = 32


class Chatbot(Protocol):
    """What the page needs of a chatbot."""

    def stream(
        self,
        text: str,
        *,
        conversation: Sequence[Turn] = (),
        as_of: datetime | None = None,
        removed: frozenset[FilterKey] = frozenset(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]: ...

    def suggestions(self, conversation: Sequence[Turn], go_on: Callable[[], bool] = ...) -> tuple[str, ...]: ...

    def examples(self) -> tuple[str, ...]: ...

    def front(self) -> Front: ...

    def status(self) -> ArchiveStatus: ...


class BusyError(ChatError):
    """Too many questions wait for their answer."""


class AnswerPool:
    """Threads that answer questions, a few at once; further questions wait in line.

    What comes with an answer is made by a thread of its own, while no question is being answered.
    """

    def __init__(self, at_once: int = _AT_ONCE, most_waiting: int = _MOST_WAITING) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="answer")
        self._most = at_once + most_waiting
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="suggestions")
        self._begun = 0  # questions, and not over
        self._changed = threading.Condition()

    def refuse_when_full(self) -> None:
        """Raise BusyError when no further question can wait."""
        if self._begun >= self._most:
            raise BusyError(Notice(NoticeKind.QUESTIONS_WAIT, count=self._begun))

    def run(self, job: Callable[[], None]) -> None:
        """Run a job as soon as a thread is free; whatever it raises is logged."""
        with self._changed:
            self._begun += 1
        self._pool.submit(self._answer, job)

    def run_aside(self, job: Callable[[], None]) -> None:
        """Run a job that is no answer after the earlier ones of its kind; whatever it raises is logged."""
        self._aside.submit(_logged, job)

    def wait_for_quiet(self, longest_s: float) -> bool:
        """Wait until no question is being answered or waits; False when that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._begun, longest_s)

    def close(self) -> None:
        """Take no more jobs."""
        for pool in (self._pool, self._aside):
            pool.shutdown(wait=False, cancel_futures=True)

    def _answer(self, job: Callable[[], None]) -> None:
        try:
            _logged(job)
        finally:
            with self._changed:
                self._begun -= 1
                self._changed.notify_all()


def _logged(job: Callable[[], None]) -> None:
    try:
        job()
    except Exception:
        logging.getLogger(__name__).exception("an answer was not kept")


def answering(chatbot: Chatbot, asked: Exchange, turns: Sequence[Turn], stop: threading.Event) -> Generator[Exchange]:
    """The exchange after each step of its answer, to the last.

    Once `stop` is set it is marked as stopped, but not before the question is understood: a follow-up may refer to it.
    """
    try:
        events = chatbot.stream(
            asked.progress.question,
            conversation=turns,
            as_of=asked.progress.as_of,
            removed=asked.removed,
            stop=stop,
        )
        yield from _steps(asked, events, stop)
    except Exception:
        logging.getLogger(__name__).exception("a question was left unanswered")
        yield asked.failed(FAILED)


def _steps(asked: Exchange, events: Iterator[Event], stop: threading.Event) -> Iterator[Exchange]:
    """Skips drafts that follow each other faster than a reader can see."""
    drawn_at = 0.0
    try:
        for event in events:
            if not (stop.is_set() and isinstance(event, Finished)):
                asked = asked.after(event)
            if stop.is_set():
                asked = asked.failed(STOPPED)
            if asked.progress.is_over:
                break
            if not isinstance(event, Drafted) or time.monotonic() - drawn_at > _SECONDS_BETWEEN_DRAFTS:
                yield asked
                drawn_at = time.monotonic()
    finally:
        stop.set()
        if isinstance(events, Generator):
            events.close()
    yield asked
