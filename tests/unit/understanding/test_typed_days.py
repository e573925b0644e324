"""Days as a reader types them beside a search."""

from datetime import UTC, date, datetime

import pytest

from chat.errors import QuestionError
from chat.understanding.typed_days import typed_days

NOW = datetime(2024, 1, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2023-03-15", date(2023, 3, 15), date(2023, 3, 15)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        (" March 2023 ", date(2023, 3, 1), date(2023, 3, 31)),
        ("15 March 2023", date(2023, 3, 15), date(2023, 3, 15)),
        ("2023年3月15日", date(2023, 3, 15), date(2023, 3, 15)),
        ("2023년 3월", date(2023, 3, 1), date(2023, 3, 31)),
        ("2022年", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_a_day_a_month_and_a_year_are_stretches_of_days(typed: str, first: date, last: date) -> None:
    assert typed_days(typed, NOW) == (first, last)


@pytest.mark.parametrize("typed", ["", "  ", "\x00"])
def test_nothing_typed_is_no_limit(typed: str) -> None:
    assert typed_days(typed, NOW) is None


@pytest.mark.parametrize("typed", ["ferry", "2023-13", "2023-02-30", "x" * 500])
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(QuestionError, match="write it like 2023-03-15"):
        typed_days(typed, NOW)
