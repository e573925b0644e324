"""Stretches of days, and how each is written in a language."""

from dataclasses import dataclass
from datetime import date, timedelta

from chat.texts.table import ENGLISH, Texts


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included; either may be open."""

    first: date | None
    last: date | None


def in_days(days: Days, texts: Texts = ENGLISH) -> str:
    """By its days: "13-19 June 2022", "since 1 March 2022", "before 3 May 2022"."""
    first, last = days.first, days.last
    if first is None:
        return texts("dates.before", day=texts.day(_day_after(last))) if last else texts("dates.any_time")
    if last is None:
        return texts("dates.since", day=texts.day(first))
    if first == last:
        return texts.day(first)
    if (first.year, first.month) == (last.year, last.month):
        return texts("dates.days", first=first.day, last=texts.day(last))
    begins = texts.day_of_year(first) if first.year == last.year else texts.day(first)
    return texts("dates.between", first=begins, last=texts.day(last))


def by_name(days: Days, texts: Texts = ENGLISH) -> str:
    """Whole months and years by their names, "March 2023", "May - June 2023", "2022"; others by their days."""
    first, last = days.first, days.last
    if first is None or last is None or first > last or first.day != 1 or _day_after(last).day != 1:
        return in_days(days, texts)
    is_one_year = first.year == last.year
    if (first.month, last.month) == (1, 12):
        return str(first.year) if is_one_year else texts("dates.between", first=first.year, last=last.year)
    if is_one_year and first.month == last.month:
        return texts.month(first)
    begins = texts.month_name(first) if is_one_year else texts.month(first)
    return texts("dates.between", first=begins, last=texts.month(last))


def _day_after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
