"""Calls per client: a burst, then a steady rate, and no client pays for another."""

from web.rates import Rates


def test_a_client_may_call_in_a_burst_and_then_at_a_steady_rate() -> None:
    rates = Rates(burst=3, per_second=2)
    assert [rates.allow("one", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert [rates.allow("one", 0.5) for _ in range(2)] == [True, False]
    assert [rates.allow("one", 100.0) for _ in range(5)] == [True, True, True, False, False]


def test_a_client_that_floods_does_not_slow_another() -> None:
    rates = Rates(burst=3, per_second=2)
    assert [rates.allow("flood", 0.0) for _ in range(1_000)].count(True) == 3
    assert rates.allow("reader", 0.0)
