"""Clients that go away while their answer is made."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from web.api.errors import ApiError

if TYPE_CHECKING:
    from starlette.requests import Request

Value = TypeVar("Value")

_GONE = 499  # nobody reads this response; the metrics count it


async def while_connected(request: "Request", work: Coroutine[Any, Any, Value]) -> Value:
    """What the work returns; it is cancelled when the client closes the connection."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_departure(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ApiError(_GONE, "the client closed the connection", code="client_closed_request")
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.wait({working, leaving})


async def _departure(request: "Request") -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
