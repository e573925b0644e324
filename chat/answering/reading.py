"""Judge with a model in this process whether there is an answer, then write one line that gives it.

Both come from one prompt. The first token, Yes or No, is the judgement; the line is the continuation of Yes, so that
the evidence is read once.
"""

import math
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat.answer import Evidence, Sentence, Support
from chat.answering.plain_prose import cited_numbers
from chat.answering.prompts import (
    FIRST_LINE_BEGINS,
    YES,
    Reports,
    reading_beginning,
    reading_messages,
    stating_beginning,
    stating_messages,
)
from chat.answering.quoting import quotation
from chat.answering.running_text import Writing
from chat.answering.writers import Task, WriterSettings, Written, given, quoted
from chat.checking.entailment import NliModel
from chat.errors import LanguageModelError
from chat.events import Composed, Drafted, Event
from chat.llms.model_faults import fault_of
from chat.llms.streaming import stream_within
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

_LINE_TOKENS = 60
# Of 48 development questions 26 lines were supported, 16 of them right; from this probability on, 19 with 14 right.
_STATED = 0.7
# From this one on, what the model chose is quoted first: 31 first lines were right instead of 27.
_CHOSEN = 0.5
_SUPPORTED = (Support.QUOTED, Support.SUPPORTED)
_FREE_ORDER = (QuestionKind.FACT, QuestionKind.FIGURE)
# Of the development questions the line was right for none of three lists; events in their order need several lines.
_WITHOUT_LINE = (QuestionKind.LIST, QuestionKind.TIMELINE)


@dataclass(frozen=True, slots=True)
class ReadingWriter:
    """Writes a first line with a model that gives the probability of its first token; quotations follow it."""

    llm: "LLM"
    settings: WriterSettings = field(default_factory=WriterSettings)
    nli: NliModel | None = None

    @property
    def judges(self) -> bool:
        """Yes, by the probability of the first token."""
        return True

    def get_ready(self) -> None:
        """Let the model read what its prompts begin with."""
        with suppress(LanguageModelError):
            for beginning in (reading_beginning(), stating_beginning()):
                self._probability_of_yes(beginning[:-1])

    def messages(self, question: Question, evidence: Sequence[Evidence]) -> "list[ChatMessage] | None":
        """What the model is told, from the evidence that fits."""
        return _messages(question, given(question, evidence, self.settings))

    def read(self, question: Question, evidence: Sequence[Evidence]) -> float | None:
        """The model's probability that the evidence states the answer; None for a question of several parts."""
        if question.parts:
            return None
        return self._probability_of_yes(_messages(question, given(question, evidence, self.settings)))

    def write(self, task: Task) -> Generator[Event, None, Written]:
        """Yield the line, where one stands, and the quotations."""
        if not _wants_a_line(task):
            return (yield from quoted(task))
        line, chosen = yield from self._line(task)
        if task.stop.is_set():
            return Written(())
        stated = self._stated(task.question, chosen) if chosen else 0.0
        quotations = _with_first(chosen, task) if chosen and stated >= _CHOSEN else task.quotations
        sentences = (line, *_after(line, quotations)) if line and stated >= _STATED else quotations
        yield from map(Composed, sentences)
        return Written(sentences)

    def _line(self, task: Task) -> Generator[Event, None, tuple[Sentence | None, Evidence | None]]:
        """The first sentence that the model writes, if it is supported; what it cites first."""
        reports = given(task.question, task.evidence, self.settings)
        writing = self._writing(task, reports)
        line, written = None, ""
        with closing(self._continued(task, reports)) as deltas:
            for delta in deltas:
                written += delta
                line = next(writing.take(delta), None)
                if line or "\n" in delta:
                    break
                yield Drafted(writing.draft)
        line = line or next(writing.finish(), None)
        holds = line is not None and line.support in _SUPPORTED
        chosen = next((reports[number] for number in cited_numbers(written) if number in reports), None)
        return (line, line.citations[0]) if line and holds else (None, chosen)

    def _stated(self, question: Question, piece: Evidence) -> float:
        """The model's probability that a piece of evidence, read alone, states what is asked."""
        return self._probability_of_yes(stating_messages(question.search_text, piece, _earlier(question)))

    def _continued(self, task: Task, reports: Reports) -> Generator[str, None, None]:
        """What the model writes after Yes, from the bracket of the number on."""
        from llama_index.core.llms import ChatMessage, MessageRole

        begun = ChatMessage(role=MessageRole.ASSISTANT, content=FIRST_LINE_BEGINS)
        deltas = stream_within(
            self.llm,
            [*_messages(task.question, reports), begun],
            first_token_s=self.settings.first_token_s,
            total_s=self.settings.total_s,
            stop=task.stop,
            options={"max_tokens": _LINE_TOKENS},
        )
        yield FIRST_LINE_BEGINS[-1]
        with closing(deltas):
            yield from deltas

    def _writing(self, task: Task, reports: Reports) -> Writing:
        read = self.nli.read if self.nli else None
        today = task.question.as_of.date()
        return Writing(reports, read, question=task.question, today=today, replaces=False)

    def _probability_of_yes(self, messages: "Sequence[ChatMessage]") -> float:
        try:
            reply = self.llm.chat(messages, max_tokens=1)
        except Exception as error:
            raise fault_of(error, self.llm.metadata.model_name).error from error
        first = (reply.logprobs or [[]])[0][0]
        probability = math.exp(min(0.0, first.logprob))
        return probability if first.token.strip() == YES else 1.0 - probability


def _messages(question: Question, reports: Reports) -> "list[ChatMessage]":
    return reading_messages(question.search_text, reports, _earlier(question))


def _earlier(question: Question) -> str:
    return question.follows[0].text if question.follows else ""


def _after(line: Sentence, quotations: Sequence[Sentence]) -> Sequence[Sentence]:
    """What is quoted after a line: not again what it copied or, alone, what it cites."""
    others = [one for one in quotations if one.citations[:1] != line.citations[:1]]
    return [one for one in others if line.text not in one.text]


def _with_first(chosen: Evidence, task: Task) -> tuple[Sentence, ...]:
    """The quotations with the chosen evidence first, where their order says nothing."""
    if task.question.analysis.kind not in _FREE_ORDER:
        return task.quotations
    first = next((one for one in task.quotations if chosen in one.citations), quotation(chosen))
    others = [one for one in task.quotations if one is not first]
    return (first, *others)[: max(2, len(task.quotations))]


def _wants_a_line(task: Task) -> bool:
    """Whether one line can answer."""
    is_one_line = task.question.analysis.kind not in _WITHOUT_LINE
    return len(task.askings) == 1 and is_one_line
