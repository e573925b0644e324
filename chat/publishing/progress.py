"""How far the answer to a question is."""

from dataclasses import dataclass, replace

from chat.answer import Answer, Evidence, Sentence, Status
from chat.events import Composed, Drafted, Event, Finished, Gathered


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

    def after(self, event: Event) -> "Progress":
        """The progress once this event has happened."""
        match event:
            case Gathered(evidence=evidence, status=status):
                return replace(self, evidence=evidence, uncertain=status is Status.UNCERTAIN)
            case Drafted(text):
                return replace(self, draft=text)
            case Composed(sentence):
                return replace(self, sentences=(*self.sentences, sentence), draft="")
            case Finished(answer):
                return replace(self, evidence=answer.evidence, sentences=answer.sentences, draft="", answer=answer)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.failure)

    @property
    def missing(self) -> bool:
        """Whether the archive turned out not to hold the answer."""
        return self.answer is not None and self.answer.status is Status.NOT_IN_ARCHIVE
