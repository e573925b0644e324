"""A program that asks faster than anybody can be answered is slowed down; others and the page are not."""

from collections.abc import Iterator
from itertools import count

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.coroutines import run_coroutine
from web.api.rates import BURST, PER_SECOND, BoundedRates


class Present:
    """A clock that a test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def answered(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def status(rates: BoundedRates, path: str = "/api/ask", client: str = "10.0.0.1") -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "client": (client, 1)}
    run_coroutine(rates(scope, receive, send))
    return int(sent[0]["status"])


@pytest.fixture
def present() -> Present:
    return Present()


@pytest.fixture
def rates(present: Present) -> BoundedRates:
    return BoundedRates(answered, present)


def flooding(rates: BoundedRates) -> Iterator[int]:
    """How many requests were answered before each refusal."""
    for number in count():
        if status(rates) == 429:
            yield number


def test_a_flood_is_refused_after_a_burst_and_answered_again_as_time_goes_by(
    rates: BoundedRates, present: Present
) -> None:
    assert next(flooding(rates)) == BURST
    present.seconds += 1
    assert next(flooding(rates)) == PER_SECOND


def test_a_flood_costs_other_clients_the_page_and_the_health_checks_nothing(rates: BoundedRates) -> None:
    next(flooding(rates))
    assert status(rates, client="10.0.0.2") == 200
    assert [status(rates, path) for path in ("/", "/healthz", "/readyz")] == [200, 200, 200]
    assert status(rates, "/v1/chat/completions") == 429
