"""The login of readers: who may see the page, by name and password, and the cookie that remembers it."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from chat.errors import ChatError
from chat.texts.table import Texts
from web.api.paths import is_for_programs
from web.cookies import cookie_value
from web.html import login_html
from web.localized import texts_in_scope
from web.protection.limits import client_of, refused
from web.rates import Rates

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_OWN_PATHS = ("/login", "/logout")
_COOKIE = "dateline-login"
_ATTRIBUTES = "Path=/; HttpOnly; SameSite=Strict"
_SECONDS = 30 * 24 * 3600
_SHORTEST_PASSWORD = 8  # characters
_ACCOUNT = re.compile(r"[^\s:]+:\S+")
_TRIES = 5  # of a client at once; then one in ten seconds
_TRIES_PER_SECOND = 0.1
_LONGEST_FORM = 4_000  # bytes


@dataclass(frozen=True, slots=True)
class Login:
    """The accounts that may see the page; without any, everybody may. A login lasts until the server is restarted."""

    accounts: frozenset[bytes] = field(default=frozenset(), repr=False)  # hashes of NAME:PASSWORD
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @classmethod
    def of(cls, accounts: str) -> "Login":
        """Accounts in the form NAME:PASSWORD, separated by blanks; raises ChatError for one that is not usable."""
        given = accounts.split()
        for one in given:
            if not _ACCOUNT.fullmatch(one) or len(one.partition(":")[2]) < _SHORTEST_PASSWORD:
                raise ChatError(
                    "an account for the page is not usable; write NAME:PASSWORD without blanks, the password "
                    f"with {_SHORTEST_PASSWORD} or more characters (several accounts: a blank between them)"
                )
        return cls(frozenset(map(_hash, given)))

    def accepts(self, name: str, password: str) -> bool:
        """Whether these are an account's name and password; takes as long for wrong ones."""
        given = _hash(f"{name}:{password}")
        return sum(hmac.compare_digest(given, one) for one in self.accounts) > 0

    def new_cookie(self, now: float) -> str:
        """The Set-Cookie header for a reader who has logged in."""
        until = str(int(now) + _SECONDS)
        return f"{_COOKIE}={until}.{self._seal(until)}; {_ATTRIBUTES}; Max-Age={_SECONDS}"

    def admits(self, cookies: str, now: float) -> bool:
        """Whether a Cookie header is of somebody who may see the page."""
        if not self.accounts:
            return True
        until, _, seal = cookie_value(cookies, _COOKIE).partition(".")
        is_ours = hmac.compare_digest(seal.encode("latin-1", "replace"), self._seal(until).encode())
        return is_ours and int(until) > now

    def _seal(self, until: str) -> str:
        return hmac.new(self.key, until.encode("latin-1", "replace"), hashlib.sha256).hexdigest()


class CheckedLogin:
    """ASGI middleware: shows the login instead of the page; programs have their token."""

    def __init__(self, app: "ASGIApp", login: Login) -> None:
        self._app = app
        self._login = login
        self._rates = Rates(_TRIES, _TRIES_PER_SECOND)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        path = scope["path"].rstrip("/") or "/" if scope["type"] == "http" else ""
        if not path or is_for_programs(path):
            return await self._app(scope, receive, send)
        if path in _OWN_PATHS:
            return await self._own(path, scope, receive, send)
        if self._login.admits(_headers(scope).get("cookie", ""), time.time()):
            return await self._app(scope, receive, send)
        return await _answer(texts_in_scope(scope), 401, "" if path == "/" else "login.first")(scope, receive, send)

    async def _own(self, path: str, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if not self._login.accounts:  # Gradio would answer here
            return await refused(404, "There is no login.")(scope, receive, send)
        if path == "/logout":
            return await _answer(texts_in_scope(scope), 303, "", f"{_COOKIE}=; {_ATTRIBUTES}; Max-Age=0")(
                scope, receive, send
            )
        if scope["method"] != "POST":
            return await _answer(texts_in_scope(scope), 200, "")(scope, receive, send)
        return await self._tried(scope, receive, send)

    async def _tried(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if not self._rates.allow(client_of(scope), time.monotonic()):
            return await _answer(texts_in_scope(scope), 429, "login.too_many")(scope, receive, send)
        form = await _form(receive)
        if not self._login.accepts(form.get("name", ""), form.get("password", "")):
            return await _answer(texts_in_scope(scope), 401, "login.wrong")(scope, receive, send)
        cookie = self._login.new_cookie(time.time())
        is_encrypted = scope.get("scheme") == "https"  # as a proxy on this machine says
        cookie = f"{cookie}; Secure" if is_encrypted else cookie
        return await _answer(texts_in_scope(scope), 303, "", cookie)(scope, receive, send)


def _answer(texts: Texts, status: int, reason: str, cookie: str = "") -> "ASGIApp":
    """The login with a reason, the key of a text, or with status 303 the way back to the page."""
    from starlette.responses import HTMLResponse

    headers = {"cache-control": "no-store"}
    headers |= {"location": "/"} if status == 303 else {}
    headers |= {"set-cookie": cookie} if cookie else {}
    return HTMLResponse(login_html(texts, texts(reason) if reason else ""), status, headers)


async def _form(receive: "Receive") -> dict[str, str]:
    """The fields of a small form; the first of several with one name."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")[: _LONGEST_FORM - min(_LONGEST_FORM, len(body))]
        if not message.get("more_body", False):
            break
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=None)
    return {name: values[0] for name, values in fields.items()}


def _headers(scope: "Scope") -> Mapping[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _hash(account: str) -> bytes:
    return hashlib.sha256(account.encode("utf-8", "surrogatepass")).digest()
