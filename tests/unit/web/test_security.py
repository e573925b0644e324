"""The wall: who may ask for the page, and what is refused before the page hears of it."""

from typing import Any

import pytest

from tests.coroutines import run_coroutine
from web.security import LOOPBACK, AllowedHosts, Wall


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860", "::1"])
def test_loopback_is_always_an_allowed_host(host: str) -> None:
    assert LOOPBACK.allow(host) == (host != "::1")  # an IPv6 address stands in brackets


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "localhost.evil.example", "", "[", "10.0.0.7"])
def test_a_foreign_name_is_no_allowed_host(host: str) -> None:
    assert not LOOPBACK.allow(host)


def test_a_server_that_listens_everywhere_answers_to_addresses_and_to_the_names_that_it_was_given() -> None:
    hosts = AllowedHosts.of("0.0.0.0", ["News.Example."])
    assert [hosts.allow(one) for one in ("10.0.0.7:7860", "[fe80::1]", "news.example", "evil.example")] == [
        True,
        True,
        True,
        False,
    ]


def status(method: str = "GET", path: str = "/", *, largest_upload: int = 0, **headers: Any) -> int:
    """The status with which the wall answers; 200 is what stands behind it."""
    sent: list[Any] = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        reflected = [(b"access-control-allow-origin", b"http://evil.example")]
        await send({"type": "http.response.start", "status": 200, "headers": reflected})

    async def send(message: Any) -> None:
        sent.append(message)

    given = {"host": "127.0.0.1:7860", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    run_coroutine(Wall(behind, LOOPBACK, largest_upload=largest_upload)(scope, None, send))  # type: ignore[arg-type]
    assert not [name for name, _ in sent[0]["headers"] if name.startswith(b"access-control-")]
    answered: int = sent[0]["status"]
    return answered


JOIN = "/gradio_api/queue/join"


def test_a_foreign_host_is_refused_on_every_path() -> None:
    assert status(host="evil.example") == 421
    assert status("POST", JOIN, host="evil.example", content_length="2") == 421


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:7860"}, 200),
        ({"origin": "https://127.0.0.1:7860"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
    ],
)
def test_only_the_page_itself_may_change_something(headers: dict[str, Any], expected: int) -> None:
    assert status("POST", JOIN, content_length="2", **headers) == expected


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("POST", {}, 411),
        ("POST", {"content_length": "many"}, 411),
        ("POST", {"content_length": "²"}, 411),
        ("POST", {"content_length": "65537"}, 413),
        ("POST", {"content_length": "9" * 5000}, 413),
        ("OPTIONS", {"origin": "http://evil.example"}, 405),
        ("DELETE", {}, 405),
    ],
)
def test_a_request_that_is_not_of_the_page_is_refused(method: str, headers: dict[str, Any], expected: int) -> None:
    assert status(method, JOIN, **headers) == expected


@pytest.mark.parametrize(
    ("largest_upload", "size", "expected"), [(0, 10, 404), (1_000_000, 70_000, 200), (1_000_000, 1_000_001, 413)]
)
def test_files_are_taken_only_where_the_archive_may_be_changed(largest_upload: int, size: int, expected: int) -> None:
    path = "/gradio_api/upload"
    assert status("POST", path, largest_upload=largest_upload, content_length=str(size)) == expected
    assert status("POST", JOIN, largest_upload=largest_upload, content_length="70000") == 413
