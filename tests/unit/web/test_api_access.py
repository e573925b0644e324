"""Who may use the API, and what programs may send."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import ChatError
from web.api.access import Access
from web.api.requests import as_of_moment
from web.security import is_loopback

TOKEN = "a-token-of-some-length"


@pytest.mark.parametrize("token", ["short", "with a space in it", "with-an-ü-in-its-middle", "line\nend-in-the-middle"])
def test_a_token_that_is_easily_guessed_or_cannot_be_sent_is_refused(token: str) -> None:
    with pytest.raises(ChatError, match="token_urlsafe"):
        Access(token)


@given(st.text(max_size=40))
def test_nothing_but_the_token_opens(sent: str) -> None:
    refusal = Access(TOKEN).refusal("/api/ask", {"authorization": f"Bearer {sent}"})
    assert (refusal is None) == (sent == TOKEN)


def test_health_is_open_and_the_rest_needs_a_token_beyond_this_machine() -> None:
    beyond = Access(is_local=False)
    assert beyond.refusal("/healthz", {}) is None
    assert beyond.refusal("/metrics", {}) is not None
    assert Access().refusal("/metrics", {}) is None


def test_a_page_of_another_site_reaches_nothing_even_without_a_token() -> None:
    assert Access().refusal("/api/search", {"sec-fetch-site": "cross-site"}) is not None
    assert Access().refusal("/api/search", {"sec-fetch-site": "same-origin"}) is None


def test_only_loopback_is_this_machine() -> None:
    assert [is_loopback(one) for one in ("127.0.0.1", "127.8.0.1", "::1", "localhost")] == [True] * 4
    assert [is_loopback(one) for one in ("0.0.0.0", "::", "192.168.0.2", "example.org")] == [False] * 4


def test_a_day_stands_for_its_last_moment_and_a_moment_without_an_offset_is_utc() -> None:
    assert as_of_moment("2023-03-16") == datetime(2023, 3, 16, 23, 59, 59, 999999, UTC)
    assert as_of_moment("2023-03-16T12:00") == datetime(2023, 3, 16, 12, tzinfo=UTC)
    assert as_of_moment("2023-03-16T12:00:00+02:00") == datetime(2023, 3, 16, 10, tzinfo=UTC)


@given(st.one_of(st.text(max_size=30), st.integers(), st.none(), st.datetimes().map(str)))
def test_what_is_no_moment_is_a_value_error_and_the_rest_is_utc(value: object) -> None:
    with contextlib.suppress(ValueError):
        assert as_of_moment(value).tzinfo is UTC
