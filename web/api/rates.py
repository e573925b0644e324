"""How many requests one client may make to the API, whatever its token."""

import time
from typing import TYPE_CHECKING

from web.api.errors import error_data
from web.api.paths import OPEN_TO_ALL, is_for_programs
from web.rates import Rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

BURST = 300
PER_SECOND = 20.0  # more than the threads answer when quoting, so that only a flood is refused


class BoundedRates:
    """ASGI middleware: refuses a client with 429 that asks faster than anybody can be answered.

    A client is an address; one behind the same proxy as others shares its rate with them.
    """

    def __init__(self, app: "ASGIApp", clock: "Callable[[], float]" = time.monotonic) -> None:
        self._app = app
        self._clock = clock
        self._rates = Rates(BURST, PER_SECOND)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or not self._is_counted(scope["path"].rstrip("/")) or self._is_allowed(scope):
            return await self._app(scope, receive, send)
        from starlette.responses import JSONResponse

        error = error_data(429, "too many requests from this client; ask again in a few seconds", code="rate_limited")
        return await JSONResponse(error, 429, {"retry-after": "5"})(scope, receive, send)

    def _is_counted(self, path: str) -> bool:
        return is_for_programs(path) and path not in OPEN_TO_ALL

    def _is_allowed(self, scope: "Scope") -> bool:
        client = scope.get("client")
        return self._rates.allow(client[0] if client else "", self._clock())
