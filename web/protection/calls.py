"""Calls of the page's functions, checked before Gradio sees them: their form, their size, their text."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chat.texts.table import ENGLISH, Texts
from chat.understanding.typed_text import valid_text
from web.localized import texts_in_scope
from web.protection.gradio_queue import GradioQueue
from web.protection.limits import client_of, refused
from web.rates import Rates

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_JOIN = "/gradio_api/queue/join"
_SESSION = re.compile(r"[a-z0-9]{1,64}")
_DEEPEST = 8  # lists and dictionaries in each other
_QUESTIONS_WAITING = 32
_QUESTIONS_WAITING_OF_A_CLIENT = 12  # so that one address alone cannot fill the queue
_BUSY_RETRY_S = 10
_UNREAD_CALLS = 100  # of a session; Gradio keeps some 60 kB for each, and a page reads while it calls


class CheckedCalls:
    """ASGI middleware: refuses calls that the page would not make, and those beyond what may wait or be unread."""

    def __init__(self, app: "ASGIApp", page: "gr.Blocks", queue: GradioQueue) -> None:
        self._app = app
        self._rates = Rates()
        self._inputs = {number: len(function.inputs) for number, function in page.fns.items()}
        self._queue = queue

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].rstrip("/") != _JOIN:
            return await self._app(scope, receive, send)
        client, now = client_of(scope), time.monotonic()
        if not self._rates.allow(client, now):
            return await refused(429, texts_in_scope(scope)("limits.calls"), 1)(scope, receive, send)
        call = checked_call(await _body(receive), self._inputs)
        if call is None:
            return await refused(400, texts_in_scope(scope)("limits.no_call"))(scope, receive, send)
        if self._queue.unread(call["session_hash"]) >= _UNREAD_CALLS:
            return await refused(429, texts_in_scope(scope)("limits.unread"), 1)(scope, receive, send)
        is_question = self._queue.is_question(call["fn_index"])
        if is_question and (busy := busy_reason(self._queue.waiting(), client, texts_in_scope(scope))):
            # The page's script shows a reason of its own for status 503.
            return await refused(429, busy, _BUSY_RETRY_S)(scope, receive, send)
        self._queue.joined(call["session_hash"], now)
        body = json.dumps(call).encode()
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        scope = {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
        return await self._app(scope, _replayed(body, receive), send)


def busy_reason(waiting: Sequence[str], client: str, texts: Texts = ENGLISH) -> str:
    """Why a question of this client has to wait outside the queue, in which there are those of these clients."""
    if len(waiting) >= _QUESTIONS_WAITING:
        return texts("limits.busy", len(waiting))
    if (own := waiting.count(client)) >= _QUESTIONS_WAITING_OF_A_CLIENT:
        return texts("limits.busy_with_yours", own)
    return ""


def checked_call(body: bytes, inputs: Mapping[int, int]) -> dict[str, Any] | None:
    """The call with valid text, or None when it is none; `inputs` is how many values each function takes."""
    try:
        call = _valid(json.loads(body), _DEEPEST)
    except (ValueError, RecursionError):
        return None
    if not isinstance(call, dict):
        return None
    number, values, session = call.get("fn_index"), call.get("data"), call.get("session_hash")
    if type(number) is not int or not isinstance(values, list) or inputs.get(number) != len(values):
        return None
    if not isinstance(session, str) or not _SESSION.fullmatch(session):
        return None
    return {"fn_index": number, "data": values, "session_hash": session, "trigger_id": _whole(call.get("trigger_id"))}


def _whole(value: object) -> int | None:
    return value if type(value) is int else None


def _valid(value: Any, depth: int) -> Any:
    """The value with valid text throughout; raises ValueError when it is nested too deep."""
    if not depth:
        raise ValueError("nested too deep")
    match value:
        case str():
            return valid_text(value)
        case list():
            return [_valid(one, depth - 1) for one in value]
        case dict():
            return {valid_text(name): _valid(one, depth - 1) for name, one in value.items()}
        case _:
            return value


async def _body(receive: "Receive") -> bytes:
    """All of a request's body, whose size was checked before."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: "Receive") -> "Receive":
    """Gives the body first, then what else there is to receive."""
    waiting = [body]

    async def replay() -> "Message":
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
