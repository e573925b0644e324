"""An answer as server-sent events: understood, evidence, draft, sentence, finished; or error, in its place."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from chat.answer import Answer
from chat.events import Composed, Drafted, Event, Finished, Gathered
from chat.publishing.plain_data import answer_data, evidence_data, question_data, sentence_data
from chat.understanding.question import Question
from web.api.errors import api_error

if TYPE_CHECKING:
    from starlette.responses import StreamingResponse

_SILENCE_S = 15.0  # proxies close connections on which nothing comes for long


def answer_json(question: Question, answer: Answer) -> dict[str, Any]:
    """A finished answer with its question as it was understood."""
    return question_data(question) | answer_data(question, answer)


def streaming(chunks: AsyncIterator[str]) -> "StreamingResponse":
    """A response of server-sent events, which no proxy is to hold back."""
    from starlette.responses import StreamingResponse

    headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
    return StreamingResponse(chunks, media_type="text/event-stream", headers=headers)


async def event_stream(events: AsyncGenerator[Event]) -> AsyncGenerator[str]:
    """The events of an answer as text; closing it closes them."""
    question: Question | None = None
    try:
        async with aclosing(with_pauses(events)) as arriving:
            async for event in arriving:
                if isinstance(event, Gathered):
                    question = event.question
                for name, data in _named(event, question) if event else ():
                    yield sent(data, name)
                if event is None:
                    yield ": the answer goes on\n\n"
    except Exception as error:
        yield sent(api_error(error).data, "error")


def sent(data: Any, name: str = "") -> str:
    """One server-sent event; JSON has no line end."""
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


async def with_pauses(events: AsyncGenerator[Event]) -> AsyncGenerator[Event | None]:
    """The events, and None whenever none has come for a while."""
    async with aclosing(events):
        coming: asyncio.Future[Event] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(events))
                done, _ = await asyncio.wait({coming}, timeout=_SILENCE_S)
                if not done:
                    yield None
                    continue
                event, coming = coming, None
                try:
                    yield event.result()
                except StopAsyncIteration:
                    return
        finally:
            if coming:
                coming.cancel()
                await asyncio.wait({coming})


def _named(event: Event, question: Question | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names and the data of what is sent about an event."""
    match event:
        case Gathered(question=understood, evidence=evidence, status=status):
            yield "understood", question_data(understood)
            yield "evidence", {"status": str(status), "evidence": [evidence_data(one) for one in evidence]}
        case Drafted(text):
            yield "draft", {"text": text}
        case Composed(sentence):
            yield "sentence", sentence_data(sentence)
        case Finished(answer) if question:
            yield "finished", answer_json(question, answer)
