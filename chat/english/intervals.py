"""Stretches of time: what two of them share, and how one is described."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

_HISTORY = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Interval:
    """Moments from `start` up to, not including, `end`; either may be open."""

    start: datetime | None
    end: datetime | None


def overlap(one: Interval, other: Interval) -> bool:
    """Whether two intervals share a moment."""
    begins = one.start is None or other.end is None or one.start < other.end or one == other
    return begins and (other.start is None or one.end is None or other.start < one.end or one == other)


def is_before(one: Interval | None, moment: datetime) -> bool:
    """Whether an interval has an end, and ends before a moment."""
    return one is not None and one.end is not None and one.end < moment


def contains(one: Interval | None, moment: datetime) -> bool:
    """Whether a moment lies in an interval."""
    if one is None:
        return False
    return (one.start is None or one.start <= moment) and (one.end is None or moment < one.end)


def lies_in(one: Interval, other: Interval) -> bool:
    """Whether an interval has no moment outside another."""
    begins = other.start is None or (one.start is not None and other.start <= one.start)
    return begins and (other.end is None or (one.end is not None and one.end <= other.end))


def is_history(one: Interval | None, as_of: datetime) -> bool:
    """Whether a named time ended so long ago that newer articles say no more about it."""
    return is_before(one, as_of - _HISTORY)


def shared(one: Interval | None, other: Interval | None) -> Interval | None:
    """What two intervals share, or all around them when they share nothing; None stands for no limit."""
    if one is None or other is None:
        return one or other
    starts = [moment for moment in (one.start, other.start) if moment]
    ends = [moment for moment in (one.end, other.end) if moment]
    start, end = max(starts, default=None), min(ends, default=None)
    return Interval(start, end) if start is None or end is None or start < end else around(one, other)


def around(one: Interval | None, other: Interval | None) -> Interval | None:
    """From the start of the earlier of two intervals to the end of the later; None stands for no limit."""
    if one is None or other is None:
        return one or other
    start = min(one.start, other.start) if one.start and other.start else None
    end = max(one.end, other.end) if one.end and other.end else None
    return Interval(start, end)


def describe(interval: Interval) -> str:
    """In days, both included: "13-19 June 2022", "since 1 March 2022", "before 3 May 2022"."""
    start, end = interval.start, interval.end
    if start is None:
        return f"before {_day(end)}" if end else "at any time"
    if end is None:
        return f"since {_day(start)}"
    last = max(start, end - timedelta(microseconds=1))
    if last.date() == start.date():
        return _day(start)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day}-{_day(last)}"
    if start.year == last.year:
        return f"{start.day} {start:%B} - {_day(last)}"
    return f"{_day(start)} - {_day(last)}"


def describe_by_name(interval: Interval) -> str:
    """Whole months and years by their names, "March 2023", "May - June 2023", "2022"; other times in days."""
    start, end = interval.start, interval.end
    if start is None or end is None or not (_begins_a_month(start) and _begins_a_month(end)) or start >= end:
        return describe(interval)
    last = end - timedelta(days=1)
    if (start.month, last.month) == (1, 12):
        return f"{start.year}" if start.year == last.year else f"{start.year} - {last.year}"
    if start.year != last.year:
        return f"{start:%B} {start.year} - {last:%B} {last.year}"
    return f"{last:%B} {last.year}" if start.month == last.month else f"{start:%B} - {last:%B} {last.year}"


def _begins_a_month(moment: datetime) -> bool:
    return moment.day == 1 and moment.time() == time()


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B} {moment.year}"
