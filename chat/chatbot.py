"""The loop of a conversation: understand, gather, compose, check, one event at a time."""

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from chat.answer import Answer, Evidence, Sentence, Status, Turn
from chat.answering.arranging import SHAPES, Asking, Shape, arrange, opening, overlap, select, written_from
from chat.answering.completing import completion, is_borne_out
from chat.answering.composing import Writing, quotation
from chat.answering.corrections import corrections
from chat.answering.examples import example_questions
from chat.answering.prompts import (
    LARGE_EVIDENCE_TOKENS,
    LOCAL_EVIDENCE_TOKENS,
    fitting_evidence,
    small_model_beginning,
    told_to_a_large_model,
    told_to_a_small_model,
    writing_messages,
)
from chat.answering.running_counts import differences
from chat.answering.where_said import answer_of, words_looked_for
from chat.checking.entailment import NliModel
from chat.errors import LanguageModelError
from chat.events import Composed, Drafted, Event, Finished, Gathered
from chat.gathering.abstention import SilenceSettings, answerability
from chat.gathering.coverage import subject_coverage, told
from chat.gathering.evidence import EvidenceSettings, SentenceVectors, gather_evidence
from chat.gathering.finding import find_source_of
from chat.gathering.headlines import asks_for_headlines, headlines, newest_then, nothing_of_then
from chat.gathering.reranking import rerank
from chat.gathering.retrieval import RetrievalSettings, retrieve
from chat.llms.streaming import stream_within
from chat.understanding.asides import ArchiveStatus, aside_of, mentioned, reply
from chat.understanding.follow_ups import asks_for_more
from chat.understanding.kinds import QuestionKind, kind_of
from chat.understanding.question import Question, understand
from indexer.embedding import EmbeddingModel
from indexer.index import Index

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

NEAREST_ARTICLES = 3
TURNS_LOOKED_BACK = 4
EXAMPLES = 4
_MANY = 50  # sentences; the time runs out before
RERANKED = 4  # times the passages that are kept
_NEVER = 2.0  # no two sentences are this similar: what repeats another is told apart by its words


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How answers are made."""

    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    silence: SilenceSettings = field(default_factory=SilenceSettings)
    evidence_tokens: int = LARGE_EVIDENCE_TOKENS  # given to a language model
    asks_for_citations: bool = True  # False: they are found afterwards, for a model too small to be asked
    first_token_s: float = 30.0
    total_s: float = 90.0


SMALL_MODEL = AnswerSettings(evidence_tokens=LOCAL_EVIDENCE_TOKENS, asks_for_citations=False)


class Chatbot:
    """Answers questions about one archive; holds no conversation, so any number may share it."""

    def __init__(
        self,
        index: Index,
        model: EmbeddingModel,
        llm: "LLM | None",
        *,
        clock: Callable[[], datetime],
        notice: str = "",
        reranker: "BaseNodePostprocessor | None" = None,
        nli: NliModel | None = None,
        settings: AnswerSettings = AnswerSettings(),
    ) -> None:
        """`notice` is told with every answer: that the language model asked for is not to be had, say."""
        self.index = index
        self._model = model
        self._llm = llm
        self._clock = clock
        self.notice = notice
        self._reranker = reranker
        self.nli = nli
        self._settings = settings
        self._vectors = SentenceVectors(model.embedding)

    def stream(
        self,
        text: str,
        *,
        conversation: Sequence[Turn] = (),
        as_of: datetime | None = None,
        removed: frozenset[str] = frozenset(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer a question; the last event is always Finished, unless the caller closes the stream."""
        asked_at = self._clock()
        self.index.refresh()
        question = self.understand(text, conversation=conversation, as_of=as_of or asked_at, removed=removed)
        notice = " ".join(filter(None, (self.notice, self.index.notice)))
        if words := words_looked_for(text):
            answer = answer_of(find_source_of(words, self.index, as_of=question.as_of), asked_at, notice)
            yield Gathered(question, answer.evidence)
            yield Finished(answer)
            return
        if said := self._said_back(text, question):
            yield Gathered(question, ())
            yield Finished(Answer((), (), Status.ASIDE, asked_at, said))
            return
        if asks_for_headlines(question):
            yield from self._headlines(question, Answer((), (), Status.ANSWERED, asked_at, notice))
            return
        told_before = _cited_in(conversation) if asks_for_more(text) else ()
        evidence, status, askings = self._weighed(question, told_before)
        yield Gathered(question, evidence, status)
        answer = Answer((), evidence, status, asked_at, notice)
        if status is Status.NOT_IN_ARCHIVE:
            coverage = told(subject_coverage(question, self.index))
            answer = replace(answer, notice=" ".join(filter(None, (notice, coverage))))
        else:
            answer = yield from self._compose(question, answer, askings, stop or threading.Event())
            answer = yield from self._with_differences(question, answer)
        yield Finished(answer)

    def _headlines(self, question: Question, answer: Answer) -> Iterator[Event]:
        newest = headlines(question, self.index)
        yield Gathered(question, newest)
        if not newest:
            others = newest_then(question, self.index)[:NEAREST_ARTICLES]
            notice = " ".join(filter(None, (answer.notice, nothing_of_then(others))))
            yield Finished(replace(answer, evidence=others, status=Status.NOT_IN_ARCHIVE, notice=notice))
            return
        told = tuple(map(quotation, newest))
        yield from map(Composed, told)
        yield Finished(replace(answer, sentences=told, evidence=newest))

    def _said_back(self, text: str, question: Question) -> str:
        """What is said to a remark that asks for no news; empty for a question."""
        if aside := aside_of(text):
            return reply(aside, self.status(), lambda: next(self._answered_examples(), ""))
        if subject := mentioned(question.search_text):
            return told(subject_coverage(replace(question, search_text=subject), self.index), "the archive")
        return ""

    def get_ready(self) -> None:
        """Let a small model read what its prompts begin with, and prepare the embedding model: no reader waits then."""
        if self._llm is not None and not self._settings.asks_for_citations:
            self._read_the_beginning(self._llm)
        self._model.get_ready()

    def _read_the_beginning(self, llm: "LLM") -> None:
        settings = self._settings
        reading = stream_within(
            llm,
            small_model_beginning()[:-1],  # a question, so that there is something to say
            first_token_s=settings.first_token_s,
            total_s=settings.total_s,
            stop=threading.Event(),
        )
        with contextlib.suppress(LanguageModelError), closing(reading):
            next(reading, None)

    def ask(self, text: str, *, conversation: Sequence[Turn] = (), as_of: datetime | None = None) -> Answer:
        """The finished answer to a question."""
        *_, last = self.stream(text, conversation=conversation, as_of=as_of)
        assert isinstance(last, Finished)
        return last.answer

    def status(self) -> ArchiveStatus:
        """What the archive holds."""
        summary = self.index.archive.summary()
        first, last = summary.first_published, summary.last_published
        days = (first.date() if first else None, last.date() if last else None)
        return ArchiveStatus(summary.articles, *days, dict(summary.sources))

    def examples(self) -> tuple[str, ...]:
        """Questions that this archive can answer, taken from its newest articles."""
        return tuple(islice(self._answered_examples(), EXAMPLES))

    def _answered_examples(self) -> Iterator[str]:
        return (text for text in example_questions(self.index.archive) if self._is_answered(text))

    def _is_answered(self, text: str) -> bool:
        question = self.understand(text, conversation=(), as_of=self._clock())
        return self.weighed_evidence(question)[1] is Status.ANSWERED

    def understand(
        self, text: str, *, conversation: Sequence[Turn], as_of: datetime, removed: frozenset[str] = frozenset()
    ) -> Question:
        """What the question asks for, in the light of the conversation so far."""
        table = self.index.table
        read = partial(
            understand,
            as_of=as_of,
            sources=table.names("source"),
            agencies=table.names("agency"),
            authors=table.names("author"),
            sections=table.names("section"),
            last_day=table.last_published,
        )
        earlier: list[Question] = []
        answers: list[str] = []
        asked = [turn for turn in conversation if turn.answer.status is not Status.ASIDE]
        for turn in asked[-TURNS_LOOKED_BACK:]:
            earlier.append(read(turn.question, earlier=tuple(earlier), earlier_answers=tuple(answers)))
            answers.append(" ".join(sentence.text for sentence in turn.answer.sentences))
        return read(text, earlier=earlier, earlier_answers=answers, removed=removed)

    def weighed_evidence(self, question: Question) -> tuple[tuple[Evidence, ...], Status]:
        """The numbered evidence for a question, best first, and whether it holds an answer to all that was asked.

        The parts of a question take turns. Beside silence the evidence is one sentence from each nearest article.
        """
        evidence, status, _ = self._weighed(question)
        return evidence, status

    def _weighed(
        self, question: Question, told_before: Sequence[Evidence] = ()
    ) -> tuple[tuple[Evidence, ...], Status, tuple[Asking, ...]]:
        """The same, with the evidence for each of the askings that have some, and without what was told before."""
        usual = self._settings.evidence.sentences
        reached = [
            (part, tuple(one for one in self.in_reach(part) if not any(overlap(one, other) for other in told_before)))
            for part in question.parts or (question,)
        ]
        sureness = [self._answerability(part, found[:usual]) for part, found in reached]
        limits = self._settings.silence
        held = [one for one, sure in zip(reached, sureness, strict=True) if sure >= limits.threshold]
        if not held:
            return nearest([one for _, found in reached for one in found[:usual]]), Status.NOT_IN_ARCHIVE, ()
        status = Status.ANSWERED if len(held) == len(reached) else Status.PARTIAL
        if max(sureness) < limits.sure:
            status = Status.UNCERTAIN
        chosen = [select(part, kind_of(part.search_text), found, usual) for part, found in held]
        evidence = taking_turns(chosen)
        numbered = {span_of(one): one for one in evidence}
        return (
            evidence,
            status,
            tuple(
                Asking(part, tuple(numbered[span_of(one)] for one in found))
                for (part, _), found in zip(held, chosen, strict=True)
            ),
        )

    def evidence(self, question: Question) -> tuple[Evidence, ...]:
        """The numbered evidence for a question without parts, best first."""
        return select(question, QuestionKind.FACT, self.in_reach(question), self._settings.evidence.sentences)

    def in_reach(self, question: Question) -> tuple[Evidence, ...]:
        """What may become evidence for a question without parts, best first.

        It is more than is shown, so that each kind of question finds its own.
        """
        settings = self._settings
        wanted = settings.evidence.passages * (RERANKED if self._reranker else 1)
        vector = self._vectors.of_question(question) if settings.retrieval.vector_weight else None
        hits = retrieve(question, self.index, self._model.embedding, wanted, settings.retrieval, vector)
        if self._reranker:
            hits = rerank(question, hits, self._reranker, self.index.archive)[: settings.evidence.passages]
        reaching = replace(settings.evidence, sentences=settings.evidence.compared, same=_NEVER)
        return gather_evidence(question, hits, self.index.archive, self.index.keywords, self._vectors, reaching)

    def _answerability(self, question: Question, evidence: Sequence[Evidence]) -> float:
        return answerability(question, evidence, self.index.keywords, self._settings.silence)

    def _compose(
        self, question: Question, answer: Answer, askings: Sequence[Asking], stop: threading.Event
    ) -> Generator[Event, None, Answer]:
        quotations = arrange(question, askings)
        if self._llm is None or not self._may_write(question, answer.status):
            return (yield from self._shown(quotations, answer))
        try:
            written = yield from self._write(question, answer.evidence, stop, opening(askings))
            if written and not stop.is_set():
                written += yield from self._completed(question, written, quotations)
        except LanguageModelError as error:
            answer = replace(answer, notice=f"{error}. These are quotations instead.")
            return (yield from self._shown(quotations, answer))
        if written or stop.is_set():
            return replace(answer, sentences=written)
        return (yield from self._shown(quotations, answer))

    def _may_write(self, question: Question, status: Status) -> bool:
        """Whether the model is asked: a small one writes an answer whether there is one or not, and yes to anything."""
        is_led_astray = status is Status.UNCERTAIN or kind_of(question.search_text) is QuestionKind.YES_NO
        return self._settings.asks_for_citations or not is_led_astray

    def _completed(
        self, question: Question, written: tuple[Sentence, ...], quotations: Sequence[Sentence]
    ) -> Generator[Event, None, tuple[Sentence, ...]]:
        """What follows a small model's sentences, so that what was asked is told; a large one is trusted with it."""
        missing = () if self._settings.asks_for_citations else completion(question, written, quotations)
        yield from map(Composed, missing)
        return missing

    def _shown(self, sentences: tuple[Sentence, ...], answer: Answer) -> Generator[Event, None, Answer]:
        for sentence in sentences:
            yield Composed(sentence)
        return replace(answer, sentences=sentences)

    def _with_differences(self, question: Question, answer: Answer) -> Generator[Event, None, Answer]:
        """What was corrected in the words that are cited, and where the evidence of what was said disagrees."""
        cited = frozenset(one for sentence in answer.sentences for one in sentence.citations)
        corrected, notes = corrections(answer, self.index.archive)
        said = (*corrected, *differences(question.search_text, answer.evidence, cited))
        for sentence in said:
            yield Composed(sentence)
        return replace(answer, sentences=(*answer.sentences, *said), evidence=(*answer.evidence, *notes))

    def messages(self, question: Question, evidence: Sequence[Evidence]) -> "list[ChatMessage] | None":
        """What a language model is told, from the evidence that fits; None when answers are quotations."""
        if self._llm is None:
            return None
        return writing_messages(
            question.search_text,
            self._given(question, evidence),
            question.as_of.date(),
            asks_for_citations=self._settings.asks_for_citations,
            kind=kind_of(question.search_text),
        )

    def _given(self, question: Question, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
        """The evidence that a language model is given."""
        is_small = not self._settings.asks_for_citations
        small = partial(told_to_a_small_model, kind=kind_of(question.search_text))
        told = small if is_small else told_to_a_large_model
        chosen = written_from(question, evidence, only_the_best=is_small)
        return fitting_evidence(chosen, self._settings.evidence_tokens, told)

    def _most_sentences(self, question: Question) -> int:
        """As many as a small model may write before it only repeats itself; a large one knows when to stop."""
        small = SHAPES.get(kind_of(question.search_text), Shape()).told
        return _MANY if self._settings.asks_for_citations else small

    def _write(
        self, question: Question, evidence: Sequence[Evidence], stop: threading.Event, opening: Sequence[Sentence]
    ) -> Generator[Event, None, tuple[Sentence, ...]]:
        """The written sentences, after the opening where there are any."""
        settings, messages = self._settings, self.messages(question, evidence)
        assert self._llm is not None
        assert messages is not None
        reading = self.nli.read if self.nli else None
        given, today = self._given(question, evidence), question.as_of.date()
        writing = Writing(given, reading, question=question.search_text, today=today)
        stands = partial(is_borne_out, question) if not settings.asks_for_citations else None
        sentences: list[Sentence] = []
        most = self._most_sentences(question) + len(opening)
        deltas = stream_within(
            self._llm, messages, first_token_s=settings.first_token_s, total_s=settings.total_s, stop=stop
        )
        with closing(deltas):
            for delta in deltas:
                for sentence in filter(stands, writing.take(delta)):
                    yield from map(Composed, _next(sentences, opening, sentence))
                if len(sentences) >= most:
                    return tuple(sentences)
                yield Drafted(writing.draft)
        for sentence in () if stop.is_set() else filter(stands, writing.finish()):
            yield from map(Composed, _next(sentences, opening, sentence))
        return tuple(sentences)


def _cited_in(conversation: Sequence[Turn]) -> tuple[Evidence, ...]:
    return tuple(
        one
        for turn in conversation[-TURNS_LOOKED_BACK:]
        for sentence in turn.answer.sentences
        for one in sentence.citations
    )


def _next(sentences: list[Sentence], opening: Sequence[Sentence], sentence: Sentence) -> Sequence[Sentence]:
    """Add a written sentence, the first of them after the opening; returns what was added."""
    added = [sentence] if sentences else [*opening, sentence]
    added = [one for one in dict.fromkeys(added) if one not in sentences]
    sentences += added
    return added


def nearest(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The best evidence of the nearest articles, one each, numbered anew: what is shown beside silence."""
    by_article = {one.article.id: one for one in reversed(evidence)}
    best = sorted(by_article.values(), key=lambda one: one.number)[:NEAREST_ARTICLES]
    return tuple(replace(one, number=number) for number, one in enumerate(best, start=1))


def span_of(one: Evidence) -> tuple[str, int, int, int]:
    """What makes two pieces of evidence one: the version of the article and the offsets."""
    return one.article.id, one.article.version, one.start, one.end


def taking_turns(lists: Sequence[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    """Evidence for several askings as one list: the best of each, then the second best; each article's span once."""
    if len(lists) == 1:
        return tuple(lists[0])
    best = [max(one.score for one in evidence) or 1.0 for evidence in lists]
    # Scores of different questions cannot be compared; against the best of its own question each can.
    levelled = [
        [replace(one, score=one.score / top) for one in evidence] for evidence, top in zip(lists, best, strict=True)
    ]
    turns = [one for rank in zip_longest(*levelled) for one in rank if one is not None]
    first = {span_of(one): one for one in reversed(turns)}
    kept = [one for one in turns if first[span_of(one)] is one]
    return tuple(replace(one, number=number) for number, one in enumerate(kept, start=1))
