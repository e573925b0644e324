"""The moment as of which a reader wants to see the archive, as it was typed: "15 March 2023", "last spring"."""

import re
from datetime import datetime, timedelta

from chat.english.time_expressions import find_times
from chat.errors import QuestionError
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.typed_text import valid_text

_LONGEST = 60  # characters
_AS_OF = re.compile(r"as of\b", re.IGNORECASE)
_LEAD = re.compile(r"\A(?:as of|on|in|until)\s+", re.IGNORECASE)


def as_of_moment(typed: str, now: datetime) -> datetime | None:
    """The last moment of the time that was typed, or None for a blank text; raises QuestionError."""
    words = _LEAD.sub("", valid_text(typed[: _LONGEST + 1]).strip(), count=1)
    if not words:
        return None
    asked = f"in {words}"  # a year alone is only read as one behind a preposition
    for one in find_times(asked, now):
        end = one.named.end
        if end and len(words) <= _LONGEST and asked[one.start : one.end].removeprefix("in ") == words:
            return min(end - timedelta(microseconds=1), now)
    raise QuestionError(Notice(NoticeKind.NO_PAST_DAY, words=(words[:_LONGEST],)))


def as_of_within(question: str, now: datetime) -> tuple[int, int, datetime] | None:
    """Where a question says "as of 16 March 2023" or the like, comma included, and the last moment of that time."""
    for one in find_times(question, now):
        if one.named.end and _AS_OF.match(question, one.start):
            start, rest = len(question[: one.start].rstrip(" ,;")), question[one.end :]
            end = one.end if start else len(question) - len(rest.lstrip(" ,;"))
            return start, end, one.named.end - timedelta(microseconds=1)
    return None
