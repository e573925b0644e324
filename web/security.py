"""The wall around the page: which paths are open, how large a request may be, which headers every response carries."""

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST_REQUEST_BYTES = 64 * 1024
_HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "media-src 'self'",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# What the page itself requests. Gradio serves much more: uploads, a proxy, saved states, a code editor.
_OPEN_PATHS = {
    "/",
    "/config",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    "/gradio_api/app_id",
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/cancel",
    "/gradio_api/reset",
}
_OPEN_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_REASONS = {404: "not found", 411: "a content-length header is needed", 413: "too large"}


class Wall:
    """ASGI middleware: closes every path that the page does not need, limits requests, and sets the safety headers."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status = _refusal(scope)
        app = _plain_answer(status) if status else self._app
        return await app(scope, receive, partial(_send_with_headers, send))


def _refusal(scope: "Scope") -> int:
    """The status with which a request is refused, or 0."""
    path = scope["path"].rstrip("/") or "/"
    if path not in _OPEN_PATHS and not path.startswith(_OPEN_FOLDERS):
        return 404
    if scope["method"] in ("GET", "HEAD"):
        return 0
    length = dict(scope["headers"]).get(b"content-length")
    if length is None or not length.isdigit():
        return 411
    return 413 if int(length) > _LARGEST_REQUEST_BYTES else 0


async def _send_with_headers(send: "Send", message: "Message") -> None:
    if message["type"] == "http.response.start":
        ours = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        others = [(name, value) for name, value in message["headers"] if name.decode().lower() not in _HEADERS]
        message = {**message, "headers": [*others, *ours]}
    await send(message)


def _plain_answer(status: int) -> "ASGIApp":
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(_REASONS[status], status)
