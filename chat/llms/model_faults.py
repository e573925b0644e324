"""Turn an exception from any language model client into one error that the reader understands."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from chat.errors import LanguageModelError


class AbsurdReplyError(Exception):
    """A reply that no model should give; the message says what happened and the fix."""


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
        return _fault(model, str(error))
    status = next((code for link in _chain(error) if isinstance(code := getattr(link, "status_code", None), int)), 0)
    if status >= 400:
        return _status_fault(error, model, status)
    return _connection_fault(error, model)


def _status_fault(error: Exception, model: str, status: int) -> Fault:
    if status in (401, 403):
        return _fault(model, f"refused the API key (HTTP {status}); check it")
    if status == 404:
        return _fault(model, "is not known at its address (HTTP 404); check its name and address")
    if status == 429:
        return _fault(model, "is over its rate limit (HTTP 429); wait or choose another", True, _retry_after(error))
    if status in (408, 409) or status >= 500:
        return _fault(model, f"failed (HTTP {status}); try again later", True, _retry_after(error))
    return Fault(LanguageModelError(f"{model} refused the request (HTTP {status}): {_first_line(error)}"))


def _connection_fault(error: Exception, model: str) -> Fault:
    chain = list(_chain(error))
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return _fault(model, "cannot be reached over TLS; check its address and its certificate")
    if any(isinstance(link, socket.gaierror) for link in chain):
        return _fault(model, "has an unknown host name; check its address", True)
    if any(isinstance(link, ConnectionRefusedError) for link in chain):
        return _fault(model, "is not running at its address; start its server", True)
    if names & {"TimeoutError", "TimeoutException"}:
        return _fault(model, "did not answer in time; try again or choose a faster one")
    if names & {"ConnectionResetError", "RemoteProtocolError", "ReadError", "WriteError", "CloseError"}:
        return _fault(model, "closed the connection; try again", True)
    if names & {"ConnectError", "APIConnectionError", "ConnectionError"}:
        return _fault(model, "cannot be reached; check its address and the network", True)
    detail = "not JSON" if any(isinstance(link, json.JSONDecodeError) for link in chain) else _first_line(error)
    return _fault(model, f"sent an unreadable reply ({detail}); check that its address is that of a model")


def _fault(model: str, what: str, retryable: bool = False, retry_after_s: float | None = None) -> Fault:
    return Fault(LanguageModelError(f"{model} {what}"), retryable, retry_after_s)


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
