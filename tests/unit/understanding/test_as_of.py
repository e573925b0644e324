"""An as-of moment that was typed is understood, or refused with a word; never ignored."""

from datetime import UTC, datetime

import pytest

from chat.errors import QuestionError
from chat.understanding.as_of import as_of_moment

NOW = datetime(2024, 1, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "last_day"),
    [
        ("2023-03-17", "2023-03-17"),
        ("15 March 2023", "2023-03-15"),
        ("as of March 15, 2023", "2023-03-15"),
        ("on 15 March 2023", "2023-03-15"),
        (" March 2023 ", "2023-03-31"),
        ("2022", "2022-12-31"),
        ("last spring", "2023-05-31"),
        ("yesterday", "2024-01-09"),
        ("summer of 2022", "2022-08-31"),
    ],
)
def test_a_time_means_its_last_moment(typed: str, last_day: str) -> None:
    moment = as_of_moment(typed, NOW)
    assert moment is not None
    assert moment.isoformat() == f"{last_day}T23:59:59.999999+00:00"


@pytest.mark.parametrize("typed", ["", "  ", "\u202e"])
def test_nothing_typed_means_now(typed: str) -> None:
    assert as_of_moment(typed, NOW) is None


def test_today_ends_now() -> None:
    moment = as_of_moment("10 January 2024", NOW)
    assert moment is not None
    assert moment <= NOW


@pytest.mark.parametrize("typed", ["soon", "blue moon", "32 March 2023", "in 2025", "tomorrow", "x" * 10_000])
def test_what_names_no_day_up_to_today_is_refused(typed: str) -> None:
    with pytest.raises(QuestionError, match="write it like 15 March 2023"):
        as_of_moment(typed, NOW)
