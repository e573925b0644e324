"""The page in the reader's language: Gradio builds it once, with marks that are replaced in each response."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from chat.texts.table import ENGLISH, LANGUAGES, Texts, texts_in
from web.cookies import language_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MARKED_PATHS = ("/", "/config")
_MARK = re.compile(rb"\{text:([a-z_]+\.[a-z_]+)\}")
_LANGUAGE = b'lang="en"'
_QUALITY = re.compile(r"\s*([a-zA-Z]+)[^;]*(?:;\s*q=([0-9.]+))?")


class Marks(Texts):
    """In place of texts, marks that `Localized` replaces; for what is the same to all readers until then."""

    def __call__(self, key: str, count: int | None = None, **values: object) -> str:
        """The mark of a text without placeholders."""
        assert key in self.table
        return f"{{text:{key}}}"


text = Marks(ENGLISH.language, ENGLISH.table)


def texts_of(cookies: str, accepted: str) -> Texts:
    """The texts for a reader, by the headers Cookie (what they chose in the page) and Accept-Language."""
    chosen = language_of(cookies)
    return texts_in(next(one for one in (chosen, *_preferred(accepted), *LANGUAGES) if one in LANGUAGES))


def texts_in_scope(scope: "Scope") -> Texts:
    """The texts for the reader who sends a request."""
    return texts_of(_header(scope, b"cookie"), _header(scope, b"accept-language"))


def _header(scope: "Scope", name: bytes) -> str:
    return b"; ".join(value for key, value in scope["headers"] if key == name).decode("latin-1")


def _preferred(accepted: str) -> Sequence[str]:
    """The languages of an Accept-Language header, the preferred first; without their regions."""
    found = [_QUALITY.match(part) for part in accepted[:1000].split(",")]
    named = [(one[1].lower(), float(one[2] or 1)) for one in found if one and (one[2] or "1").count(".") < 2]
    return [name for name, _ in sorted(named, key=lambda one: -one[1])]


class Localized:
    """ASGI middleware: replaces the marks in the page, and names its language."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in _MARKED_PATHS:
            return await self._app(scope, receive, send)
        texts = texts_in_scope(scope)
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        return await self._app({**scope, "headers": plain}, receive, _Replacing(send, texts).send)


class _Replacing:
    """Holds a response until it is whole."""

    def __init__(self, send: "Send", texts: Texts) -> None:
        self._send = send
        self._texts = texts
        self._start: Message = {}
        self._body = bytearray()

    async def send(self, message: "Message") -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = localized(bytes(self._body), self._texts)
        kept = [(name, value) for name, value in self._start["headers"] if name.lower() != b"content-length"]
        headers = [*kept, (b"content-length", str(len(body)).encode()), (b"vary", b"Cookie, Accept-Language")]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def localized(body: bytes, texts: Texts) -> bytes:
    """A page with its texts in place of the marks, which stand in JSON; an unknown mark stays as it is."""
    written = _written(texts.language)
    body = body.replace(_LANGUAGE, f'lang="{texts.language}"'.encode(), 1)
    return _MARK.sub(lambda found: written.get(found[1], found[0]), body)


@lru_cache
def _written(language: str) -> dict[bytes, bytes]:
    """The texts as they stand within strings of JSON."""
    table = texts_in(language).table
    return {key.encode(): json.dumps(one)[1:-1].encode() for key, one in table.items() if isinstance(one, str)}
