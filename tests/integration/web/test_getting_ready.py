"""The server before the page is open: what it answers, how it hands over, and how it ends after an error."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from fastapi import FastAPI

from chat.errors import ChatError
from tests.served import free_port
from web.security import LOOPBACK
from web.server import bound, serve


@contextmanager
def server_that_opens(open_app: Callable[[], FastAPI]) -> Iterator[tuple[str, list[str], list[BaseException]]]:
    """The address of a server in a thread, what was printed when it was open, and the error with which it ended."""
    port = free_port()
    said: list[str] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            serve(open_app, bound("127.0.0.1", port), LOOPBACK, lambda: said.append("open"))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}", said, errors


def answer(address: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    for _ in range(100):
        try:
            with urlopen(Request(address, headers=headers), timeout=10) as response:
                return response.status, response.read().decode(), dict(response.headers)
        except HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


def test_the_page_says_in_the_readers_language_that_it_is_getting_ready_until_it_is_open() -> None:
    may_open = threading.Event()

    def open_app() -> FastAPI:
        may_open.wait(30)
        app = FastAPI()
        app.get("/")(lambda: "the page")
        return app

    with server_that_opens(open_app) as (address, said, _):
        status, page, headers = answer(f"{address}/", **{"Accept-Language": "de"})
        assert (status, headers["retry-after"]) == (503, "1")
        assert 'lang="de"' in page
        assert "Dateline wird vorbereitet" in page
        assert said == []
        assert answer(f"{address}/healthz")[0] == 200
        status, fault, _ = answer(f"{address}/api/search?words=ferry")
        assert (status, json.loads(fault)["error"]["code"]) == (503, "getting_ready")
        may_open.set()
        while answer(f"{address}/")[0] == 503:
            time.sleep(0.05)
        assert answer(f"{address}/")[1] == '"the page"'
        assert said == ["open"]


def test_the_waiting_page_stands_behind_the_wall() -> None:
    never = threading.Event()

    def open_app() -> FastAPI:
        never.wait(30)
        raise ChatError("too late")

    with server_that_opens(open_app) as (address, _, _):
        assert answer(f"{address}/", Host="evil.example")[0] == 421
        assert answer(f"{address}/gradio_api/upload")[0] == 404
        _, _, headers = answer(f"{address}/")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        never.set()


def test_an_error_while_opening_ends_the_server_with_that_error() -> None:
    def open_app() -> FastAPI:
        raise ChatError("no archive here; make one")

    with server_that_opens(open_app) as (_, said, errors):
        for _ in range(200):
            if errors:
                break
            time.sleep(0.05)
    assert [str(one) for one in errors] == ["no archive here; make one"]
    assert said == []


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_what_ends_a_process_ends_it_from_the_servers_thread(error: BaseException) -> None:
    def open_app() -> FastAPI:
        raise error

    with server_that_opens(open_app) as (_, _, errors):
        for _ in range(200):
            if errors:
                break
            time.sleep(0.05)
    assert errors == [error]
