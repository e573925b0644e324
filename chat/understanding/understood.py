"""The question as it was understood: what is searched for, within which limits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chat.english.calendar_words import Interval
from chat.understanding.follow_ups import Earlier


class Recency(StrEnum):
    """How much newer articles are preferred to older ones."""

    NONE = "none"  # the question is about a named past time
    GENTLE = "gentle"  # nothing was said: news is read from the moment of asking backwards
    STRONG = "strong"  # "latest", "recently"


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was read out of a question, shown to the reader, who may remove it by its key."""

    key: str  # stable for the same words in the same question: "time:last week"
    label: str  # for the reader: "published 13-19 June 2022"
    words: str  # the words of the question that said so; empty when it came from an earlier turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it is searched for. Times are UTC."""

    text: str  # as typed
    search_text: str  # what is searched for: hand-typed filters taken out, what a follow-up points at put in
    as_of: datetime  # nothing published after this moment is evidence
    follows: tuple[Earlier, ...] = ()  # earlier words of the conversation, searched for with less weight
    named: Interval | None = None  # the time that the words name; `preferred` has room for late reports
    published: Interval | None = None  # a hard range: nothing published outside it is evidence
    preferred: Interval | None = None  # a soft range: articles inside it are preferred
    sources: tuple[str, ...] = ()  # only these, by the archive's own names
    preferred_sources: tuple[str, ...] = ()
    agencies: tuple[
        str, ...
    ] = ()  # an article fits that is by one of `sources` or one of these; by any where both are empty
    authors: tuple[str, ...] = ()
    said_by: str = ""  # the words that name these, who are to tell: no article need have them
    section: str | None = None
    phrases: tuple[str, ...] = ()  # must occur as they stand, quotation marks and case aside
    recency: Recency = Recency.GENTLE
    parts: tuple["Question", ...] = ()  # the askings of a question that asks for several things
    understood: tuple[Understood, ...] = ()
