"""The MCP server against the SDK's client: over HTTP beside the page, and over stdio as an assistant starts it."""

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from chat.chatbot import Chatbot
from tests.archive_server import serving_chatbot
from tests.coroutines import run_coroutine
from tests.integration.web.conftest import Serve
from web.api.access import Access

ROOT = Path(__file__).parents[3]
FIRE = "How many people died in the ferry fire?"
TOKEN = "a-token-of-some-length"
TOOLS = ["ask", "find_quotation", "read_article", "search", "timeline"]

Use = Callable[[Client], Awaitable[None]]


def over_http(address: str, use: Use, mode: str = "auto", **headers: str) -> None:
    async def run() -> None:
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                await use(client)

    run_coroutine(run())


async def called(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return dict(result.structured_content or {})


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_answer_over_http(address: str, mode: str) -> None:
    async def use(client: Client) -> None:
        assert sorted(tool.name for tool in (await client.list_tools()).tools) == TOOLS
        answer = await called(client, "ask", question=FIRE)
        assert "Nine people died" in answer["sentences"][0]["text"]
        hits = await called(client, "search", question="walrus herring", limit=1)
        assert hits["hits"][0]["title"] == "Mobile library"
        found = await called(client, "find_quotation", text="ate the herring of Bo Lund")
        article = await called(client, "read_article", article=found["first"]["article"])
        assert "walrus" in article["text"]
        events = await called(client, "timeline", subject="the ferry fire")
        assert events["events"]

    over_http(address, use, mode)


def test_an_assistant_reads_the_answer_with_its_marks_and_sources(address: str) -> None:
    async def use(client: Client) -> None:
        (content,) = (await client.call_tool("ask", {"question": FIRE})).content
        assert content.type == "text"
        assert "[1]" in content.text
        assert "Sources:\n- [1] Ferry fire" in content.text

    over_http(address, use)


def test_earlier_questions_and_an_earlier_day_are_heard(address: str) -> None:
    async def use(client: Client) -> None:
        answer = await called(client, "ask", question="When was she built?", conversation=["What burnt on the ferry?"])
        assert [one["kind"] for one in answer["filters"]] == ["follows"]
        answer = await called(client, "ask", question=FIRE, as_of="2023-03-16")
        assert "Four people died" in answer["sentences"][0]["text"]

    over_http(address, use)


def test_a_call_that_is_refused_says_why(address: str) -> None:
    async def use(client: Client) -> None:
        for tool, arguments, why in (
            ("read_article", {"article": "unknown"}, "no such article"),
            ("find_quotation", {"text": "?!"}, "no words"),
            ("find_quotation", {"text": "x" * 3001}, "at most 3000"),
            ("ask", {"question": "x" * 2001}, "at most 2000"),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert why in str(result.content), result.content

    over_http(address, use)


def test_a_server_with_a_token_wants_it_from_assistants_too(serve: Serve) -> None:
    async def use(client: Client) -> None:
        assert (await client.list_tools()).tools

    with serve(Access(TOKEN, is_local=False)) as address:
        over_http(address, use, authorization=f"Bearer {TOKEN}")
        with pytest.raises(BaseException, match=r"401|Unauthorized|unhandled"):
            over_http(address, use)


def test_without_the_package_the_path_says_what_to_install(
    small_chatbot: Chatbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.transport_security", None)  # as if it were not installed
    with serving_chatbot(small_chatbot) as address:
        missing = httpx2.post(f"{address}/mcp", json={})
        assert missing.status_code == 501
        assert ".[mcp]" in missing.json()["error"]["message"]


def test_the_tools_answer_over_stdio(sample_folder: Path) -> None:
    async def run() -> None:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "web.mcp", "--data", str(sample_folder), "--llm", "quotes"],
            cwd=ROOT,
            env=dict(os.environ),
        )
        async with Client(stdio_client(command)) as client:
            assert sorted(tool.name for tool in (await client.list_tools()).tools) == TOOLS
            answer = await called(client, "ask", question=FIRE)
            assert answer["status"] == "answered"
            assert answer["sentences"][0]["citations"]
            assert (await called(client, "search", question="tram line"))["hits"]

    run_coroutine(run())
