"""What programs receive, described for OpenAPI and for MCP; the values are those of chat/publishing/plain_data.py."""

from pydantic import BaseModel, ConfigDict

from chat.answer import Status, Support
from chat.standing.question import ReasonKind
from chat.understanding.question import FilterKind


class Received(BaseModel):
    """A part of a response; fields that are not described here are passed on."""

    model_config = ConfigDict(extra="allow")


class SyndicatedCopy(Received):
    """The same story, published by another."""

    article: str
    version: int
    title: str
    source: str
    published_at: str | None
    url: str | None


class ArticleReference(Received):
    """Which version of which article something is taken from."""

    article: str
    version: int
    title: str
    source: str
    published_at: str | None
    url: str | None


class Evidence(ArticleReference):
    """A numbered span of an article: `text` is the article's text from `start` to `end`, in characters."""

    number: int
    text: str
    start: int
    end: int
    authors: list[str]
    score: float
    also_printed_by: list[SyndicatedCopy]
    more_prints: int


class Sentence(Received):
    """A checked sentence, with the numbers of the evidence that it cites."""

    text: str
    support: Support
    citations: list[int]


class Filter(Received):
    """A condition that was read from the question; `kind` and `value` name it in `without`."""

    kind: FilterKind
    value: str
    label: str


class RemovedFilter(Received):
    """A filter that is not applied."""

    kind: FilterKind
    value: str


class Answer(Received):
    """An answer with all its evidence, cited or not."""

    question: str
    understood: list[str]
    status: Status
    notice: str
    asked_at: str
    as_of: str
    searched_for: str
    filters: list[Filter]
    sentences: list[Sentence]
    evidence: list[Evidence]


class Hit(ArticleReference):
    """A passage that a search found."""

    text: str
    start: int
    end: int
    score: float
    why: list[str]
    also_printed_by: list[SyndicatedCopy]


class Hits(Received):
    """The passages that match best, best first."""

    hits: list[Hit]


class Printing(ArticleReference):
    """Where an article has the words."""

    text: str
    start: int
    end: int
    likeness: float


class Finding(Received):
    """Which article published the words first (none when they are not in the archive), and which later."""

    first: Printing | None
    later: list[Printing]


class Version(Received):
    """One version of an article."""

    version: int
    title: str
    published_at: str | None
    updated_at: str | None


class Article(ArticleReference):
    """One version of an article with its text, its other versions and its syndicated copies."""

    text: str
    authors: list[str]
    agency: str | None
    section: str | None
    language: str | None
    updated_at: str | None
    correction: str | None
    is_withdrawn: bool
    warnings: list[str]
    versions: list[Version]
    copies: list[ArticleReference]


class TimelineEvent(Received):
    """A dated event; where `is_stated` is false, the days are those of the report."""

    first: str
    last: str
    precision: str
    is_stated: bool
    words: str
    text: str
    evidence: Evidence


class Timeline(Received):
    """The events that the archive reports of a subject, the first to happen first."""

    subject: str
    events: list[TimelineEvent]


class Reason(Received):
    """One thing that changed, in a sentence."""

    kind: ReasonKind
    text: str


class CitedAnswer(Received):
    """An answer with the evidence that it cites."""

    question: str
    understood: list[str]
    status: Status
    notice: str
    asked_at: str
    sentences: list[Sentence]
    evidence: list[Evidence]


class Change(Received):
    """Why the answer to a standing question counts as changed, and the answer as it is since then."""

    id: str
    standing_question: str
    question: str
    noticed_at: str
    reasons: list[Reason]
    answer: CitedAnswer


class StandingQuestion(Received):
    """A question that is asked again after each addition, with its changes, the newest first."""

    id: str
    question: str
    conversation: list[str]
    without: list[RemovedFilter]
    since: str
    feed: str
    changes: list[Change]


class StandingQuestions(Received):
    """The standing questions of programs and of the command line, the oldest first."""

    standing_questions: list[StandingQuestion]


class Fault(Received):
    """What is wrong, then what to do."""

    message: str
    type: str
    code: str
    param: str | None


class Failure(Received):
    """The body of every response that is no answer."""

    error: Fault
