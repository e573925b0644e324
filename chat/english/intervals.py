"""Stretches of time: what two of them share, and how one is described."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.texts.days import Days, in_days

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


def days_of(interval: Interval) -> Days:
    """The days in which an interval has a moment."""
    start, end = interval.start, interval.end
    last = end - timedelta(microseconds=1) if end else None
    if start and last:
        last = max(start, last)
    return Days(start.date() if start else None, last.date() if last else None)


def describe(interval: Interval) -> str:
    """In English, by its days: "13-19 June 2022", "since 1 March 2022", "before 3 May 2022"."""
    return in_days(days_of(interval))
