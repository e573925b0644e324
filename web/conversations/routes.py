"""Files of a conversation for the browser that it belongs to, and the read-only page that its owner shares."""

import time
from typing import TYPE_CHECKING

from chat.errors import ChatError
from chat.publishing.receipts import Fingerprints
from chat.texts.table import Texts
from web.conversations.exporting import FORMATS, as_html, receipt_bytes, receipts_zip
from web.conversations.open_conversations import OpenConversations, owner_of
from web.cookies import token_of
from web.localized import texts_in_scope
from web.rates import Rates

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

_PRIVATE = {"Cache-Control": "no-store"}
_FILES, _FILES_PER_SECOND = 20, 1.0  # a client may have at once, and from then on


def add_conversations(app: "FastAPI", conversations: OpenConversations, archive: Fingerprints) -> None:
    """Add the routes to an application, before a page is mounted at its root."""
    from starlette.routing import Route

    files = ConversationFiles(conversations, archive)
    app.router.routes.append(Route("/conversations/{id}/{name}", files.own, methods=["GET"]))
    app.router.routes.append(Route("/shared/{name}", files.shared, methods=["GET"]))


class ConversationFiles:
    """The handlers of the routes; each client may only have so many files in a while."""

    def __init__(self, conversations: OpenConversations, archive: Fingerprints) -> None:
        self._conversations = conversations
        self._archive = archive
        self._rates = Rates(_FILES, _FILES_PER_SECOND)

    def own(self, request: "Request") -> "Response":
        """A file of a conversation of this browser; anybody else's is not found."""
        from starlette.responses import PlainTextResponse, Response

        id, name = request.path_params["id"], request.path_params["name"]
        token = token_of(request.headers.get("cookie", ""))
        if not token or self._conversations.store.owner(id) != owner_of(token):
            return PlainTextResponse(_texts(request)("limits.not_found"), 404, _PRIVATE)
        if not self._allow(request):
            return PlainTextResponse(_texts(request)("limits.files"), 429, _PRIVATE)
        try:
            made = self._file(id, name, _texts(request))
        except ChatError as error:
            return PlainTextResponse(error.notice.text(_texts(request)), 503, _PRIVATE)
        if made is None:
            return PlainTextResponse(_texts(request)("limits.not_found"), 404, _PRIVATE)
        content, media_type = made
        return Response(content, media_type=media_type, headers=_PRIVATE | _as_file(name))

    def shared(self, request: "Request") -> "Response":
        """A shared conversation, to be read by whoever has its link."""
        from starlette.responses import HTMLResponse, PlainTextResponse

        store = self._conversations.store
        id = store.shared(request.path_params["name"])
        listed = store.one(id) if id else None
        if listed is None:
            return PlainTextResponse(_texts(request)("limits.not_shared"), 404, _PRIVATE)
        if not self._allow(request):
            return PlainTextResponse(_texts(request)("limits.requests"), 429, _PRIVATE)
        page = as_html(listed.title, listed.started_at, self._conversations.read(listed.id), _texts(request))
        return HTMLResponse(page, headers=_PRIVATE | {"X-Robots-Tag": "noindex"})

    def _allow(self, request: "Request") -> bool:
        return self._rates.allow(request.client.host if request.client else "", time.monotonic())

    def _file(self, id: str, name: str, texts: Texts) -> tuple[bytes, str] | None:
        """The content of a file by its name, with its media type."""
        listed, conversation = self._conversations.store.one(id), self._conversations.read(id)
        stem, _, ending = name.partition(".")
        if listed is None:
            return None
        if stem == "conversation" and ending in FORMATS:
            make, media_type = FORMATS[ending]
            return make(listed.title, listed.started_at, conversation, texts), media_type
        if name == "receipts.zip":
            return receipts_zip(conversation, self._archive), "application/zip"
        number = stem.removeprefix("receipt-")
        if ending != "json" or not (number.isascii() and number.isdecimal() and len(number) < 7):
            return None
        exchange = conversation.exchange(int(number))
        content = receipt_bytes(exchange, self._archive) if exchange else None
        return (content, "application/json") if content else None


def _texts(request: "Request") -> Texts:
    return texts_in_scope(request.scope)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
