"""A chatbot for programs: answers as streams of events and lookups, in bounded threads."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from threading import Event as StopSignal
from typing import TYPE_CHECKING, Any, TypeVar

from chat.answer import Turn
from chat.events import Event, Finished, Gathered
from web.api.bounded_threads import BoundedThreads
from web.api.lookups import or_now
from web.api.requests import Ask

if TYPE_CHECKING:
    from chat.chatbot import Chatbot

Value = TypeVar("Value")

_ANSWERS_AT_ONCE = 8  # more than may wait for a model in this process: the others are answered with quotations
_LOOKUPS_AT_ONCE = 2  # beside the answers, so that a slow model holds up no search
_WAITING = 248  # of each kind
_LOOKED_BACK = 8  # earlier questions; the chatbot itself looks back at fewer


class BoundedChatbot:
    """Answers all programs with one chatbot, a few at a time."""

    def __init__(self, chatbot: "Chatbot") -> None:
        self.chatbot = chatbot
        self._answers = BoundedThreads("answering", _ANSWERS_AT_ONCE, _WAITING)
        self._lookups = BoundedThreads("looking up", _LOOKUPS_AT_ONCE, _WAITING)

    @property
    def admitted(self) -> int:
        """How many answers and lookups run or wait."""
        return self._answers.admitted + self._lookups.admitted

    def events(self, ask: Ask) -> AsyncGenerator[Event]:
        """The events of an answer; closing the stream stops the model. Raises ApiError when too many wait."""
        return self._answers.stream(lambda stop: self._events(ask, stop))

    async def turn(self, ask: Ask) -> Turn:
        """A question as it was understood, with its finished answer; cancelling stops the model."""
        async with aclosing(self.events(ask)) as events:
            async for event in events:
                match event:
                    case Gathered(question=question):
                        pass
                    case Finished(answer):
                        return Turn(question, answer)
        raise AssertionError("an answer without an end")

    async def look_up(self, work: "Callable[..., Value]", *arguments: Any) -> Value:
        """What a blocking function of the chatbot and these arguments returns."""
        return await self._lookups.call(lambda: work(self.chatbot, *arguments))

    def close(self) -> None:
        """Start nothing more."""
        self._answers.close()
        self._lookups.close()

    def _events(self, ask: Ask, stop: StopSignal) -> Generator[Event]:
        conversation = self.chatbot.conversation_of(ask.exchanges[-_LOOKED_BACK:], or_now(ask.as_of))
        yield from self.chatbot.stream(
            ask.typed(ask.question), conversation=conversation, as_of=ask.as_of, removed=ask.removed, stop=stop
        )
