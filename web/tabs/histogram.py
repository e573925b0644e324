"""A histogram of days: bars of days, weeks, months or years, so many that they can be told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_MOST_BARS = 96


@dataclass(frozen=True, slots=True)
class Bar:
    """Some days in a row and what was counted on them."""

    first: date
    last: date
    count: int
    height: float  # as a percentage of the highest bar
    is_chosen: bool  # within the range that a reader has chosen


def bars(days: Mapping[date, int], first: date | None = None, last: date | None = None) -> tuple[Bar, ...]:
    """The bars from the first day to the last one, empty ones too; those within `first` and `last` are chosen."""
    if not days:
        return ()
    ends = _ends(min(days), max(days))
    counts = [0] * len(ends)
    at = 0
    for day in sorted(days):
        while day > ends[at][1]:
            at += 1
        counts[at] += days[day]
    highest = max(counts)
    return tuple(
        Bar(start, end, count, 100 * count / highest, (first or start) <= end and start <= (last or end))
        for (start, end), count in zip(ends, counts, strict=True)
    )


def _ends(first: date, last: date) -> list[tuple[date, date]]:
    """The first and the last day of each bar."""
    span = (last - first).days + 1
    if span <= _MOST_BARS:
        return _runs_of_days(first, last, 1)
    if span <= 7 * _MOST_BARS:
        return _runs_of_days(first - timedelta(days=first.weekday()), last, 7)
    months = 1 if span <= 30 * _MOST_BARS else 12
    return _runs_of_months(first.replace(day=1, month=first.month if months == 1 else 1), last, months)


def _runs_of_days(first: date, last: date, days: int) -> list[tuple[date, date]]:
    runs = range(first.toordinal(), last.toordinal() + 1, days)
    return [(date.fromordinal(start), date.fromordinal(min(start + days - 1, date.max.toordinal()))) for start in runs]


def _runs_of_months(first: date, last: date, months: int) -> list[tuple[date, date]]:
    runs = []
    while first <= last:
        following = first.toordinal() + 31 * months
        after = date.fromordinal(following).replace(day=1) if months == 1 else date(first.year + 1, 1, 1)
        runs.append((first, after - timedelta(days=1)))
        first = after
    return runs
