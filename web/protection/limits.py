"""How much each client may ask of the server at a time, and what is said when it is too much."""

import time
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from chat.texts.table import ENGLISH
from web.api.errors import error_data
from web.api.paths import OPEN_TO_ALL, is_for_programs
from web.localized import texts_in_scope
from web.protection.gradio_queue import GradioQueue
from web.rates import Rates
from web.security import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_STREAM = "/gradio_api/queue/data"
_STREAMS = (_STREAM, "/gradio_api/heartbeat/")
_MOST_STREAMS = 200  # of one client, which may be a newsroom behind one address; a reader has two


class LimitedClients:
    """ASGI middleware: bounds the open streams and the programs' requests of each client, and forgets what is unread.

    Programs on this machine are not limited: the number of threads that answer them is.
    """

    def __init__(self, app: "ASGIApp", queue: GradioQueue) -> None:
        self._app = app
        self._queue = queue
        self._programs = Rates()
        self._streams: Counter[str] = Counter()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        from starlette.responses import JSONResponse

        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        await self._queue.forget_unread(time.monotonic())
        path, client = scope["path"].rstrip("/"), client_of(scope)
        if is_for_programs(path) and path not in OPEN_TO_ALL and not is_loopback(client):
            if not self._programs.allow(client, time.monotonic()):
                fault = error_data(429, ENGLISH("limits.requests"), code="rate_limited")
                return await JSONResponse(fault, 429, {"retry-after": "1"})(scope, receive, send)
        elif scope["path"].startswith(_STREAMS):
            return await self._stream(client, scope, receive, send)
        return await self._app(scope, receive, send)

    async def _stream(self, client: str, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if self._streams[client] >= _MOST_STREAMS:
            return await refused(429, texts_in_scope(scope)("limits.requests"), 1)(scope, receive, send)
        session = _session(scope) if scope["path"].rstrip("/") == _STREAM else ""
        if session and not self._queue.knows(session):
            return await refused(404, texts_in_scope(scope)("limits.no_session"))(scope, receive, send)
        self._streams[client] += 1
        self._queue.reading(session)
        try:
            await self._app(scope, receive, send)
        finally:
            self._queue.left(session, time.monotonic())
            self._streams[client] -= 1
            if not self._streams[client]:
                del self._streams[client]


def client_of(scope: "Scope") -> str:
    """The address that a request comes from; behind a proxy on this machine, the one that the proxy names."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def refused(status: int, reason: str, retry_s: int = 0) -> "ASGIApp":
    """A response in the form that the page's script shows to its reader."""
    from starlette.responses import JSONResponse

    return JSONResponse({"detail": reason}, status, {"retry-after": str(retry_s)} if retry_s else None)


def _session(scope: "Scope") -> str:
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get("session_hash", [""])[0]
