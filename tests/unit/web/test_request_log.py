"""The log of requests: one line each, of bounded size, and nothing that is sent can forge a line."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.coroutines import run_coroutine
from web.protection.request_log import FILE_NAME, Logged, RequestLog

SECRET = "Who stole the walrus?"


def request(log: RequestLog, path: str = "/api/ask", query: bytes = b"", body: bytes = b"", **scope: Any) -> None:
    async def behind(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"1234"})

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        pass

    given = {"type": "http", "method": "POST", "path": path, "query_string": query, "client": ("192.0.2.7", 1), **scope}
    run_coroutine(Logged(behind, log)(given, receive, send))


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / FILE_NAME).read_text(encoding="ascii").splitlines()]


def test_a_request_is_one_line_without_what_was_asked(tmp_path: Path) -> None:
    request(RequestLog(tmp_path), query=f"question={SECRET}".encode(), body=SECRET.encode())
    [line] = lines(tmp_path)
    assert (line["client"], line["method"], line["path"], line["status"], line["bytes"]) == (
        "192.0.2.7",
        "POST",
        "/api/ask",
        200,
        4,
    )
    assert "walrus" not in (tmp_path / FILE_NAME).read_text(encoding="ascii")


def test_what_was_asked_is_logged_only_when_that_is_wanted_and_never_a_password(tmp_path: Path) -> None:
    log = RequestLog(tmp_path, with_questions=True)
    request(log, body=json.dumps({"question": SECRET}).encode())
    request(log, path="/login", body=b"password=correct-horse")
    request(log, body=b"x" * 100_000)
    first, login, large = lines(tmp_path)
    assert SECRET in first["sent"]
    assert "sent" not in login
    assert len(large["sent"]) == 4_000


def test_the_name_of_a_session_is_not_logged(tmp_path: Path) -> None:
    request(RequestLog(tmp_path), path="/gradio_api/heartbeat/abc123")
    assert lines(tmp_path)[0]["path"] == "/gradio_api/heartbeat/"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(), method=st.text(), client=st.text(), body=st.binary(max_size=50))
def test_nothing_that_is_sent_forges_a_line(tmp_path: Path, path: str, method: str, client: str, body: bytes) -> None:
    (tmp_path / FILE_NAME).unlink(missing_ok=True)
    log = RequestLog(tmp_path, with_questions=True)
    request(log, path=f"/x\n{path}", method=method, client=(client, 1), body=body)
    assert len(lines(tmp_path)) == 1


def test_the_log_is_rotated_and_bounded(tmp_path: Path) -> None:
    log = RequestLog(tmp_path)
    for _ in range(40):
        log.add({"path": "x" * 1_000_000})
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["requests.1.jsonl", "requests.2.jsonl", "requests.3.jsonl", "requests.jsonl"]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000_000


def test_a_log_that_a_purge_replaced_is_written_on(tmp_path: Path) -> None:
    log = RequestLog(tmp_path)
    request(log)
    (tmp_path / "new").write_text("")
    (tmp_path / "new").replace(tmp_path / FILE_NAME)
    request(log)
    assert len(lines(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_named_once_and_requests_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE_NAME).mkdir()
    log = RequestLog(tmp_path)
    for _ in range(3):
        request(log)
    assert [record.getMessage() for record in caplog.records] == [
        f"requests are not logged: {tmp_path / FILE_NAME} cannot be written"
    ]
    assert stat.S_ISDIR((tmp_path / FILE_NAME).stat().st_mode)
