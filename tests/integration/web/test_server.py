"""The served page against clients that are slow, large or wrong; a normal reader beside them notices nothing."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.stories import EXAMPLES, SCRIPTS, SHELVES
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import ScriptedChatbot
from tests.served import serving
from web.page import build_page
from web.protection.connections import allow_many_connections

if TYPE_CHECKING:
    import gradio as gr

# Every few events Gradio reckons up its queue with pandas, by names that pandas is going to drop.
HALF_A_REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
HALF_A_BODY = b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"


def scripted_page() -> "gr.Blocks":
    conversations = open_conversations({"Scripted": ScriptedChatbot(SCRIPTS, EXAMPLES)}, SHELVES.article)
    return build_page(conversations, SHELVES, lambda turns, thumb, reason, as_of: None)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(scripted_page) as address:
        yield address


def ask_for(address: str, path: str = "/", body: bytes | None = None, **headers: str) -> HTTPResponse:
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    connection.request("POST" if body is not None else "GET", path, body, headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def connected(address: str) -> socket.socket:
    place = urlsplit(address)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=30)


def test_a_foreign_host_name_gets_nothing(address: str) -> None:
    assert ask_for(address, "/config", Host="evil.example").status == 421


def test_a_foreign_page_can_neither_read_nor_change(address: str) -> None:
    response = ask_for(address, "/config", Origin="http://evil.example")
    assert not [name for name in response.headers if name.lower().startswith("access-control-")]
    assert ask_for(address, "/gradio_api/queue/join", b"{}", Origin="http://evil.example").status == 403


def test_a_normal_reader_is_answered_beside_1100_half_open_connections(address: str) -> None:
    allow_many_connections()
    with ExitStack() as stack:
        half_open = [stack.enter_context(connected(address)) for _ in range(1_100)]
        for one in half_open:
            one.sendall(HALF_A_REQUEST)
        assert ask_for(address).status == 200


@pytest.mark.parametrize("sent", [b"", HALF_A_REQUEST, HALF_A_BODY])
def test_a_connection_on_which_no_whole_request_arrives_is_closed(address: str, sent: bytes) -> None:
    with connected(address) as half_open:
        half_open.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert half_open.recv(1) == b""


def test_a_request_that_drips_byte_by_byte_is_closed_in_time(address: str) -> None:
    def drip(connection: socket.socket) -> None:
        for _ in range(300):  # a minute
            connection.sendall(b"x")
            time.sleep(0.2)

    with connected(address) as dripping:
        dripping.sendall(HALF_A_REQUEST + b"X: ")
        with pytest.raises(ConnectionError):
            drip(dripping)


def test_headers_beyond_the_limit_are_refused_before_they_have_all_arrived(address: str) -> None:
    sent = 0
    with connected(address) as greedy, contextlib.suppress(ConnectionError):
        greedy.sendall(HALF_A_REQUEST + b"X: ")
        while sent < 64 << 20:
            greedy.sendall(b"x" * 65_536)
            sent += 65_536
    assert sent < 8 << 20


@pytest.mark.parametrize(
    "call",
    [
        {"data": [], "fn_index": 9999, "session_hash": "x"},
        {"data": [], "fn_index": -1, "session_hash": "x"},
        {"data": [], "session_hash": "x"},
        {"data": None, "fn_index": 0, "session_hash": "x"},
        [],
    ],
)
def test_a_call_of_no_function_of_the_page_costs_no_traceback(
    address: str, call: object, capfd: pytest.CaptureFixture[str]
) -> None:
    body = json.dumps(call).encode()
    response = ask_for(address, "/gradio_api/queue/join", body, **{"content-type": "application/json"})
    assert 400 <= response.status < 600 or call == {"data": None, "fn_index": 0, "session_hash": "x"}
    assert "Traceback" not in capfd.readouterr().err
    assert ask_for(address).status == 200


def test_a_client_that_floods_the_page_with_calls_is_slowed_down() -> None:
    with serving(scripted_page) as address:
        calls = (ask_for(address, "/gradio_api/queue/join", b"{}").status for _ in range(5_000))
        answered = [*takewhile(lambda status: status != 429, calls)]
    assert 300 <= len(answered) < 5_000  # the slower this machine, the more: twenty a second are let through
    assert set(answered) == {400}
