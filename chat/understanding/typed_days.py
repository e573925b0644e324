"""A day or a stretch of days as a reader types it beside a search: 2023-03-15, March 2023, last spring."""

from datetime import date, datetime, timedelta

from chat.english.time_expressions import find_times
from chat.english.written_dates import read_date
from chat.errors import QuestionError
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.typed_text import valid_text

_LONGEST = 60  # characters


def typed_days(typed: str, now: datetime) -> tuple[date, date] | None:
    """The first and the last day of the time that was typed, or None for a blank text; raises QuestionError."""
    words = valid_text(typed[: _LONGEST + 1]).strip()
    if not words:
        return None
    if moment := read_date(words):
        return moment.date(), _last_day(moment.date(), words.count("-"))
    asked = f"in {words}"  # a year alone is only read as one behind a preposition
    for one in find_times(asked, now):
        start, end = one.named.start, one.named.end
        if start and end and asked[one.start : one.end].removeprefix("in ") == words:
            return start.date(), (end - timedelta(microseconds=1)).date()
    raise QuestionError(Notice(NoticeKind.NO_DAY, words=(words[:_LONGEST],)))


def _last_day(first: date, hyphens: int) -> date:
    if hyphens == 2:
        return first
    following = first.toordinal() + (31 if hyphens else 366)
    after = date.fromordinal(following).replace(day=1)
    return (after if hyphens else after.replace(month=1)) - timedelta(days=1)
