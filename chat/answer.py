"""What a conversation is made of: evidence, sentences that cite it, answers and turns."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chat.texts.notices import Notice, text_of
from chat.understanding.question import Question
from corpus.article import Article
from indexer.storage.syndication import ALONE, SyndicatedCopies


class Support(StrEnum):
    """How well the evidence that a sentence cites supports it."""

    QUOTED = "quoted"
    SUPPORTED = "supported"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


class Status(StrEnum):
    """Whether the archive held an answer, where one was asked for."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    UNCERTAIN = "uncertain"  # the nearest evidence is shown; it is not clear whether it holds the answer
    NOT_IN_ARCHIVE = "not_in_archive"
    ASIDE = "aside"  # no news was asked for; the notices are the reply


MAY_NOT_HOLD_IT = "The archive may not hold the answer. What comes nearest:"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered span of an article, shown and cited as it stands there."""

    number: int  # counted from 1 within one answer
    article: Article
    start: int  # character offsets into article.text
    end: int
    score: float = 0.0  # how well it fits the question; comparable within one answer only
    retrieved: float = 0.0  # the score of its article's best passage; comparable between answers
    copies: SyndicatedCopies = ALONE  # of the article's story by others

    @property
    def text(self) -> str:
        """The span, verbatim."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, without its citation marks, and the evidence that it cites."""

    text: str
    citations: tuple[Evidence, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer; `evidence` is all that was gathered, cited or not, in the order of its numbers."""

    sentences: tuple[Sentence, ...]
    evidence: tuple[Evidence, ...]
    status: Status
    asked_at: datetime
    notices: tuple[Notice, ...] = ()  # what the reader must know about how it was made, such as a model that was down

    @property
    def notice(self) -> str:
        """The notices in English."""
        return text_of(self.notices)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, as it was understood when it was asked, and its answer."""

    question: Question
    answer: Answer
