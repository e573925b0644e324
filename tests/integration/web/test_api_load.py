"""Programs that leave, and many at once: the model stops, nobody is starved, and what is too much is refused."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import httpx2
import openai
import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, ChatResponseGen, MessageRole
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from pydantic import Field, PrivateAttr

from tests.archive_server import open_small_archive, serving_chatbot
from tests.coroutines import run_coroutine
from tests.fakes import ScriptedLLM

FIRE = "How many people died in the ferry fire?"
EVENT_STREAM = {"accept": "text/event-stream"}
CLIENTS = 50


class EndlessLLM(ScriptedLLM):
    """Writes one sentence that never ends, and notes when it is stopped."""

    replies: list[str] = Field(default_factory=list)
    _writing: threading.Semaphore = PrivateAttr(default_factory=lambda: threading.Semaphore(0))
    _stopped: threading.Semaphore = PrivateAttr(default_factory=lambda: threading.Semaphore(0))

    @property
    def writing(self) -> threading.Semaphore:
        """Released once for each reply that has begun."""
        return self._writing

    @property
    def stopped(self) -> threading.Semaphore:
        """Released once for each reply that was closed."""
        return self._stopped

    def _pieces(self, reply: str) -> ChatResponseGen:
        try:
            for count in range(400):
                if count == 3:
                    self._writing.release()
                yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=""), delta=" and nine")
                time.sleep(0.05)
        finally:
            self._stopped.release()

    def stream_chat(self, messages: object, **kwargs: object) -> ChatResponseGen:
        """The endless reply."""
        return self._pieces("")


@pytest.fixture
def llm() -> EndlessLLM:
    return EndlessLLM()


@pytest.fixture
def writing_address(llm: EndlessLLM, tmp_path: Path) -> Iterator[str]:
    with open_small_archive(tmp_path, llm) as chatbot, serving_chatbot(chatbot) as address:
        yield address


def read_until_it_writes(lines: Iterator[str]) -> None:
    assert next(line for line in lines if line == "event: draft")


def test_a_client_that_closes_a_stream_stops_the_model_within_a_second(llm: EndlessLLM, writing_address: str) -> None:
    with httpx.stream("POST", f"{writing_address}/api/ask", json={"question": FIRE}, headers=EVENT_STREAM) as response:
        read_until_it_writes(response.iter_lines())
    assert llm.stopped.acquire(timeout=1.0)


def test_a_client_that_gives_up_waiting_for_an_answer_stops_the_model(llm: EndlessLLM, writing_address: str) -> None:
    async def give_up() -> None:
        async with httpx.AsyncClient(timeout=30) as client:
            asking = asyncio.create_task(client.post(f"{writing_address}/api/ask", json={"question": FIRE}))
            assert await asyncio.to_thread(llm.writing.acquire, timeout=10)
            asking.cancel()

    run_coroutine(give_up())
    assert llm.stopped.acquire(timeout=1.0)


def test_a_chat_client_that_closes_its_stream_stops_the_model(llm: EndlessLLM, writing_address: str) -> None:
    with openai.OpenAI(base_url=f"{writing_address}/v1", api_key="none", max_retries=0) as client:
        stream = client.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": FIRE}], stream=True
        )
        assert llm.writing.acquire(timeout=10)
        stream.close()
        assert llm.stopped.acquire(timeout=1.0)


def test_a_search_is_answered_while_a_model_writes_for_all_threads(llm: EndlessLLM, writing_address: str) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(
                httpx.stream("POST", f"{writing_address}/api/ask", json={"question": FIRE}, headers=EVENT_STREAM)
            )
        assert llm.writing.acquire(timeout=10)
        assert httpx.get(f"{writing_address}/api/search", params={"question": "walrus"}, timeout=10).json()["hits"]


def test_fifty_clients_at_once_are_all_answered_in_turn(address: str) -> None:
    async def ask_all() -> list[tuple[float, httpx.Response]]:
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:

            async def ask(number: int) -> tuple[float, httpx.Response]:
                headers = EVENT_STREAM if number % 2 else {}
                response = await client.post("/api/ask", json={"question": FIRE}, headers=headers)
                return time.monotonic(), response

            return await asyncio.gather(*map(ask, range(CLIENTS)))

    answered = run_coroutine(ask_all())
    assert {response.status_code for _, response in answered} == {200}
    for number, (_, response) in enumerate(answered):
        finished = response.text.rpartition("event: finished\ndata: ")[2] if number % 2 else response.text
        assert json.loads(finished)["status"] == "answered"
    assert "dateline_requests_admitted 0.0" in httpx.get(f"{address}/metrics").text


def test_too_many_clients_are_told_to_come_back(llm: EndlessLLM, writing_address: str) -> None:
    async def ask_all() -> list[int]:
        limits = httpx.Limits(max_connections=300)
        async with httpx.AsyncClient(base_url=writing_address, timeout=60, limits=limits) as client:

            async def status() -> int:
                async with client.stream("POST", "/api/ask", json={"question": FIRE}, headers=EVENT_STREAM) as response:
                    if response.status_code == 503:
                        assert response.headers["retry-after"] == "5"
                    else:
                        await asyncio.sleep(3)
                    return response.status_code

            return await asyncio.gather(*(status() for _ in range(280)))

    statuses = run_coroutine(ask_all())
    assert statuses.count(503) == 280 - 256
    assert statuses.count(200) == 256


def test_the_first_event_comes_at_once_when_quoting_from_the_sample(sample_address: str) -> None:
    def first_event_s() -> float:
        started = time.monotonic()
        with httpx.stream(
            "POST", f"{sample_address}/api/ask", json={"question": FIRE}, headers=EVENT_STREAM, timeout=60
        ) as response:
            assert next(response.iter_lines()) == "event: understood"
            return time.monotonic() - started

    first_event_s()  # loads the embedding model
    assert min(first_event_s() for _ in range(5)) < 0.3


def test_an_assistant_that_goes_away_stops_the_model(llm: EndlessLLM, writing_address: str) -> None:
    async def give_up() -> None:
        async with httpx2.AsyncClient(timeout=30) as http:
            transport = streamable_http_client(f"{writing_address}/mcp", http_client=http)
            async with Client(transport) as client:
                asking = asyncio.create_task(client.call_tool("ask", {"question": FIRE}))
                assert await asyncio.to_thread(llm.writing.acquire, timeout=10)
                asking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await asking

    run_coroutine(give_up())
    assert llm.stopped.acquire(timeout=1.0)
