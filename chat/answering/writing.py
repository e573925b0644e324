"""Write an answer with a capable language model, sentence by sentence, each checked before it is shown."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat.answer import Evidence, Sentence
from chat.answering.arranging import opening
from chat.answering.prompts import Reports, writing_messages
from chat.answering.running_text import Writing
from chat.answering.writers import Task, WriterSettings, Written, given, quoted
from chat.checking.entailment import NliModel
from chat.events import Composed, Drafted, Event
from chat.llms.streaming import stream_within
from chat.understanding.question import Question

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """Writes several sentences with a model that cites numbers and says when there is no answer."""

    llm: "LLM"
    settings: WriterSettings = field(default_factory=WriterSettings)
    nli: NliModel | None = None

    @property
    def judges(self) -> bool:
        """No: the model says in its reply whether there is an answer."""
        return False

    def get_ready(self) -> None:
        """Nothing to do: the model may cost money."""

    def messages(self, question: Question, evidence: Sequence[Evidence]) -> "list[ChatMessage] | None":
        """What the model is told, from the evidence that fits."""
        return _messages(question, given(question, evidence, self.settings))

    def read(self, question: Question, evidence: Sequence[Evidence]) -> float | None:
        """None: the model says so in its reply."""
        return None

    def write(self, task: Task) -> Generator[Event, None, Written]:
        """Yield the opening and the written sentences; the quotations where none stands, unless the model abstains."""
        reports = given(task.question, task.evidence, self.settings)
        read = self.nli.read if self.nli else None
        writing = Writing(reports, read, question=task.question, today=task.question.as_of.date())
        written = yield from self._written(task, reports, writing)
        if written or task.stop.is_set():
            return Written(written)
        return Written((), abstains=True) if writing.abstains else (yield from quoted(task))

    def _written(self, task: Task, reports: Reports, writing: Writing) -> Generator[Event, None, tuple[Sentence, ...]]:
        begins_with = opening(task.askings, task.quotations)
        sentences: list[Sentence] = []
        with closing(self._stream(task, reports)) as deltas:
            for delta in deltas:
                for sentence in writing.take(delta):
                    yield from map(Composed, _add(sentences, begins_with, sentence))
                yield Drafted(writing.draft)
        for sentence in () if task.stop.is_set() else writing.finish():
            yield from map(Composed, _add(sentences, begins_with, sentence))
        return tuple(sentences)

    def _stream(self, task: Task, reports: Reports) -> Generator[str, None, None]:
        return stream_within(
            self.llm,
            _messages(task.question, reports),
            first_token_s=self.settings.first_token_s,
            total_s=self.settings.total_s,
            stop=task.stop,
        )


def _messages(question: Question, reports: Reports) -> "list[ChatMessage]":
    return writing_messages(question.search_text, reports, question.as_of.date(), question.analysis.kind)


def _add(sentences: list[Sentence], opening: Sequence[Sentence], sentence: Sentence) -> Sequence[Sentence]:
    """Add a written sentence, the first after the opening; returns what was added."""
    added = [sentence] if sentences else [*opening, sentence]
    added = [one for one in dict.fromkeys(added) if one not in sentences]
    sentences += added
    return added
