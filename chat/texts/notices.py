"""What Dateline itself says to a reader: a kind and values, of which the tables make a text in a language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chat.texts.days import Days, by_name, in_days
from chat.texts.table import ENGLISH, Texts


class NoticeKind(StrEnum):
    """The kinds; the table has a text for each in its section `notice`."""

    PLAIN = "plain"  # a text that is not translated, such as a name
    TECHNICAL = "technical"  # a whole message that there is in English only
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
    NO_WEIGHTS = "no_weights"
    NO_PACKAGE = "no_package"
    NO_NLI = "no_nli"
    MODEL_BROKE = "model_broke"
    WROTE_NOTHING = "wrote_nothing"
    WROTE_TOO_MUCH = "wrote_too_much"
    CUT_OFF = "cut_off"
    # Why a question is not asked
    NO_PAST_DAY = "no_past_day"
    NO_DAY = "no_day"
    TOO_LONG = "too_long"
    QUESTIONS_WAIT = "questions_wait"
    # Why something is not kept or not changed
    NOT_WRITTEN = "not_written"
    NOT_READ = "not_read"
    FULL = "full"
    LOCKED = "locked"
    STANDING_OFF = "standing_off"
    NOTHING_TO_WATCH = "nothing_to_watch"
    LOOKS_BACK = "looks_back"
    NO_NEWS = "no_news"
    TOO_MANY_STANDING = "too_many_standing"
    NO_WORD_FILE = "no_word_file"
    ARCHIVE_BUSY = "archive_busy"
    ARCHIVE_DAMAGED = "archive_damaged"
    ARCHIVE_FAULT = "archive_fault"
    OTHER_MODEL = "other_model"
    CHROMA_AWAY = "chroma_away"
    # How a question was understood
    AS_OF = "as_of"
    PUBLISHED = "published"
    PREFERABLY_PUBLISHED = "preferably_published"
    PREFERABLY_IN = "preferably_in"
    PUBLISHED_FROM_THEN = "published_from_then"
    PUBLISHED_AROUND = "published_around"
    LAST_OF_ARCHIVE = "last_of_archive"
    SOURCE = "source"
    PREFERRED_SOURCE = "preferred_source"
    AGENCY = "agency"
    AUTHOR = "author"
    SECTION = "section"
    WORD_FOR_WORD = "word_for_word"
    NEWEST_FIRST = "newest_first"
    OLD_AND_NEW = "old_and_new"
    FOLLOWS = "follows"
    ASKED_APART = "asked_apart"
    TIMES_ASKED_APART = "times_asked_apart"
    AS_BEFORE = "as_before"
    NOT_APPLIED = "not_applied"
    NO_SOURCE = "no_source"
    NO_AGENCY = "no_agency"
    NO_AUTHOR = "no_author"
    NO_SECTION = "no_section"
    NO_DATE = "no_date"
    NO_TIME_LEFT = "no_time_left"


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
    times: tuple[Days, ...] = ()  # {days} and {other_days}, by name {time} and {other_time}; {all_days}

    def text(self, texts: Texts = ENGLISH) -> str:
        """The notice in a language."""
        day, *others = [*map(texts.day, self.days)] or [""]
        first, last = (others[0], others[-1]) if others else ("", "")
        reason = self.reason.text(texts) if self.reason else ""
        # Conversations that were kept by earlier versions have times as words.
        names = [by_name(one, texts) for one in self.times] or [self.what, reason]
        spans = [in_days(one, texts) for one in self.times]
        return texts(
            f"notice.{self.kind}",
            self.count,
            what=self.what,
            words=texts.listed([texts("notice.quoted", what=word) for word in self.words]),
            limit=texts.number(self.limit),
            sources=texts("masthead.sources", self.sources),
            day=day,
            first=first,
            last=last,
            reason=reason,
            days="".join(spans[:1]),
            other_days="".join(spans[1:2]),
            all_days=" / ".join(spans),
            time="".join(names[:1]),
            other_time="".join(names[1:2]),
        )


def because(kind: NoticeKind, what: object, why: object) -> Notice:
    """A notice about something, with a reason whose words are not translated."""
    return Notice(kind, str(what), reason=Notice(NoticeKind.PLAIN, str(why)))


def not_written(name: str, error: OSError) -> Notice:
    """That a file cannot be written, with the system's reason."""
    return because(NoticeKind.NOT_WRITTEN, name, error.strerror or error)


def plain(text: str) -> tuple[Notice, ...]:
    """A text as notices; none where it is empty."""
    return (Notice(NoticeKind.PLAIN, text),) if text else ()


def text_of(notices: Iterable[Notice], texts: Texts = ENGLISH) -> str:
    """Notices as one text."""
    return " ".join(one.text(texts) for one in notices)
