"""What turns evidence into the sentences of an answer: quoting, or a language model."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from threading import Event as StopSignal
from typing import TYPE_CHECKING, Protocol

from chat.answer import Evidence, Sentence
from chat.answering.arranging import written_from
from chat.answering.prompts import Reports, fitting_evidence, numbered
from chat.answering.weighing import Asking, asking_of
from chat.events import Composed, Event
from chat.understanding.question import Question

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage


_EVIDENCE_TOKENS = 1200


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """What a language model is given, what it can do, and how long it may take."""

    evidence_tokens: int = _EVIDENCE_TOKENS
    gives_probabilities: bool = False  # of its first token, which say whether there is an answer
    first_token_s: float = 30.0
    total_s: float = 90.0


# Eight sentences or so: what two processor cores read in about a second and a half.
LOCAL_MODEL = WriterSettings(evidence_tokens=350, gives_probabilities=True)


@dataclass(frozen=True, slots=True)
class Task:
    """A question with the evidence for it, and the answer in quotations, which stands wherever nothing better does."""

    question: Question
    evidence: tuple[Evidence, ...]
    askings: tuple[Asking, ...]
    quotations: tuple[Sentence, ...]
    stop: StopSignal


@dataclass(frozen=True, slots=True)
class Written:
    """The sentences of an answer, or the writer's word that the evidence does not hold one."""

    sentences: tuple[Sentence, ...]
    abstains: bool = False


class Writer(Protocol):
    """One way to write answers; after a LanguageModelError from `read` or `write` the quotations stand."""

    @property
    def judges(self) -> bool:
        """Whether `read` gives a probability, on which abstention depends then."""

    def get_ready(self) -> None:
        """Do what can be done before the first question, so that no reader waits for it."""

    def messages(self, question: Question, evidence: Sequence[Evidence]) -> "list[ChatMessage] | None":
        """What a language model is told; None for a writer without one."""

    def read(self, question: Question, evidence: Sequence[Evidence]) -> float | None:
        """The writer's own probability that the evidence states the answer; None if it cannot say before it writes."""

    def write(self, task: Task) -> Generator[Event, None, Written]:
        """Yield what is drafted and composed."""


class QuotingWriter:
    """Answers in quotations."""

    judges = False

    def get_ready(self) -> None:
        """Nothing to do."""

    def messages(self, question: Question, evidence: Sequence[Evidence]) -> "list[ChatMessage] | None":
        """None: there is no language model."""
        return None

    def read(self, question: Question, evidence: Sequence[Evidence]) -> float | None:
        """None: quoting does not read."""
        return None

    def write(self, task: Task) -> Generator[Event, None, Written]:
        """Yield the quotations."""
        return (yield from quoted(task))


def quoted(task: Task) -> Generator[Event, None, Written]:
    """Yield and return the answer in quotations."""
    yield from map(Composed, task.quotations)
    return Written(task.quotations)


def given(question: Question, evidence: Sequence[Evidence], settings: WriterSettings) -> Reports:
    """The evidence that a language model is given, by the numbers that it sees."""
    chosen = written_from(asking_of(question, tuple(evidence)))
    return numbered(fitting_evidence(chosen, settings.evidence_tokens))
