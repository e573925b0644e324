"""What happens while an answer is made, in the order in which a reader sees it."""

from dataclasses import dataclass

from chat.answer import Answer, Evidence, Sentence, Status
from chat.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Gathered:
    """The question was understood and evidence for it was found (perhaps none)."""

    question: Question
    evidence: tuple[Evidence, ...]
    status: Status = Status.ANSWERED  # as far as the evidence lets it be foreseen
    answerability: float | None = None  # the probability of an answer by words and retrieval; None: not asked for


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the evidence states the answer, where more is known than at Gathered.

    A model that reads found it, or what would be cited is not of the time asked about.
    """

    status: Status
    answerability: float = 1.0  # the calibrated probability of an answer


@dataclass(frozen=True, slots=True)
class Drafted:
    """The sentence that a model is writing, as far as it is; nothing in it has been checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished and checked sentence; it takes the place of the draft."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer: the last event, always sent."""

    answer: Answer


Event = Gathered | Judged | Drafted | Composed | Finished
