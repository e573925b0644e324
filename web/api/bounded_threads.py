"""Threads for work that blocks: few at a time, the rest waits in line, and too much is refused."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, closing
from threading import Event as StopSignal
from typing import Any, TypeVar

from web.api.errors import ApiError

Value = TypeVar("Value")
_END = object()


class BoundedThreads:
    """Runs calls and streams in the order in which they come.

    The threads stay until the end, as the archive keeps a connection for each.
    """

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = threads + waiting
        self._admitted: set[Future[None]] = set()

    @property
    def admitted(self) -> int:
        """How many calls and streams run or wait."""
        return len(self._admitted)

    async def call(self, work: Callable[[], Value]) -> Value:
        """What a blocking function returns; raises ApiError when too many wait."""
        values: AsyncGenerator[Value] = self.stream(lambda stop: _once(work))
        async with aclosing(values):
            return await anext(values)

    def stream(self, make: Callable[[StopSignal], Generator[Value]]) -> AsyncGenerator[Value]:
        """What a generator yields, which runs in a thread; closing the stream stops it.

        Waits in line from now on; raises ApiError at once when too many wait.
        """
        if len(self._admitted) >= self._most:
            raise ApiError(503, "too many requests are waiting; ask again in a few seconds", code="busy")
        arrived: asyncio.Queue[Any] = asyncio.Queue()
        stop = StopSignal()
        future = self._pool.submit(_produce, make, stop, asyncio.get_running_loop(), arrived)
        self._admitted.add(future)
        future.add_done_callback(self._admitted.discard)
        return _arriving(arrived, stop, future)

    def close(self) -> None:
        """Let what runs end, and start nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _once(work: Callable[[], Value]) -> Generator[Value]:
    yield work()


def _produce(
    make: Callable[[StopSignal], Generator[Any]],
    stop: StopSignal,
    loop: asyncio.AbstractEventLoop,
    arrived: asyncio.Queue[Any],
) -> None:
    """Runs in a thread; every item goes to the event loop."""

    def send(item: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server ends
            loop.call_soon_threadsafe(arrived.put_nowait, item)

    try:
        with closing(make(stop)) as items:
            for item in items:
                if stop.is_set():
                    return
                send(item)
        send(_END)
    except Exception as error:
        send(error)


async def _arriving(arrived: asyncio.Queue[Any], stop: StopSignal, future: Future[None]) -> AsyncGenerator[Any]:
    try:
        while (item := await arrived.get()) is not _END:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        stop.set()
        future.cancel()
