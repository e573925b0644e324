"""A question as it was understood: what is searched for, within which limits, and what would answer it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from chat.english.intervals import Interval
from chat.texts.notices import Notice
from chat.understanding.analysis import Analysis, analyse
from chat.understanding.follow_ups import Earlier
from chat.understanding.remarks import Remark


class Recency(StrEnum):
    """How strongly newer articles are preferred."""

    NONE = "none"  # the question is about a named past time
    GENTLE = "gentle"  # the question says nothing about it
    STRONG = "strong"  # "latest", "recently"


class FilterKind(StrEnum):
    """What a filter limits."""

    AS_OF = "as-of"
    TIME = "time"
    AFTER = "after"
    BEFORE = "before"
    SOURCE = "source"
    AGENCY = "agency"
    AUTHOR = "author"
    SECTION = "section"
    PHRASE = "phrase"
    RECENCY = "recency"
    FOLLOWS = "follows"  # the question continues the one before it
    PARTS = "parts"  # the question is split, each part searched on its own
    NOT_APPLIED = "not applied"  # typed, but without meaning for this archive


class FilterKey(NamedTuple):
    """Identifies a filter within one question; the same words give the same key."""

    kind: FilterKind
    value: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition that was read from a question, shown to the reader, who may remove it."""

    key: FilterKey
    notice: Notice  # for the reader: "published 13-19 June 2022"
    words: str  # the words of the question that set it; empty when it comes from an earlier turn

    @property
    def kind(self) -> FilterKind:
        """What it limits."""
        return self.key.kind

    @property
    def label(self) -> str:
        """What the reader is shown, in English."""
        return self.notice.text()


class Intent(StrEnum):
    """What the reader wants done."""

    ANSWER = "answer"
    HEADLINES = "headlines"  # the newest stories, of a time or a source perhaps
    FIND = "find"  # where given words were printed first
    SEARCH = "search"  # the articles about something
    COUNT_ARTICLES = "count articles"  # how many articles mention something
    REMARK = "remark"  # says something to Dateline and asks for no news


class SplitBy(StrEnum):
    """What tells the parts of a question apart."""

    SOURCES = "sources"
    DATES = "dates"
    NAMES = "names"
    ASKINGS = "askings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, understood. Times are UTC."""

    text: str  # as typed
    search_text: str  # what is searched for: typed filters removed, what a follow-up refers to added
    as_of: datetime  # nothing published after this moment is evidence
    looks_back: bool = False  # that moment is past: an undated article may have been published after it
    intent: Intent = Intent.ANSWER
    remark: Remark | None = None  # with Intent.REMARK
    subject: str = ""  # the words to find, or what the articles mention that are listed or counted
    wants_more: bool = False  # "what else?": evidence that was cited already is left out
    asks_for_now: bool = False  # how things stand at that moment: the newest report replaces the earlier ones
    follows: tuple[Earlier, ...] = ()  # earlier words of the conversation, searched for with less weight
    last_of_archive: str = ""  # words without a year, read as the last such time that the archive covers
    named: Interval | None = None  # the time that the words name; `preferred` has room for late reports
    published: Interval | None = None  # a hard range: nothing published outside it is evidence
    preferred: Interval | None = None  # a soft range: articles inside it are preferred
    sources: tuple[str, ...] = ()  # only these, by the archive's own names
    preferred_sources: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()  # an article by one of `sources` or `agencies` fits; any, where both are empty
    authors: tuple[str, ...] = ()
    said_by: str = ""  # the words that name sources and authors; articles need not contain them
    section: str | None = None
    phrases: tuple[str, ...] = ()  # must occur verbatim, quotation marks and case aside
    recency: Recency = Recency.GENTLE
    parts: tuple["Question", ...] = ()
    split_by: SplitBy | None = None  # None for a question without parts
    filters: tuple[Filter, ...] = ()
    analysis: Analysis = field(init=False)  # of `search_text`, so that the two never differ

    def __post_init__(self) -> None:
        object.__setattr__(self, "analysis", analyse(self.search_text))
