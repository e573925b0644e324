"""A standing question, what its last answer stated, and the changes since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chat.understanding.question import FilterKey


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingQuestion:
    """A saved question that is asked again after each addition."""

    id: str  # 128 random bits: whoever knows it may read the feed
    text: str  # as typed, with typed filters
    since: datetime
    owner: str = ""  # a reader of the page; empty for programs and the command line
    earlier: tuple[str, ...] = ()  # the questions of the conversation that it continues, oldest first
    without: tuple[FilterKey, ...] = ()  # filters that the reader removed


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """A span of an article that an answer cites."""

    article: str
    version: int
    start: int
    end: int
    newest: int  # the newest version of the article in the archive at that time


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """The newest figure of an answer, and the report that gives it."""

    words: str  # "nine", "340 homes"
    values: tuple[float, ...]
    article: str
    version: int
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Lead:
    """The report that an answer begins with."""

    article: str
    reported_at: datetime
    values: tuple[float, ...]  # the numbers of its sentence


@dataclass(frozen=True, slots=True)
class Known:
    """What the last answer to a standing question stated; changes are judged against it."""

    sequence: int  # of the archive
    has_answer: bool = False
    figure: StatedFigure | None = None
    lead: Lead | None = None
    cited: tuple[CitedSpan, ...] = ()


class ReasonKind(StrEnum):
    """Why an answer counts as changed."""

    ANSWER = "answer"  # there was none before
    FIGURE = "figure"
    EVIDENCE = "evidence"  # a newer report leads an answer without a figure
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that changed, in a sentence."""

    kind: ReasonKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A changed answer: why, and the answer as it is since then, in plain JSON types."""

    id: str
    question_id: str
    question: str
    noticed_at: datetime
    reasons: tuple[Reason, ...]
    answer: dict[str, Any]  # as chat.publishing.plain_data gives it, with the cited evidence only
