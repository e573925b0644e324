"""What Dateline itself says to a reader: a kind and values, of which the tables make a text in a language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chat.texts.table import ENGLISH, Texts


class NoticeKind(StrEnum):
    """The kinds; the table has a text for each in its section `notice`."""

    PLAIN = "plain"  # a text that there is in one language only, such as another library's reason
    # What the archive holds
    NOTHING_MENTIONS = "nothing_mentions"
    NOTHING_MENTIONS_UNTIL = "nothing_mentions_until"
    MENTIONED = "mentioned"
    MENTIONED_ON = "mentioned_on"
    MENTIONED_BETWEEN = "mentioned_between"
    COUNTED = "counted"
    COUNTED_ON = "counted_on"
    COUNTED_BETWEEN = "counted_between"
    NOTHING_OF_THEN = "nothing_of_then"
    NEWEST_OF = "newest_of"
    NOBODY_PRINTS = "nobody_prints"
    HELD = "held"
    HELD_BETWEEN = "held_between"
    EMPTY = "empty"
    SOURCES = "sources"
    MORE_SOURCES = "more_sources"
    NO_SOURCES = "no_sources"
    # Moments
    BEGINS_LATER = "begins_later"
    UNDATED = "undated"
    READ_AS_DAY = "read_as_day"
    READ_AS_DAYS = "read_as_days"
    NOT_OF_ITS_TIME = "not_of_its_time"
    NEAREST_OF = "nearest_of"
    # Remarks
    WELCOME = "welcome"
    GREETING = "greeting"
    DATELINE = "dateline"
    SUCH_AS = "such_as"
    # What works less well
    ONLY_WORDS = "only_words"
    DAMAGED = "damaged"
    QUOTATIONS_INSTEAD = "quotations_instead"
    ANSWERS_ARE_QUOTATIONS = "answers_are_quotations"
    CHECKED_BY_RULES = "checked_by_rules"
    # Why a model does not answer
    KEY_REFUSED = "key_refused"
    MODEL_UNKNOWN = "model_unknown"
    OVER_ITS_RATE = "over_its_rate"
    MODEL_FAILED = "model_failed"
    REQUEST_REFUSED = "request_refused"
    NO_TLS = "no_tls"
    NO_HOST = "no_host"
    NOT_RUNNING = "not_running"
    TOO_SLOW = "too_slow"
    CLOSED = "closed"
    NOT_REACHED = "not_reached"
    UNREADABLE = "unreadable"
    NO_MEMORY = "no_memory"
    MODEL_BUSY = "model_busy"
    MODEL_BUSY_FOR = "model_busy_for"
    NO_KEY = "no_key"
    # Why a question is not asked
    NO_PAST_DAY = "no_past_day"
    NO_DAY = "no_day"
    TOO_LONG = "too_long"
    QUESTIONS_WAIT = "questions_wait"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said, without its words; the values fill the placeholders of the text."""

    kind: NoticeKind
    what: str = ""  # {what}: a name, or a text that is not translated
    count: int | None = None  # {count}, which also chooses between singular and plural
    limit: int = 0  # {limit}: the most that there may be
    sources: int = 0  # {sources}: so many of them
    words: tuple[str, ...] = ()  # {words}: each in quotation marks
    days: tuple[date, ...] = ()  # {day}, and {first} and {last} of the rest
    reason: "Notice | None" = None  # {reason}

    def text(self, texts: Texts = ENGLISH) -> str:
        """The notice in a language."""
        day, *others = [*map(texts.day, self.days)] or [""]
        first, last = (others[0], others[-1]) if others else ("", "")
        return texts(
            f"notice.{self.kind}",
            self.count,
            what=self.what,
            words=texts("dates.and").join(texts("notice.quoted", what=word) for word in self.words),
            limit=texts.number(self.limit),
            sources=texts("masthead.sources", self.sources),
            day=day,
            first=first,
            last=last,
            reason=self.reason.text(texts) if self.reason else "",
        )


def plain(text: str) -> tuple[Notice, ...]:
    """A text as notices; none where it is empty."""
    return (Notice(NoticeKind.PLAIN, text),) if text else ()


def text_of(notices: Iterable[Notice], texts: Texts = ENGLISH) -> str:
    """Notices as one text."""
    return " ".join(one.text(texts) for one in notices)
