"""Turn an exception from any language model client into one error that the reader understands."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from chat.errors import LanguageModelError
from chat.texts.notices import Notice, NoticeKind, because


class AbsurdReplyError(Exception):
    """A reply that no model should give; the notice about it lacks the model's name."""

    def __init__(self, kind: NoticeKind, count: int | None = None) -> None:
        self.kind = kind
        self.count = count
        super().__init__(kind)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a model did not answer, and whether a retry may help."""

    error: LanguageModelError
    retryable: bool = False
    retry_after_s: float | None = None  # requested by the server


def fault_of(error: Exception, model: str) -> Fault:
    """Map a client's exception; the message names the model and the fix."""
    if isinstance(error, LanguageModelError):
        return Fault(error)
    if isinstance(error, AbsurdReplyError):
        return Fault(LanguageModelError(Notice(error.kind, model, error.count)))
    status = next((code for link in _chain(error) if isinstance(code := getattr(link, "status_code", None), int)), 0)
    if status >= 400:
        return _status_fault(error, model, status)
    return _connection_fault(error, model)


def _status_fault(error: Exception, model: str, status: int) -> Fault:
    if status in (401, 403):
        return _fault(model, NoticeKind.KEY_REFUSED, status)
    if status == 404:
        return _fault(model, NoticeKind.MODEL_UNKNOWN)
    if status == 429:
        return _later(model, NoticeKind.OVER_ITS_RATE, None, _retry_after(error))
    if status in (408, 409) or status >= 500:
        return _later(model, NoticeKind.MODEL_FAILED, status, _retry_after(error))
    return _fault(model, NoticeKind.REQUEST_REFUSED, status, _first_line(error))


def _connection_fault(error: Exception, model: str) -> Fault:
    chain = list(_chain(error))
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return _fault(model, NoticeKind.NO_TLS)
    if any(isinstance(link, socket.gaierror) for link in chain):
        return _later(model, NoticeKind.NO_HOST)
    if any(isinstance(link, ConnectionRefusedError) for link in chain):
        return _later(model, NoticeKind.NOT_RUNNING)
    if names & {"TimeoutError", "TimeoutException"}:
        return _fault(model, NoticeKind.TOO_SLOW)
    if names & {"ConnectionResetError", "RemoteProtocolError", "ReadError", "WriteError", "CloseError"}:
        return _later(model, NoticeKind.CLOSED)
    if names & {"ConnectError", "APIConnectionError", "ConnectionError"}:
        return _later(model, NoticeKind.NOT_REACHED)
    detail = "not JSON" if any(isinstance(link, json.JSONDecodeError) for link in chain) else _first_line(error)
    return _fault(model, NoticeKind.UNREADABLE, None, detail)


def _fault(model: str, kind: NoticeKind, status: int | None = None, reason: str = "") -> Fault:
    why = Notice(NoticeKind.PLAIN, reason) if reason else None
    return Fault(LanguageModelError(Notice(kind, model, status, reason=why)))


def _later(model: str, kind: NoticeKind, status: int | None = None, retry_after_s: float | None = None) -> Fault:
    """A fault after which a retry may help."""
    return Fault(LanguageModelError(Notice(kind, model, status)), True, retry_after_s)


def broken(model: str, error: Exception) -> Notice:
    """That a model in this process failed, with the engine's own message."""
    return because(NoticeKind.MODEL_BROKE, model, error)


def needs_package(model: str, extra: str) -> Notice:
    """That a package is missing, with how to install it: it belongs to an extra of this project."""
    return because(NoticeKind.NO_PACKAGE, model, f"pip install -e '.[{extra}]'")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all its causes and contexts."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [cause for cause in (link.__cause__, link.__context__) if cause is not None]


def _retry_after(error: Exception) -> float | None:
    """Seconds from the Retry-After header; a date there is ignored."""
    for link in _chain(error):
        headers = getattr(getattr(link, "response", None), "headers", None) or {}
        with suppress(ValueError):
            return max(0.0, float(headers.get("retry-after", "")))
    return None


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
