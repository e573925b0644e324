"""A chatbot that answers from a script, for tests of the page."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import takewhile

from chat.answer import Answer, Evidence, Sentence, Status, Turn
from chat.answering.replies import ArchiveStatus
from chat.events import Composed, Drafted, Event, Finished, Gathered
from chat.front.opening_page import Front
from chat.texts.notices import plain
from chat.understanding.question import Filter, FilterKey
from chat.understanding.understand import understand
from corpus.article import Article

NOW = datetime(2024, 1, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """One call of `stream`."""

    text: str
    conversation: tuple[Turn, ...]
    as_of: datetime | None
    removed: frozenset[FilterKey]
    stop: threading.Event


@dataclass(frozen=True)
class Script:
    """What is said to one question."""

    sentences: tuple[Sentence, ...]
    evidence: tuple[Evidence, ...] = ()
    status: Status = Status.ANSWERED
    notice: str = ""
    filters: tuple[Filter, ...] = ()
    endless: bool = False  # drafts until it is told to stop


STATUS = ArchiveStatus(74, date(2022, 1, 3), date(2023, 12, 14), {"Dateline World Desk": 42, "Ellery Courier": 32})


@dataclass
class ScriptedChatbot:
    """Answers by the first script whose key is in the question; `word_seconds` is how long it writes at a word."""

    scripts: Mapping[str, Callable[[Asked], Script]]
    questions: tuple[str, ...] = ()
    word_seconds: float = 0.0
    further: tuple[str, ...] = ()
    opening: Front = field(default_factory=Front)
    asked: list[Asked] = field(default_factory=list)
    closed: int = 0

    def stream(
        self,
        text: str,
        *,
        conversation: Sequence[Turn] = (),
        as_of: datetime | None = None,
        removed: frozenset[FilterKey] = frozenset(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        asked = Asked(text, tuple(conversation), as_of, removed, stop or threading.Event())
        self.asked.append(asked)
        make = next((make for key, make in self.scripts.items() if key in text), None)
        if make is None:
            raise LookupError(f"no script for {text!r}")
        try:
            yield from self._play(text, make(asked), asked)
        finally:
            self.closed += 1

    def _play(self, text: str, script: Script, asked: Asked) -> Iterator[Event]:
        question = understand(text, as_of=asked.as_of or NOW)
        kept = tuple(one for one in script.filters if one.key not in asked.removed)
        yield Gathered(replace(question, filters=kept), script.evidence, script.status)
        for sentence in script.sentences:
            yield from self._drafts(sentence.text)
            yield Composed(sentence)
        while script.endless:
            yield from self._drafts("and so on and so forth")
        yield Finished(Answer(script.sentences, script.evidence, script.status, NOW, plain(script.notice)))

    def _drafts(self, text: str) -> Iterator[Event]:
        words = text.split()
        for count in range(1, len(words) + 1):
            time.sleep(self.word_seconds)
            yield Drafted(" ".join(words[:count]))

    def suggestions(self, conversation: Sequence[Turn], go_on: Callable[[], bool] = lambda: True) -> tuple[str, ...]:
        return tuple(takewhile(lambda _: go_on(), self.further))

    def examples(self) -> tuple[str, ...]:
        return self.questions

    def front(self) -> Front:
        return self.opening

    def status(self) -> ArchiveStatus:
        return STATUS


def evidence(number: int, article: Article, words: str) -> Evidence:
    """Evidence for these words of an article, which must hold them."""
    start = article.text.index(words)
    return Evidence(number, article, start, start + len(words))
