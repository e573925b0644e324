"""Gradio's own client at the page: there is nothing for programs but the documented interfaces."""

import httpx
import pytest
from gradio_client import Client


def test_gradios_client_finds_no_function_to_call(address: str) -> None:
    with pytest.raises(Exception, match="Could not fetch api info"):
        Client(address, verbose=False).predict("How many people died?", api_name="/ask")


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/info", "/gradio_api/call/ask", "/gradio_api/upload", "/gradio_api/mcp/sse", "/gradio_api/run/ask"],
)
def test_what_gradio_serves_to_programs_is_closed(address: str, path: str) -> None:
    assert httpx.get(address + path).status_code == 404
    assert httpx.post(address + path, json={"data": []}).status_code == 404


def test_a_call_of_the_pages_own_functions_starts_nothing_that_a_reader_did_not(address: str) -> None:
    joined = httpx.post(
        f"{address}/gradio_api/queue/join", json={"data": ["x"], "fn_index": 10_000, "session_hash": "a"}
    )
    assert joined.status_code == 400
