"""A remote language model that fails gives the reader one clear error, soon."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import LLM, ChatMessage

from chat.errors import LanguageModelError
from chat.llms.opening import ModelAccess, open_llm
from chat.llms.streaming import stream_within
from tests.faulty_server import WORDS, Failing, faulty_server, unused_address

MESSAGES = [ChatMessage(role="user", content="What happened to the port?")]
PROTOCOLS = ["openai-like", "ollama"]


def model_at(address: str, protocol: str = "openai-like") -> LLM:
    access = ModelAccess(ollama_host=address, timeout_s=2.0)
    spec = "ollama/m" if protocol == "ollama" else f"openai-like/m@{address}/v1"
    llm = open_llm(spec, models_folder=Path("unused"), access=access)
    assert llm is not None
    return llm


def written(llm: LLM, **changes: Any) -> list[str]:
    limits: dict[str, Any] = {"first_token_s": 20.0, "total_s": 20.0, "stop": threading.Event(), **changes}
    return list(stream_within(llm, MESSAGES, **limits))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_healthy_model_is_streamed_token_by_token(protocol: str) -> None:
    with faulty_server(Failing.NOT) as server:
        assert written(model_at(server.address, protocol)) == list(WORDS)
        assert server.requests == 1


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("failing", "says"),
    [
        (Failing.HANG, "did not answer in time"),
        (Failing.HANG_AFTER_ONE, "did not answer in time"),
        (Failing.TRICKLE, "did not answer in time"),
        (Failing.BUSY, "over its rate limit"),
        (Failing.BROKEN, "HTTP 500"),
        (Failing.BAD_JSON, "unreadable reply"),
        (Failing.CUT, "closed the connection"),
        (Failing.CUT_CLEANLY, "cut off before its end"),
        (Failing.RESET, "closed the connection|cannot be reached"),
        (Failing.RESET_LATE, "closed the connection"),
        (Failing.HUGE, "more than 8,000 characters"),
        (Failing.HUGE_TOKEN, "more than 8,000 characters|did not answer in time"),
        (Failing.PAGE, "wrote nothing|unreadable reply"),
        (Failing.WRONG_TYPE, "unreadable reply"),
        (Failing.EMPTY, "wrote nothing"),
        (Failing.KEY, "API key"),
        (Failing.UNKNOWN, "not known at its address"),
    ],
)
def test_a_fault_becomes_one_error_that_names_the_model_and_the_fix(failing: Failing, says: str, protocol: str) -> None:
    with faulty_server(failing) as server:
        llm = model_at(server.address, protocol)
        with pytest.raises(LanguageModelError, match=rf"^m .*({says})"):
            written(llm, first_token_s=1.0, total_s=1.5)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_server_that_is_not_running_is_named(protocol: str) -> None:
    with pytest.raises(LanguageModelError, match="m is not running at its address; start its server"):
        written(model_at(unused_address(), protocol))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_host_without_an_address_is_named(protocol: str) -> None:
    too_long_to_be_asked_for = ".".join(["x" * 60] * 5)
    with pytest.raises(LanguageModelError, match="m has an unknown host name"):
        written(model_at(f"http://{too_long_to_be_asked_for}:9", protocol))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_server_without_tls_is_named(protocol: str) -> None:
    with faulty_server(Failing.NOT) as server:
        address = server.address.replace("http:", "https:")
        with pytest.raises(LanguageModelError, match="m cannot be reached over TLS"):
            written(model_at(address, protocol))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("failing", "requests"), [(Failing.BUSY_ONCE, 2), (Failing.BROKEN_TWICE, 3)])
def test_a_passing_fault_is_retried(failing: Failing, requests: int, protocol: str) -> None:
    with faulty_server(failing) as server:
        assert written(model_at(server.address, protocol)) == list(WORDS)
        assert server.requests == requests


def test_no_retry_waits_past_the_deadline() -> None:
    with faulty_server(Failing.BUSY) as server:
        with pytest.raises(LanguageModelError):
            written(model_at(server.address))
        assert server.requests == 1


def test_nothing_is_retried_once_a_token_was_written() -> None:
    with faulty_server(Failing.RESET_LATE) as server:
        with pytest.raises(LanguageModelError):
            written(model_at(server.address))
        assert server.requests == 1


def test_a_reader_who_stops_ends_the_reply_without_an_error() -> None:
    stop = threading.Event()
    with faulty_server(Failing.TRICKLE) as server:
        deltas = []
        for delta in stream_within(model_at(server.address), MESSAGES, first_token_s=20, total_s=20, stop=stop):
            deltas.append(delta)
            stop.set()
        assert deltas == ["more "]
        assert server.hung_up.wait(2)


def test_a_reader_who_stops_does_not_wait_for_a_model_that_hangs() -> None:
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    with faulty_server(Failing.HANG) as server:
        assert written(model_at(server.address), stop=stop, first_token_s=60, total_s=60) == []


def test_a_reader_who_leaves_closes_the_connection() -> None:
    with faulty_server(Failing.TRICKLE) as server:
        deltas = stream_within(model_at(server.address), MESSAGES, first_token_s=20, total_s=20, stop=threading.Event())
        with closing(deltas):
            assert next(deltas) == "more "
        assert server.hung_up.wait(2)


def test_an_error_never_shows_the_key() -> None:
    with faulty_server(Failing.KEY) as server:
        access = ModelAccess(openai_like_api_key="very-secret")
        llm = open_llm(f"openai-like/m@{server.address}/v1", models_folder=Path("unused"), access=access)
        assert llm is not None
        with pytest.raises(LanguageModelError) as raised:
            written(llm)
        assert "very-secret" not in f"{raised.value} {access!r}"
