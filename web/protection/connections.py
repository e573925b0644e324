"""HTTP connections with limits: how long a request may take to arrive, and how large its headers may be."""

import asyncio
from typing import Any

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

_REQUEST_S = 10.0  # for all of a request, or for none to come
_LARGEST_HEAD_BYTES = 32 * 1024
_MOST_FILES = 65_536


class TimedConnection(H11Protocol):
    """Closes a connection on which a request has not arrived in time: a half-open one would stay for ever."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._wait()
        else:
            self._arrived()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(_REQUEST_S, self.transport.abort)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def allow_many_connections() -> None:
    """Raise this process's limit of open files, which 1,024 half-open connections would use up."""
    try:
        import resource
    except ImportError:  # on Windows there is no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def limited(app: Any, **options: Any) -> Config:
    """uvicorn's settings for an ASGI application behind these limits."""
    return Config(
        app,
        http=TimedConnection,
        ws="none",
        h11_max_incomplete_event_size=_LARGEST_HEAD_BYTES,
        log_level="warning",
        server_header=False,
        **options,
    )
