"""A conversation: what was asked, and the answers as far as they have come."""

from dataclasses import dataclass, replace
from datetime import datetime

from chat.answer import Answer, Status, Turn
from chat.events import Event
from chat.llms.spec import Provider
from chat.publishing.progress import Progress, filter_id
from chat.publishing.receipts import MadeWith
from chat.texts.table import ENGLISH, Texts
from chat.understanding.question import FilterKey

STOPPED, FAILED, UNREADABLE = map(ENGLISH, ("turn.stopped", "turn.failed", "turn.unreadable"))
_FAILURES = {STOPPED: "turn.stopped", FAILED: "turn.failed", UNREADABLE: "turn.unreadable"}  # keys of texts
AS_OF = "as-of"  # the id of the moment that was chosen beside the question
TURNS_SHOWN = 40
QUOTATIONS = "Quotations"  # the name of the writer without a model, in records too
_WRITERS = {QUOTATIONS: "ask.quotations", Provider.LOCAL: "ask.local"}  # keys of texts


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer as far as it has come."""

    number: int  # counted from 1 within the conversation
    progress: Progress
    asked_at: datetime
    removed: frozenset[FilterKey] = frozenset()
    writer: str = ""  # the name of the writer that was chosen; empty for the first one
    judged: bool = False  # whether the reader has said what the answer is worth
    suggestions: tuple[str, ...] = ()  # questions that the archive can answer
    made_with: MadeWith | None = None  # None without an answer

    @property
    def turn(self) -> Turn | None:
        """The question as it was understood, with what there is of its answer; None before it is understood."""
        if self.progress.understood is None:
            return None
        return Turn(self.progress.understood, self.progress.answer or self._unfinished())

    def _unfinished(self) -> Answer:
        """Of a question that was stopped: it was asked all the same, and a follow-up may refer to it."""
        progress = self.progress
        return Answer(progress.sentences, progress.evidence or (), Status.PARTIAL, self.asked_at)

    @property
    def can_be_judged(self) -> bool:
        """Whether there is an answer that the reader has not judged yet."""
        return self.progress.answer is not None and self.progress.understood is not None and not self.judged

    def after(self, event: Event) -> "Exchange":
        """The exchange once this event has happened."""
        return replace(self, progress=self.progress.after(event))

    def failed(self, reason: str) -> "Exchange":
        """The exchange with its question left unanswered."""
        return replace(self, progress=replace(self.progress, draft="", failure=reason))

    def again(self, *, without: str = "", as_of: datetime | None = None, writer: str | None = None) -> "Exchange":
        """The question to be answered anew: without the filter of this id, at another moment, by another writer."""
        last = self.progress
        moment = as_of or (None if without == AS_OF else last.as_of)
        removed = self.removed | {one.key for one in last.filters if filter_id(one) == without}
        progress = Progress(last.question, as_of=moment)
        return Exchange(self.number, progress, self.asked_at, removed, self.writer if writer is None else writer)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of one conversation, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def last(self) -> Exchange | None:
        """The newest exchange."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def next_number(self) -> int:
        """The number of the exchange that comes next."""
        return self.last.number + 1 if self.last else 1

    def turns_before(self, number: int) -> tuple[Turn, ...]:
        """What had been asked and answered before an exchange."""
        turns = (one.turn for one in self.exchanges[-TURNS_SHOWN:] if one.number < number)
        return tuple(turn for turn in turns if turn)

    def exchange(self, number: int) -> Exchange | None:
        """The exchange with a number."""
        return next((one for one in self.exchanges if one.number == number), None)

    def with_exchange(self, changed: Exchange) -> "Conversation":
        """The conversation with an exchange added, or replaced where it has one of this number."""
        if self.exchange(changed.number) is None:
            return Conversation((*self.exchanges, changed))
        return Conversation(tuple(changed if one.number == changed.number else one for one in self.exchanges))

    def without_last(self) -> "Conversation":
        """The conversation before its last question."""
        return Conversation(self.exchanges[:-1])

    def is_answering(self, text: str, as_of: datetime | None) -> bool:
        """Whether this very question is being answered; asking it again means that Enter was pressed twice."""
        last = self.last.progress if self.last else None
        return last is not None and not last.is_over and (last.question, last.as_of) == (text, as_of)


def writer_label(name: str, texts: Texts) -> str:
    """A writer as the page names it: a model that a spec names by that name, the others in the reader's language."""
    key = _WRITERS.get(name)
    return texts(key) if key else name


def failure_text(progress: Progress, texts: Texts) -> str:
    """Why there is no answer, in the reader's language (the record has it in English); empty where there is one."""
    key = _FAILURES.get(progress.failure)
    return texts(key) if key else progress.failure
