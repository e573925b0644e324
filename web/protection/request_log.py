"""One JSON line for each request, in a file of bounded size; nothing in a request can forge a line."""

import json
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from web.protection.limits import client_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILE_NAME = "requests.jsonl"
_FILE_BYTES = 5_000_000
_OLDER_FILES = 3
_LONGEST_PATH = 200  # characters
_MOST_SENT = 4_000  # characters of what a reader or a program sent
_HEARTBEAT = "/gradio_api/heartbeat/"  # then the name of a session
_NEVER_LOGGED = ("/login",)  # its body is a password


class RequestLog:
    """Lines in `requests.jsonl` of a folder; without a folder, nothing is written.

    `with_questions` adds the query and the body of each request, which hold what was asked.
    """

    def __init__(self, folder: Path | None = None, *, with_questions: bool = False) -> None:
        self.with_questions = with_questions
        self._file = _RotatedFile(folder / FILE_NAME) if folder else None

    @property
    def is_kept(self) -> bool:
        """Whether anything is written."""
        return self._file is not None

    def add(self, line: Mapping[str, Any]) -> None:
        """Write a line; every character beyond ASCII, and every control character, is escaped."""
        if self._file:
            record = logging.LogRecord("requests", logging.INFO, "", 0, json.dumps(line), None, None)
            self._file.handle(record)


class Logged:
    """ASGI middleware that logs every request with its status, its size and its time."""

    def __init__(self, app: "ASGIApp", log: RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or not self._log.is_kept:
            return await self._app(scope, receive, send)
        started, seen = time.monotonic(), _Seen()
        if self._log.with_questions and scope["path"].rstrip("/") not in _NEVER_LOGGED:
            receive = partial(_receive_noting, seen, receive)
            seen.body += scope["query_string"]
        try:
            await self._app(scope, receive, partial(_send_noting, seen, send))
        finally:
            self._log.add(_line(scope, seen, time.monotonic() - started))


class _Seen:
    """What is seen of a request and its response on the way."""

    def __init__(self) -> None:
        self.status = 500
        self.sent_bytes = 0
        self.body = bytearray()


async def _receive_noting(seen: _Seen, receive: "Receive") -> "Message":
    message = await receive()
    seen.body += message.get("body", b"")[: _MOST_SENT - min(_MOST_SENT, len(seen.body))]
    return message


async def _send_noting(seen: _Seen, send: "Send", message: "Message") -> None:
    if message["type"] == "http.response.start":
        seen.status = message["status"]
    seen.sent_bytes += len(message.get("body", b""))
    await send(message)


def _line(scope: "Scope", seen: _Seen, seconds: float) -> dict[str, Any]:
    path = scope["path"]
    line = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "client": client_of(scope),
        "method": scope["method"][:10],
        "path": _HEARTBEAT if path.startswith(_HEARTBEAT) else path[:_LONGEST_PATH],
        "status": seen.status,
        "bytes": seen.sent_bytes,
        "ms": round(1000 * seconds),
    }
    return line | ({"sent": seen.body.decode("utf-8", "replace")} if seen.body else {})


class _RotatedFile(RotatingFileHandler):
    """Closed after each line, because a purge may replace the file; what cannot be written is reported once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="ascii", delay=True)
        self.namer = _name_of_older
        self._has_failed = False

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        if self.stream:
            self.stream.close()
            self.stream = None  # the handler opens it again

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own name
        if not self._has_failed:
            self._has_failed = True
            logging.getLogger(__name__).warning("requests are not logged: %s cannot be written", self.baseFilename)


def _name_of_older(name: str) -> str:
    """requests.1.jsonl for requests.jsonl.1: a purge reads files by the end of their names."""
    place, _, number = name.rpartition(".")
    return str(Path(place).with_suffix(f".{number}.jsonl"))
