"""The server from its start: it says that the page is getting ready until it is, and then hands all requests on."""

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from web.api.errors import error_data
from web.api.paths import is_for_programs
from web.html import page_html
from web.localized import texts_in_scope
from web.security import AllowedHosts, Wall

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = {"cache-control": "no-store", "retry-after": "1"}
_PATIENCE_S = 5.0
_SWITCHED_S = 0.0005  # between threads; Python's own 5 ms add up over the steps of a request


class GettingReady:
    """ASGI application that opens another one in a thread and is that one as soon as it is open.

    Where it cannot be opened, `error` says why, and the server ends.
    """

    def __init__(
        self,
        open_app: "Callable[[], FastAPI]",
        hosts: AllowedHosts,
        *,
        ready: Callable[[], None],
        end: Callable[[], None],
    ) -> None:
        """`ready` is called once the other application answers, `end` is to end the server after an error."""
        self.error: BaseException | None = None
        self.opening = threading.Thread(target=self._open, args=(open_app,), name="opening the page", daemon=True)
        self._waiting = Wall(_say_that_it_gets_ready, hosts)
        self._app: ASGIApp | None = None
        self._ready = ready
        self._end = end

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await (self._app or self._waiting)(scope, receive, send)

    def leave(self) -> None:
        """Wait a little for what is being opened; a library that is loading then aborts the process at its end."""
        self.opening.join(_PATIENCE_S)
        if self.opening.is_alive():
            sys.stdout.flush()
            os._exit(0)

    async def _live(self, receive: "Receive", send: "Send") -> None:
        """Begin to open as soon as requests are answered; leave the other application when the server ends."""
        self._loop, self._opened = asyncio.get_running_loop(), asyncio.Event()
        ending = asyncio.Event()
        await receive()
        self.opening.start()
        serving = asyncio.create_task(self._hand_over(ending))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        ending.set()
        if self._app:
            await serving
        else:
            serving.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    def _open(self, open_app: "Callable[[], FastAPI]") -> None:
        try:
            with _behind_requests():
                self._made = open_app()
        except BaseException as error:  # also what would end a process: it does so from the main thread
            self.error = error
        try:
            self._loop.call_soon_threadsafe(self._opened.set)
        except RuntimeError:  # the server has ended meanwhile
            return

    async def _hand_over(self, ending: asyncio.Event) -> None:
        await self._opened.wait()
        try:
            if self.error is None:
                async with self._made.router.lifespan_context(self._made):
                    self._app = self._made
                    self._ready()
                    await ending.wait()
        except Exception as error:
            self.error = error
        if self.error:
            self._end()


@contextmanager
def _behind_requests() -> Iterator[None]:
    """What is done here lets requests pass, and is not slowed by a search for garbage after each part of a library."""
    switched_s = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCHED_S)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
        sys.setswitchinterval(switched_s)


async def _say_that_it_gets_ready(scope: "Scope", receive: "Receive", send: "Send") -> None:
    path = scope["path"].rstrip("/") or "/"
    texts = texts_in_scope(scope)
    response: Response
    if path == "/healthz":
        response = JSONResponse({"status": "ok"})
    elif path == "/":
        response = HTMLResponse(page_html("starting", texts), 503, _HEADERS)
    elif is_for_programs(path):
        fault = error_data(503, "the server is getting ready; try again in a moment", code="getting_ready")
        response = JSONResponse(fault, 503, _HEADERS)
    else:
        response = PlainTextResponse(texts("starting.title"), 503, _HEADERS)
    await response(scope, receive, send)
