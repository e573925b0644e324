"""OpenAI's interface, for chat clients that know nothing of Dateline: /v1/models and /v1/chat/completions.

https://platform.openai.com/docs/api-reference/chat
"""

import time
import uuid
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from chat.events import Composed, Event, Finished, Gathered
from chat.publishing.links import address_of_words
from chat.understanding.typed_text import LONGEST_QUESTION, valid_text
from web.api.bounded_chatbot import BoundedChatbot
from web.api.cited_text import Mark, Piece, closing_piece, joined, opening_piece, sentence_piece, without_sources
from web.api.departures import while_connected
from web.api.errors import ApiError, api_error
from web.api.event_stream import sent, streaming, with_pauses
from web.api.requests import MOST_EARLIER, Ask, AsOf, Exchange

MODEL = "dateline"
_LONGEST_EARLIER_ANSWER = 20_000  # characters; the rest of a longer one is not looked at


class Part(BaseModel):
    """A part of a message; only text is understood."""

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        """The text of all its parts, valid."""
        parts = [self.content] if isinstance(self.content, str) else [part.text for part in self.content or ()]
        return valid_text("\n".join(parts)).strip()


class ChatRequest(BaseModel):
    """What is read of a request; all other fields of OpenAI's interface are accepted and change nothing."""

    model: str
    messages: list[Message] = Field(min_length=1, max_length=400)
    stream: bool = False
    n: int = Field(default=1, ge=1, le=1, description="There is one answer.")
    as_of: AsOf | None = Field(default=None, description="Not OpenAI's: look at the archive as it stood then.")


@dataclass(frozen=True, slots=True)
class Completion:
    """What all parts of one response share."""

    id: str
    created: int  # seconds since 1970
    server: str  # its address, for articles without one of their own

    def data(self, kind: str, choice: dict[str, Any]) -> dict[str, Any]:
        """A response or a chunk of one, with its only choice."""
        envelope = {"id": self.id, "object": kind, "created": self.created, "model": MODEL}
        return envelope | {"choices": [{"index": 0, "logprobs": None, **choice}]}

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> str:
        """A chunk of a streamed response."""
        return sent(self.data("chat.completion.chunk", {"delta": delta, "finish_reason": finish_reason}))

    def annotations(self, marks: Sequence[Mark]) -> list[dict[str, Any]]:
        """The citations; the address points at the quoted words."""
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": mark.start,
                    "end_index": mark.end,
                    "title": mark.evidence.article.title,
                    "url": self._address(mark),
                },
            }
            for mark in marks
        ]

    def _address(self, mark: Mark) -> str:
        article = mark.evidence.article
        own = f"{self.server}api/articles/{article.id}?version={article.version}"
        return address_of_words(article.url, [mark.evidence.text]) or own


def openai_routes(chatbot: BoundedChatbot) -> APIRouter:
    """The routes of one chatbot."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], generate_unique_id_function=lambda route: route.name)
    model = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}

    @router.get("/models")
    async def models() -> Any:
        """List the only model there is."""
        return {"object": "list", "data": [model]}

    @router.get("/models/{id}")
    async def one_model(id: str) -> Any:
        """Describe the model."""
        _check_model(id)
        return model

    @router.post("/chat/completions")
    async def chat_completions(wanted: ChatRequest, request: Request) -> Any:
        """Answer the last message; citations are numbered marks in the text, and annotations."""
        _check_model(wanted.model)
        ask = asked(wanted)
        completion = Completion(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()), str(request.base_url))
        if wanted.stream:
            return streaming(_chunks(chatbot.events(ask), completion))
        return await while_connected(request, _completed(chatbot, ask, completion))

    return router


def asked(wanted: ChatRequest) -> Ask:
    """The last message as a question, those before it as the conversation; raises ApiError."""
    *earlier, last = wanted.messages
    question = last.words
    if last.role != "user" or not question:
        raise ApiError(400, "the last message holds no question; end with a message of the user", param="messages")
    if len(question) > LONGEST_QUESTION:
        reason = f"the question has {len(question):,} characters; shorten it: at most {LONGEST_QUESTION:,} are read"
        raise ApiError(400, reason, param="messages")
    conversation = list(_exchanges(earlier))[-MOST_EARLIER:]
    return Ask(question=question, conversation=conversation, as_of=wanted.as_of)


def _exchanges(messages: Sequence[Message]) -> Iterator[Exchange]:
    """Each question of the user with the answer to it; instructions to a model are none of either."""
    question = ""
    for message in messages:
        if message.role == "user":
            if question:
                yield Exchange(question=question)
            question = message.words[:LONGEST_QUESTION].strip()
        elif message.role == "assistant" and question:
            yield Exchange(question=question, answer=without_sources(message.words)[:_LONGEST_EARLIER_ANSWER])
            question = ""
    if question:
        yield Exchange(question=question)


def _check_model(name: str) -> None:
    if name != MODEL:
        raise ApiError(404, f"no such model; the only one is {MODEL}", code="model_not_found", param="model")


async def _completed(chatbot: BoundedChatbot, ask: Ask, completion: Completion) -> dict[str, Any]:
    answer = (await chatbot.turn(ask)).answer
    text = joined((opening_piece(answer.status), *map(sentence_piece, answer.sentences), closing_piece(answer)))
    message = {
        "role": "assistant",
        "content": text.text.rstrip(),
        "refusal": None,
        "annotations": completion.annotations(text.marks),
    }
    return completion.data("chat.completion", {"message": message, "finish_reason": "stop"})


async def _chunks(events: AsyncGenerator[Event], completion: Completion) -> AsyncGenerator[str]:
    """Every sentence once it is checked, as a chunk with its citations; a draft cannot be taken back."""
    yield completion.chunk({"role": "assistant", "content": ""})
    written = Piece("")
    try:
        async with aclosing(with_pauses(events)) as arriving:
            async for event in arriving:
                if event is None:
                    yield ": the answer goes on\n\n"
                    continue
                before, written = written, joined((written, _piece_of(event)))
                delta: dict[str, Any] = {"content": written.text[len(before.text) :]}
                if marks := written.marks[len(before.marks) :]:
                    delta["annotations"] = completion.annotations(marks)
                if delta["content"]:
                    yield completion.chunk(delta)
    except Exception as error:
        yield sent(api_error(error).data)
        return
    yield completion.chunk({}, "stop")
    yield "data: [DONE]\n\n"


def _piece_of(event: Event) -> Piece:
    match event:
        case Gathered(status=status):
            return opening_piece(status)
        case Composed(sentence):
            return sentence_piece(sentence)
        case Finished(answer):
            return closing_piece(answer)
        case _:
            return Piece("")
