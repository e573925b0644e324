"""HTTP connections to remote language models, closed as soon as a reply is no longer read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

# OpenAI's client leaves the connection of an unfinished reply to the garbage collector.
_open_responses: ContextVar[list[httpx.Response]] = ContextVar("open_responses")


def http_client() -> httpx.Client:
    """A client whose responses `responses_closed_at_the_end` closes."""
    import httpx

    def remember(response: httpx.Response) -> None:
        if (responses := _open_responses.get(None)) is not None:
            responses.append(response)

    return httpx.Client(event_hooks={"response": [remember]}, limits=without_reuse())


def without_reuse() -> httpx.Limits:
    """One request a connection: minutes pass between questions, and a kept connection may be dead by then."""
    import httpx

    return httpx.Limits(max_keepalive_connections=0)


@contextmanager
def responses_closed_at_the_end() -> Iterator[None]:
    """Close, when the block ends, the responses that this thread received within it."""
    responses: list[httpx.Response] = []
    token = _open_responses.set(responses)
    try:
        yield
    finally:
        _open_responses.reset(token)
        for response in responses:
            response.close()
