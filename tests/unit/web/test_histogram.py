"""The bars of a histogram of days."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from web.tabs.histogram import bars

_DAYS = st.dictionaries(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(1, 50), max_size=40)


@given(_DAYS)
def test_the_bars_stand_side_by_side_and_count_everything(days: dict[date, int]) -> None:
    found = bars(days)
    assert sum(bar.count for bar in found) == sum(days.values())
    assert all(one.last.toordinal() + 1 == after.first.toordinal() for one, after in pairwise(found))
    assert len(found) <= 202
    for bar in found:
        assert bar.count == sum(count for day, count in days.items() if bar.first <= day <= bar.last)
        assert 0 <= bar.height <= 100


def test_a_few_days_have_a_bar_each_and_years_have_months() -> None:
    assert [bar.count for bar in bars({date(2023, 3, 1): 2, date(2023, 3, 3): 1})] == [2, 0, 1]
    found = bars({date(2020, 2, 10): 1, date(2023, 3, 3): 1})
    assert (found[0].first, found[0].last) == (date(2020, 2, 1), date(2020, 2, 29))
    assert (found[-1].first, found[-1].last) == (date(2023, 3, 1), date(2023, 3, 31))


def test_bars_within_the_chosen_days_are_marked() -> None:
    days = {date(2023, 3, day): 1 for day in range(1, 6)}
    chosen = [bar.is_chosen for bar in bars(days, date(2023, 3, 2), date(2023, 3, 4))]
    assert chosen == [False, True, True, True, False]
    assert all(bar.is_chosen for bar in bars(days))


def test_no_days_have_no_bars() -> None:
    assert bars({}) == ()
