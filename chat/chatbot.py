"""A conversation about one archive: understand, gather, weigh, compose, one event at a time."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, takewhile
from threading import Event as StopSignal
from typing import TYPE_CHECKING

from chat.answer import Answer, Evidence, Sentence, Status, Support, Turn
from chat.answering.arranging import arrange
from chat.answering.corrections import corrections
from chat.answering.plain_prose import is_prose
from chat.answering.reading import ReadingWriter
from chat.answering.replies import ArchiveStatus
from chat.answering.running_counts import differences
from chat.answering.selecting import select
from chat.answering.time_asked import cited_by, judged_by_time, status_by_time
from chat.answering.weighing import Weighed, nearest, weigh
from chat.answering.writers import QuotingWriter, Task, Writer, WriterSettings, Written, quoted
from chat.answering.writing import ModelWriter
from chat.asides import find_words, list_articles, list_headlines, reply_to
from chat.checking.entailment import NliModel
from chat.errors import LanguageModelError
from chat.events import Composed, Drafted, Event, Finished, Gathered, Judged
from chat.front.examples import example_questions, further_questions
from chat.front.opening_page import Front, front_of
from chat.gathering.abstention import calibrated
from chat.gathering.continuing import continues, likeness_after
from chat.gathering.coverage import degraded_notices, last_time_notices, subject_notices, undated_notices
from chat.gathering.search import EvidenceSearch, SearchSettings
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.kinds import QuestionKind
from chat.understanding.question import FilterKey, Intent, Question
from chat.understanding.understand import understand
from indexer.embedding.model import EmbeddingModel
from indexer.search.index import Index
from indexer.storage.browsing import summary_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

TURNS_LOOKED_BACK = 4
EXAMPLES = 4
SUGGESTIONS = 3
_SUGGESTIONS_TRIED = 9
_NOW = timedelta(hours=1)  # a moment within it is no look back
_ANY = 1e-9  # a threshold that every answerability but 0 reaches


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How answers are made."""

    search: SearchSettings = field(default_factory=SearchSettings)
    writer: WriterSettings = field(default_factory=WriterSettings)


class Chatbot:
    """Answers questions about one archive; holds no conversation, so any number of readers may share it."""

    def __init__(
        self,
        index: Index,
        model: EmbeddingModel,
        llm: "LLM | None",
        *,
        clock: Callable[[], datetime],
        notices: tuple[Notice, ...] = (),
        reranker: "BaseNodePostprocessor | None" = None,
        nli: NliModel | None = None,
        settings: AnswerSettings = AnswerSettings(),
    ) -> None:
        """`notices` come with every answer: that the language model asked for is not available, say."""
        self.index = index
        self.notices = notices
        self.search = EvidenceSearch(index, model.embedding, settings.search, reranker)
        self.writer = _writer(llm, settings.writer, nli)
        self.nli = nli if llm else None
        self.model = model
        self._reranker = reranker
        self._clock = clock
        self._settings = settings
        self._counted = (-1, ArchiveStatus(0, None, None, {}))

    def stream(
        self,
        text: str,
        *,
        conversation: Sequence[Turn] = (),
        as_of: datetime | None = None,
        removed: frozenset[FilterKey] = frozenset(),
        stop: StopSignal | None = None,
    ) -> Iterator[Event]:
        """Answer a question; the last event is always Finished, unless the caller closes the stream."""
        asked_at = self._clock()
        self.index.refresh()
        question = self.understand(text, conversation=conversation, as_of=as_of or asked_at, removed=removed)
        notices = (*self.notices, *degraded_notices(self.index), *last_time_notices(question, self.index))
        blank = Answer((), (), Status.ANSWERED, asked_at, notices)
        match question.intent:
            case Intent.FIND:
                yield from find_words(question, blank, self.index)
            case Intent.REMARK | Intent.COUNT_ARTICLES:
                yield from reply_to(question, blank, self.index, self.status, self._example)
            case Intent.SEARCH:
                yield from list_articles(question, blank, self.search)
            case Intent.HEADLINES:
                yield from list_headlines(question, blank, self.index)
            case Intent.ANSWER:
                cited_before = _cited_in(conversation) if question.wants_more else ()
                yield from self._answered(question, blank, cited_before, stop or StopSignal())

    def ask(self, text: str, *, conversation: Sequence[Turn] = (), as_of: datetime | None = None) -> Answer:
        """The finished answer to a question."""
        return self.turn(text, conversation=conversation, as_of=as_of).answer

    def turn(
        self,
        text: str,
        *,
        conversation: Sequence[Turn] = (),
        as_of: datetime | None = None,
        removed: frozenset[FilterKey] = frozenset(),
    ) -> Turn:
        """A question as it was understood, with its finished answer."""
        gathered, *_, last = self.stream(text, conversation=conversation, as_of=as_of, removed=removed)
        assert isinstance(gathered, Gathered)
        assert isinstance(last, Finished)
        return Turn(gathered.question, last.answer)

    def in_quotations(self, settings: AnswerSettings) -> "Chatbot":
        """A chatbot over the same archive that answers without a language model."""
        return Chatbot(self.index, self.model, None, clock=self._clock, reranker=self._reranker, settings=settings)

    def conversation_of(self, exchanges: Iterable[Sequence[str]], as_of: datetime) -> tuple[Turn, ...]:
        """Questions and the texts of their answers as the turns of a conversation."""
        turns: list[Turn] = []
        for asked, answered in exchanges:
            question = self.understand(asked, conversation=turns, as_of=as_of)
            sentence = Sentence(answered, (), Support.SUPPORTED)
            turns.append(Turn(question, Answer((sentence,), (), Status.ANSWERED, as_of)))
        return tuple(turns)

    def understand(
        self, text: str, *, conversation: Sequence[Turn], as_of: datetime, removed: frozenset[FilterKey] = frozenset()
    ) -> Question:
        """What the question asks for, in the light of the conversation so far."""
        question = self._read(text, conversation, as_of, removed)
        if question.as_of >= self._clock() - _NOW:
            return question
        parts = tuple(replace(part, looks_back=True) for part in question.parts)
        return replace(question, looks_back=True, parts=parts)

    def _read(
        self, text: str, conversation: Sequence[Turn], as_of: datetime, removed: frozenset[FilterKey]
    ) -> Question:
        table = self.index.table
        before = [turn for turn in conversation if turn.answer.status is not Status.ASIDE][-TURNS_LOOKED_BACK:]
        last = before[-1].question if before else None
        return understand(
            text,
            as_of=as_of,
            sources=table.names("source"),
            agencies=table.names("agency"),
            authors=table.names("author"),
            sections=table.names("section"),
            earlier=[turn.question for turn in before],
            earlier_answers=[" ".join(sentence.text for sentence in turn.answer.sentences) for turn in before],
            removed=removed,
            last_day=table.last_published,
            continues=partial(continues, before=last, search=self.search) if last else None,
            likeness=likeness_after(last, self.search) if last else None,
        )

    def weigh(
        self, question: Question, cited_before: Sequence[Evidence] = (), *, only_by_rules: bool = False
    ) -> Weighed:
        """The numbered evidence for a question, and whether it answers all that was asked.

        With `only_by_rules` only a missing name or year makes it an abstention: the writer judges the rest.
        """
        settings, search = self._settings.search, self.search
        abstention = replace(settings.abstention, threshold=_ANY) if only_by_rules else settings.abstention
        usual = settings.evidence.sentences
        return weigh(question, search.in_reach, search.answerability, abstention, usual, cited_before)

    def evidence(self, question: Question) -> tuple[Evidence, ...]:
        """The numbered evidence for a question without parts, best first, whatever its kind."""
        usual = self._settings.search.evidence.sentences
        return select(question, QuestionKind.FACT, self.search.in_reach(question), usual)

    def messages(self, question: Question, evidence: Sequence[Evidence]) -> "list[ChatMessage] | None":
        """What the language model is told; None without one."""
        return self.writer.messages(question, evidence)

    def get_ready(self) -> None:
        """Prepare the models, so that no reader waits for it."""
        self.writer.get_ready()
        self.model.get_ready()

    def status(self) -> ArchiveStatus:
        """What the archive holds now; counted again only after it has changed."""
        sequence = self.index.archive.sequence()
        counted, status = self._counted
        if counted != sequence:
            summary = summary_of(self.index.archive)
            first, last = summary.first_published, summary.last_published
            days = (first.date() if first else None, last.date() if last else None)
            status = ArchiveStatus(summary.articles, *days, dict(summary.sources))
            self._counted = summary.sequence, status
        return status

    @property
    def has_model(self) -> bool:
        """Whether a language model writes the answers."""
        return not isinstance(self.writer, QuotingWriter)

    def quoting(self) -> "Chatbot":
        """The same chatbot without its language model."""
        other = copy(self)
        other.writer, other.nli = QuotingWriter(), None
        return other

    def suggestions(self, conversation: Sequence[Turn], go_on: Callable[[], bool] = lambda: True) -> tuple[str, ...]:
        """Questions that go on from the last answer and that the archive can answer; `go_on` is asked before each."""
        asked = {turn.question.text.casefold() for turn in conversation}
        candidates = further_questions(conversation[-1].answer) if conversation else ()
        fresh = (one for one in candidates if one.casefold() not in asked)
        tried = takewhile(lambda _: go_on(), islice(fresh, _SUGGESTIONS_TRIED))
        return tuple(islice(self._answerable(tried), SUGGESTIONS))

    def front(self) -> Front:
        """What the opening page shows of this archive."""
        self.index.refresh()
        return front_of(self.index, self._clock())

    def examples(self) -> tuple[str, ...]:
        """Questions that this archive can answer, taken from its newest articles."""
        return tuple(islice(self._answered_examples(), EXAMPLES))

    def _answered_examples(self) -> Iterator[str]:
        return self._answerable(example_questions(self.index))

    def _example(self) -> str:
        return next(self._answered_examples(), "")

    def _answerable(self, questions: Iterable[str]) -> Iterator[str]:
        for text in questions:
            question = self.understand(text, conversation=(), as_of=self._clock())
            if question.intent is Intent.ANSWER and self.weigh(question).status is Status.ANSWERED:
                yield text

    def _answered(
        self, question: Question, blank: Answer, cited_before: Sequence[Evidence], stop: StopSignal
    ) -> Iterator[Event]:
        reads = self.writer.judges and not question.parts
        weighed = self.weigh(question, cited_before, only_by_rules=reads)
        is_open = reads and weighed.status is not Status.NOT_IN_ARCHIVE
        foreseen = Status.ANSWERED if is_open else weighed.status
        yield Gathered(question, weighed.evidence, foreseen, weighed.answerability)
        notices = blank.notices + undated_notices(question, self.index)
        answer = replace(blank, evidence=weighed.evidence, status=weighed.status, notices=notices)
        if weighed.status is Status.NOT_IN_ARCHIVE:
            yield Finished(self._abstention(question, answer))
            return
        quotations = arrange(question, weighed.askings)
        task = Task(question, weighed.evidence, weighed.askings, quotations, stop)
        answer = yield from self._compose(task, answer, weighed.answerability)
        answer = judged_by_time(task.askings, answer)
        answer = yield from self._with_differences(question, answer)
        yield Finished(answer)

    def _abstention(self, question: Question, answer: Answer) -> Answer:
        evidence = nearest(answer.evidence)
        notices = answer.notices + subject_notices(question, self.index)
        return replace(answer, evidence=evidence, status=Status.NOT_IN_ARCHIVE, notices=notices)

    def _compose(self, task: Task, answer: Answer, answerability: float) -> Generator[Event, None, Answer]:
        """Write the answer; the writer may find that there is none, and where it fails the quotations stand."""
        abstention = self._settings.search.abstention
        try:
            if self.writer.judges:
                yield from map(Drafted, filter(is_prose, (one.text for one in task.quotations[:1])))
            judged = self._judged(task, Judged(answer.status, answerability))
            if self.writer.judges or judged.status is not answer.status:
                yield judged
            if judged.status is Status.NOT_IN_ARCHIVE:
                return self._abstention(task.question, answer)
            answer = replace(answer, status=judged.status)
            doubted = self.writer.judges and judged.status is Status.UNCERTAIN
            written = yield from quoted(task) if doubted else self.writer.write(task)
        except LanguageModelError as error:
            answer = replace(answer, notices=(Notice(NoticeKind.QUOTATIONS_INSTEAD, reason=error.notice),))
            written = Written((), abstains=True) if answerability < abstention.threshold else (yield from quoted(task))
        if not written.abstains:
            return replace(answer, sentences=written.sentences)
        if answerability < abstention.strong:
            return self._abstention(task.question, answer)
        written = yield from quoted(task)
        return replace(answer, sentences=written.sentences, status=Status.UNCERTAIN)

    def _judged(self, task: Task, foreseen: Judged) -> Judged:
        """Whether there is an answer, by a writer that judges it; exact words that were asked for need no judgement."""
        abstention = self._settings.search.abstention
        read = None if task.question.phrases else self.writer.read(task.question, task.evidence)
        citable = task.evidence if self.has_model else cited_by(task.quotations)
        if read is None:
            return replace(foreseen, status=status_by_time(foreseen.status, task.askings, citable))
        probability = calibrated(read, abstention)
        if probability < abstention.threshold and foreseen.answerability < abstention.strong:
            return Judged(Status.NOT_IN_ARCHIVE, probability)
        status = Status.UNCERTAIN if probability < abstention.sure else Status.ANSWERED
        return Judged(status_by_time(status, task.askings, citable), probability)

    def _with_differences(self, question: Question, answer: Answer) -> Generator[Event, None, Answer]:
        """Add what was corrected in the cited words, and where the evidence disagrees on what was said."""
        cited = frozenset(one for sentence in answer.sentences for one in sentence.citations)
        corrected, notes = corrections(answer, self.index.archive)
        added = (*corrected, *differences(question, answer.evidence, cited))
        for sentence in added:
            yield Composed(sentence)
        return replace(answer, sentences=(*answer.sentences, *added), evidence=(*answer.evidence, *notes))


def _writer(llm: "LLM | None", settings: WriterSettings, nli: NliModel | None) -> Writer:
    """The writer for what a model can do."""
    if llm is None:
        return QuotingWriter()
    return ReadingWriter(llm, settings, nli) if settings.gives_probabilities else ModelWriter(llm, settings, nli)


def _cited_in(conversation: Sequence[Turn]) -> tuple[Evidence, ...]:
    return tuple(
        one
        for turn in conversation[-TURNS_LOOKED_BACK:]
        for sentence in turn.answer.sentences
        for one in sentence.citations
    )
