"""How far the answer to a question is."""

from dataclasses import dataclass, replace
from datetime import datetime

from chat.answer import Answer, Evidence, Sentence, Status
from chat.events import Composed, Drafted, Event, Finished, Gathered
from chat.understanding.question import Filter, Question


@dataclass(frozen=True, slots=True)
class Progress:
    """A question and as much of its answer as there is."""

    question: str
    evidence: tuple[Evidence, ...] | None = None  # None while the archive is being searched
    sentences: tuple[Sentence, ...] = ()
    draft: str = ""
    answer: Answer | None = None
    failure: str = ""  # why there will be no answer
    uncertain: bool = False  # the archive may not hold the answer
    as_of: datetime | None = None  # chosen beside the question
    understood: Question | None = None  # None until the question is

    def after(self, event: Event) -> "Progress":
        """The progress once this event has happened."""
        match event:
            case Gathered(question=question, evidence=evidence, status=status):
                return replace(self, understood=question, evidence=evidence, uncertain=status is Status.UNCERTAIN)
            case Drafted(text):
                return replace(self, draft=text)
            case Composed(sentence):
                return replace(self, sentences=(*self.sentences, sentence), draft="")
            case Finished(answer):
                return replace(self, evidence=answer.evidence, sentences=answer.sentences, draft="", answer=answer)

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The filters that were read from the question."""
        return self.understood.filters if self.understood else ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.failure)

    @property
    def missing(self) -> bool:
        """Whether the archive turned out not to hold the answer."""
        return self.answer is not None and self.answer.status is Status.NOT_IN_ARCHIVE


def filter_id(one: Filter) -> str:
    """A filter as the browser names it."""
    return f"{one.key.kind}:{one.key.value}"
