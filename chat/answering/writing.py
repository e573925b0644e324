"""Write an answer with a language model, sentence by sentence, each checked before it is shown."""

from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from threading import Event as StopSignal
from typing import TYPE_CHECKING

from chat.answer import Evidence, Sentence, Status
from chat.answering.arranging import written_from
from chat.answering.completing import completion, is_borne_out
from chat.answering.prompts import (
    LARGE_EVIDENCE_TOKENS,
    LOCAL_EVIDENCE_TOKENS,
    fitting_evidence,
    small_model_beginning,
    told_to_a_large_model,
    told_to_a_small_model,
    writing_messages,
)
from chat.answering.running_text import Writing
from chat.answering.selecting import shape_of
from chat.answering.weighing import asking_of
from chat.checking.entailment import NliModel
from chat.errors import LanguageModelError
from chat.events import Composed, Drafted, Event
from chat.llms.streaming import stream_within
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import Question

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

_MANY = 50  # sentences; the time runs out before


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """What a language model is given, and how long it may take."""

    evidence_tokens: int = LARGE_EVIDENCE_TOKENS
    asks_for_citations: bool = True  # False: they are found afterwards, for a model too small to be asked
    first_token_s: float = 30.0
    total_s: float = 90.0


SMALL_MODEL = WriterSettings(evidence_tokens=LOCAL_EVIDENCE_TOKENS, asks_for_citations=False)


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """Turns evidence into checked sentences with a language model."""

    llm: "LLM"
    settings: WriterSettings = field(default_factory=WriterSettings)
    nli: NliModel | None = None

    def get_ready(self) -> None:
        """Let a small model read what its prompts begin with, so that no reader waits for it."""
        if self.settings.asks_for_citations:
            return
        messages = small_model_beginning()[:-1]  # ends with a question, so that there is something to say
        with suppress(LanguageModelError), closing(self._stream(messages, StopSignal())) as reading:
            next(reading, None)

    def may_write(self, question: Question, status: Status) -> bool:
        """Whether the model is asked: a small one answers even without evidence, and says yes to anything."""
        is_led_astray = status is Status.UNCERTAIN or question.analysis.kind is QuestionKind.YES_NO
        return self.settings.asks_for_citations or not is_led_astray

    def messages(self, question: Question, evidence: Sequence[Evidence]) -> "list[ChatMessage]":
        """What the model is told, from the evidence that fits."""
        return self._messages(question, self._given(question, evidence))

    def write(
        self,
        question: Question,
        evidence: Sequence[Evidence],
        opening: Sequence[Sentence],
        quotations: Sequence[Sentence],
        stop: StopSignal,
    ) -> Generator[Event, None, tuple[Sentence, ...]]:
        """The written sentences after the opening; for a small model followed by quotations that it left out."""
        written = yield from self._written(question, evidence, opening, stop)
        if not written or stop.is_set() or self.settings.asks_for_citations:
            return written
        missing = completion(question, written, quotations)
        yield from map(Composed, missing)
        return written + missing

    def _written(
        self, question: Question, evidence: Sequence[Evidence], opening: Sequence[Sentence], stop: StopSignal
    ) -> Generator[Event, None, tuple[Sentence, ...]]:
        given = self._given(question, evidence)
        writing = self._writing(question, given, question.as_of.date())
        stands = None if self.settings.asks_for_citations else partial(is_borne_out, question)
        sentences: list[Sentence] = []
        most = self._most_sentences(question) + len(opening)
        with closing(self._stream(self._messages(question, given), stop)) as deltas:
            for delta in deltas:
                for sentence in filter(stands, writing.take(delta)):
                    yield from map(Composed, _add(sentences, opening, sentence))
                if len(sentences) >= most:
                    return tuple(sentences)
                yield Drafted(writing.draft)
        for sentence in () if stop.is_set() else filter(stands, writing.finish()):
            yield from map(Composed, _add(sentences, opening, sentence))
        return tuple(sentences)

    def _writing(self, question: Question, given: Sequence[Evidence], today: date) -> Writing:
        return Writing(given, self.nli.read if self.nli else None, question=question, today=today)

    def _stream(self, messages: "Sequence[ChatMessage]", stop: StopSignal) -> Generator[str, None, None]:
        settings = self.settings
        return stream_within(
            self.llm, messages, first_token_s=settings.first_token_s, total_s=settings.total_s, stop=stop
        )

    def _messages(self, question: Question, given: Sequence[Evidence]) -> "list[ChatMessage]":
        return writing_messages(
            question.search_text,
            given,
            question.as_of.date(),
            asks_for_citations=self.settings.asks_for_citations,
            kind=question.analysis.kind,
        )

    def _given(self, question: Question, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
        is_small = not self.settings.asks_for_citations
        small = partial(told_to_a_small_model, kind=question.analysis.kind)
        chosen = written_from(asking_of(question, tuple(evidence)), only_the_best=is_small)
        return fitting_evidence(chosen, self.settings.evidence_tokens, small if is_small else told_to_a_large_model)

    def _most_sentences(self, question: Question) -> int:
        """As many as a small model may write before it repeats itself; a large one knows when to stop."""
        return _MANY if self.settings.asks_for_citations else shape_of(question.analysis.kind).quotations


def _add(sentences: list[Sentence], opening: Sequence[Sentence], sentence: Sentence) -> Sequence[Sentence]:
    """Add a written sentence, the first after the opening; returns what was added."""
    added = [sentence] if sentences else [*opening, sentence]
    added = [one for one in dict.fromkeys(added) if one not in sentences]
    sentences += added
    return added
