"""Blocking work in bounded threads: in order, stopped when nobody waits for it, refused when it is too much."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import aclosing

import pytest

from tests.coroutines import run_coroutine
from web.api.bounded_threads import BoundedThreads
from web.api.errors import ApiError


def test_a_stream_yields_everything_in_order() -> None:
    async def collected() -> list[int]:
        return [item async for item in BoundedThreads("test", 1, 1).stream(lambda stop: numbers(100))]

    assert run_coroutine(collected()) == list(range(100))


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def failing(stop: threading.Event) -> Generator[int]:
        yield 1
        raise LookupError("nothing more")

    async def run() -> None:
        items = BoundedThreads("test", 1, 1).stream(failing)
        assert await anext(items) == 1
        with pytest.raises(LookupError, match="nothing more"):
            await anext(items)

    run_coroutine(run())


def test_closing_a_stream_stops_and_closes_the_generator() -> None:
    closed = threading.Event()

    def endless(stop: threading.Event) -> Generator[int]:
        try:
            yield 0
            stop.wait()
            yield 1
        finally:
            closed.set()

    async def first() -> int:
        async with aclosing(BoundedThreads("test", 1, 1).stream(endless)) as items:
            return await anext(items)

    assert run_coroutine(first()) == 0
    assert closed.wait(timeout=5)


def test_work_beyond_the_bound_is_refused_and_admitted_again_later() -> None:
    release = threading.Event()

    async def run() -> None:
        threads = BoundedThreads("test", 1, 1)
        calls = [asyncio.create_task(threads.call(release.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(ApiError, match="too many requests are waiting"):
            await threads.call(release.wait)
        assert threads.admitted == 2
        release.set()
        await asyncio.gather(*calls)
        assert await threads.call(release.is_set)

    run_coroutine(run())


def test_what_is_cancelled_in_line_never_runs() -> None:
    release, ran = threading.Event(), threading.Event()

    async def run() -> None:
        threads = BoundedThreads("test", 1, 5)
        first = asyncio.create_task(threads.call(release.wait))
        second = asyncio.create_task(threads.call(ran.set))
        await asyncio.sleep(0.01)
        second.cancel()
        await asyncio.wait([second])
        release.set()
        await first
        await threads.call(lambda: None)

    run_coroutine(run())
    assert not ran.is_set()


def numbers(count: int) -> Generator[int]:
    """Counts."""
    yield from range(count)
