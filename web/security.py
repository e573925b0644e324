"""The wall around the page: open hosts and paths, the size of a request, the headers of a response."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from web.api.errors import error_data
from web.api.paths import can_delete, is_for_programs
from web.cookies import new_cookie, token_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST_REQUEST_BYTES = 64 * 1024
_LARGEST_API_REQUEST_BYTES = 1024 * 1024  # chat clients send the whole conversation each time
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
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
            "form-action 'self'",  # the login
            "frame-ancestors 'none'",
        )
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# What the page itself requests. Gradio serves much more: uploads, a proxy, saved states, a code editor.
_OPEN_PATHS = {
    "/",
    "/login",
    "/logout",
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
# What dropping files into the archive tab requests, where the archive may be changed.
_UPLOAD_PATHS = {"/gradio_api/upload", "/gradio_api/upload_progress"}
_OPEN_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/", "/conversations/", "/shared/")


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts under which the page may be asked for; others are a foreign site whose name leads here."""

    names: frozenset[str] = _LOOPBACK_NAMES
    any_address: bool = False  # a browser that was given an IP address followed no foreign name

    @classmethod
    def of(cls, listening_at: str, names: Iterable[str] = ()) -> "AllowedHosts":
        """Loopback, the address listened at and further names; every IP address when it listens at all of them."""
        own = _LOOPBACK_NAMES | {listening_at.lower()} | {name.lower().rstrip(".") for name in names}
        return cls(own, listening_at in ("0.0.0.0", "::"))

    def allow(self, host: str) -> bool:
        """Whether a Host header, with or without a port, is one of them."""
        name = _host_name(host)
        return name in self.names or (self.any_address and _is_address(name))


LOOPBACK = AllowedHosts()


class Wall:
    """ASGI middleware: refuses foreign hosts and origins, closed paths and large requests; sets the safety headers."""

    def __init__(self, app: "ASGIApp", hosts: AllowedHosts, *, largest_upload: int = 0) -> None:
        """`largest_upload` is the size of all files of one upload, in bytes; 0 refuses files."""
        self._app = app
        self._hosts = hosts
        self._largest_upload = largest_upload

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})  # the page uses none
        refusal = self._refusal(scope)
        app = _refused(scope["path"], *refusal) if refusal else self._app
        cookie = "" if refusal or scope["path"] != "/" or _header_token(scope) else new_cookie()
        return await app(scope, receive, partial(_send_with_headers, send, cookie))

    def _refusal(self, scope: "Scope") -> tuple[HTTPStatus, str] | None:
        """Why a request is refused."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._hosts.allow(headers.get("host", "")):
            return HTTPStatus.MISDIRECTED_REQUEST, "unknown host name; name it with: python app.py --host-name NAME"
        path = scope["path"].rstrip("/") or "/"
        if not is_open(path, takes_files=self._largest_upload > 0):
            return HTTPStatus.NOT_FOUND, "not found"
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["method"] == "DELETE" and can_delete(path) and _is_from_own_page(headers):
            return None
        return _change_refusal(scope["method"], headers, self._largest(path))

    def _largest(self, path: str) -> int:
        """How large a request to a path may be, in bytes."""
        if path in _UPLOAD_PATHS:
            return self._largest_upload
        return _LARGEST_API_REQUEST_BYTES if is_for_programs(path) else _LARGEST_REQUEST_BYTES


def is_open(path: str, *, takes_files: bool = False) -> bool:
    """Whether a path, without a slash at its end, leads anywhere; docs/security.md lists all that do."""
    if path in _UPLOAD_PATHS:
        return takes_files
    is_of_page = path in _OPEN_PATHS or (path.startswith(_OPEN_FOLDERS) and ".." not in path)
    return is_of_page or is_for_programs(path)


def _change_refusal(method: str, headers: Mapping[str, str], largest: int) -> tuple[HTTPStatus, str] | None:
    """Why a request that may change something is refused."""
    if method != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED, "not allowed"
    if not _is_from_own_page(headers):
        return HTTPStatus.FORBIDDEN, "not from this page"
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return HTTPStatus.LENGTH_REQUIRED, "a content-length header is needed"
    if len(length) > 9 or int(length) > largest:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large"
    return None


def _is_from_own_page(headers: Mapping[str, str]) -> bool:
    """A browser names where a request comes from; what names nothing is no browser, and follows no foreign page."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    # The scheme is left out: behind a proxy that ends TLS the page has another one than this server.
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches a server that listens at this address."""
    if address.lower() == "localhost":
        return True
    return _is_address(address) and ipaddress.ip_address(address).is_loopback


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _header_token(scope: "Scope") -> str:
    return token_of(b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1"))


async def _send_with_headers(send: "Send", cookie: str, message: "Message") -> None:
    if message["type"] == "http.response.start":
        ours = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        ours += [(b"set-cookie", cookie.encode())] if cookie else []
        others = [(name, value) for name, value in message["headers"] if not _is_replaced(name.decode().lower())]
        message = {**message, "headers": [*others, *ours]}
    await send(message)


def _is_replaced(name: str) -> bool:
    """Gradio lets foreign origins read its responses wherever it does not run on loopback."""
    return name in _HEADERS or name.startswith("access-control-")


def _refused(path: str, status: HTTPStatus, reason: str) -> "ASGIApp":
    from starlette.responses import JSONResponse, PlainTextResponse

    if path.startswith(("/api/", "/v1/")):  # where programs read errors as JSON
        return JSONResponse(error_data(status, reason, code="refused"), status)
    return PlainTextResponse(reason, status)
