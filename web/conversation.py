"""One reader's conversation on the server: what was asked, and the answers as far as they have come."""

import logging
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chat.answer import Turn
from chat.answering.replies import ArchiveStatus
from chat.events import Drafted, Event
from chat.publishing.answer_html import turn_html
from chat.publishing.progress import Progress, filter_id
from chat.understanding.question import FilterKey

STOPPED = "Stopped."
_FAILED = "Something went wrong on the server; the reason is in its log. Please ask again."
_TURNS_KEPT = 40
_SECONDS_BETWEEN_DRAFTS = 0.06  # a reader sees no difference; a browser does


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

    def examples(self) -> tuple[str, ...]: ...

    def status(self) -> ArchiveStatus: ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """The server's own record of one conversation; the browser can change none of it but by asking."""

    turns: tuple[Turn, ...] = ()
    earlier: tuple[str, ...] = ()  # the HTML of every turn but the last
    number: int = 1  # of the last turn
    progress: Progress | None = None  # the last turn
    removed: frozenset[FilterKey] = frozenset()
    stop: threading.Event | None = None
    judged: bool = False  # whether the reader has said what the last answer is worth

    def asking(self, text: str, as_of: datetime | None) -> "Conversation":
        """The conversation with a new question at its end."""
        earlier, number = self.earlier, self.number
        if last := self.progress:
            last = last if last.is_over else replace(last, draft="", failure=STOPPED)
            earlier = (*earlier, turn_html(number, last, latest=False))[-_TURNS_KEPT:]
            number += 1
        return Conversation(self.turns, earlier, number, Progress(text, as_of=as_of), stop=threading.Event())

    def asking_again(self, without: str = "") -> "Conversation":
        """The last question asked again, without the filter of this id."""
        last = self.progress
        if last is None:
            return self
        as_of = None if without == AS_OF else last.as_of
        return replace(
            self,
            turns=self.turns[:-1] if last.answer else self.turns,
            progress=Progress(last.question, as_of=as_of),
            removed=self.removed | {one.key for one in last.filters if filter_id(one) == without},
            stop=threading.Event(),
            judged=False,
        )

    def after(self, event: Event) -> "Conversation":
        """The conversation once this event has happened."""
        progress = self.progress.after(event) if self.progress else None
        turns = self.turns
        if progress and progress.answer and progress.understood:
            turns = (*turns, Turn(progress.understood, progress.answer))[-_TURNS_KEPT:]
        return replace(self, progress=progress, turns=turns)

    def failed(self, reason: str) -> "Conversation":
        """The conversation with its last question left unanswered."""
        return replace(self, progress=replace(self.progress, draft="", failure=reason)) if self.progress else self

    def is_answering(self, text: str, as_of: datetime | None) -> bool:
        """Whether this very question is being answered; asking it again means that Enter was pressed twice."""
        last = self.progress
        return last is not None and not last.is_over and (last.question, last.as_of) == (text, as_of)

    @property
    def can_be_judged(self) -> bool:
        """Whether there is an answer that the reader has not judged yet."""
        return bool(self.turns and self.progress and self.progress.answer and not self.judged)

    @property
    def latest(self) -> str:
        """The HTML of the last turn, as far as it has come."""
        return turn_html(self.number, self.progress, latest=True, judged=self.judged) if self.progress else ""


AS_OF = "as-of"  # the id of the moment that was chosen beside the question


@dataclass(slots=True)
class Session:
    """What the server keeps of one reader: the conversation as the last question left it."""

    conversation: Conversation = Conversation()

    def start(self, conversation: Conversation) -> Conversation:
        """Replace the conversation and stop the answer that was under way."""
        self.stop()
        self.conversation = conversation
        return conversation

    def stop(self) -> None:
        """Stop the answer that is under way, if any."""
        if self.conversation.stop:
            self.conversation.stop.set()


def answering(chatbot: Chatbot, asked: Conversation) -> Generator[Conversation]:
    """The conversation after each step of its last answer; closing the generator stops the chatbot."""
    stop = asked.stop
    if asked.progress is None or stop is None:
        return
    events = chatbot.stream(
        asked.progress.question,
        conversation=asked.turns,
        as_of=asked.progress.as_of,
        removed=asked.removed,
        stop=stop,
    )
    try:
        yield from _steps(asked, events, stop)
    except Exception:
        logging.getLogger(__name__).exception("a question was left unanswered")
        yield asked.failed(_FAILED)


def _steps(asked: Conversation, events: Iterator[Event], stop: threading.Event) -> Iterator[Conversation]:
    """Skips drafts that follow each other faster than a reader can see."""
    drawn_at = 0.0
    try:
        for event in events:
            asked = asked.after(event)
            if asked.progress and asked.progress.answer:
                break
            if stop.is_set():
                asked = asked.failed(STOPPED)
                break
            if not isinstance(event, Drafted) or time.monotonic() - drawn_at > _SECONDS_BETWEEN_DRAFTS:
                yield asked
                drawn_at = time.monotonic()
    finally:
        stop.set()
        if isinstance(events, Generator):
            events.close()
    yield asked
