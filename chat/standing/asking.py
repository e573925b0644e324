"""Standing questions of one archive: saving and deleting them, and asking them again after each addition."""

import logging
import secrets
import sqlite3
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chat.answer import Status, Turn
from chat.chatbot import AnswerSettings, Chatbot
from chat.errors import ChatError, StandingError
from chat.gathering.evidence import EvidenceSettings
from chat.gathering.search import SearchSettings
from chat.publishing.cards import cited
from chat.publishing.plain_data import answer_data
from chat.standing.comparing import compare, known_from
from chat.standing.question import Change, Known, Reason, StandingQuestion
from chat.standing.store import StandingStore, Stored, asked_record, saved_record
from chat.texts.notices import Notice, NoticeKind
from chat.understanding.question import FilterKey
from indexer.errors import IndexerError

MOST = 500  # standing questions of an archive
MOST_OF_A_READER = 20
_EARLIER = 4  # questions of the conversation
# Nobody waits for these answers, and a report that is missed goes unnoticed: with the usual 8 passages, one phrasing in
# four misses a toll of the sample's ferry fire.
_THOROUGH = AnswerSettings(SearchSettings(evidence=EvidenceSettings(passages=24, compared=96)))


class StandingQuestions:
    """Saves standing questions and says what changed; threads and processes may share the data folder.

    The answers are quotations, whatever the language model: the same evidence gives the same answer everywhere, and
    another wording of a model is no news.
    """

    def __init__(self, chatbot: Chatbot, store: StandingStore, clock: Callable[[], datetime]) -> None:
        self._chatbot = chatbot.in_quotations(_THOROUGH)
        self._store = store
        self._clock = clock
        self._asked_at: dict[str, int] = {}  # the sequence of the archive when each question was last asked here

    @property
    def stored(self) -> Stored:
        """The questions, what is known, and the changes."""
        return self._store.stored()

    def questions(self, owner: str | None = None) -> list[StandingQuestion]:
        """All questions, or those of one owner, the oldest first."""
        return [one for one in self.stored.questions.values() if owner in (None, one.owner)]

    def question(self, id: str, owner: str | None = None) -> StandingQuestion:
        """One question; raises StandingError when there is none, or none of this owner."""
        found = self.stored.questions.get(id)
        if found is None or owner not in (None, found.owner):
            raise StandingError("no such standing question; list them with: python -m chat watch --list")
        return found

    def save(
        self, text: str, *, owner: str = "", earlier: Sequence[str] = (), without: Sequence[FilterKey] = ()
    ) -> StandingQuestion:
        """Save a question, and its answer of now as what is known; one that is saved already is returned.

        Raises StandingError for a remark, a blank text, or when there are too many.
        """
        question = StandingQuestion(
            id=secrets.token_urlsafe(16),
            text=text,
            since=self._clock(),
            owner=owner,
            earlier=tuple(earlier)[-_EARLIER:],
            without=tuple(without),
        )
        known = self._known_now(question)
        with self._store.changing() as stored:
            if same := next((one for one in stored.questions.values() if _is_same(one, question)), None):
                return same
            _refuse_too_many(stored, owner)
            self._store.append(saved_record(question), asked_record(question.id, known, None))
        return question

    def delete(self, id: str, owner: str | None = None) -> None:
        """Delete a question with its changes; raises StandingError when there is none."""
        with self._store.changing():
            self.question(id, owner)
            self._store.append({"deleted": id})

    def ask_again(self) -> list[Change]:
        """Ask each question that was not asked since the last addition; returns what changed.

        Does nothing while articles are being added: what was added is not searched yet.
        """
        sequence = self._settled_sequence()
        if sequence is None:
            return []
        due = [one for one in self.questions() if self._asked_at.get(one.id) != sequence]
        changes: list[Change] = []
        for one in due:
            changes += filter(None, [self._ask(one, sequence)])
            self._asked_at[one.id] = sequence
        return changes

    def keep_asking(self, stop: threading.Event, every_s: float = 2.0) -> None:
        """Ask again after each addition until stopped; an archive that cannot be read now is tried again."""
        while not stop.wait(every_s):
            try:
                self.ask_again()
            except (ChatError, IndexerError, sqlite3.Error, OSError) as error:
                logging.getLogger(__name__).warning("standing questions were not asked: %s", error)

    def unreported(self, place: str) -> list[Change]:
        """The changes that were not reported at a place, such as the terminal, the oldest first."""
        stored = self.stored
        return [one for one in stored.changes.values() if one.id not in stored.reported.get(place, ())]

    def mark_reported(self, changes: Sequence[Change], place: str) -> None:
        """Remember that these changes were reported there."""
        with self._store.changing():
            self._store.append(*({"reported": one.id, "to": place} for one in changes))

    def _settled_sequence(self) -> int | None:
        """The sequence of the archive; None while the indexes are behind it."""
        index = self._chatbot.index
        index.refresh()
        sequence = index.archive.sequence()
        return sequence if index.searched_through == sequence else None

    def _ask(self, question: StandingQuestion, sequence: int) -> Change | None:
        """Answer first and lock afterwards; another process may have noticed the change meanwhile."""
        turn = self._turn(question)
        with self._store.changing() as stored:
            before = stored.known.get(question.id)
            if question.id not in stored.questions or (before and before.sequence > sequence):
                return None
            archive = self._chatbot.index.archive
            before = before or known_from(turn, archive, sequence)  # a purge may have taken what was known
            known, reasons = compare(before, turn, archive, sequence)
            change = self._change(question, turn, reasons) if reasons else None
            if change or known != stored.known.get(question.id):
                self._store.append(asked_record(question.id, known, change))
        return change

    def _turn(self, question: StandingQuestion) -> Turn:
        now = self._clock()
        conversation = self._chatbot.conversation_of(((one, "") for one in question.earlier), now)
        return self._chatbot.turn(question.text, conversation=conversation, removed=frozenset(question.without))

    def _known_now(self, question: StandingQuestion) -> Known:
        if not question.text.strip():
            raise StandingError("there is no question to save; write one")
        archive = self._chatbot.index.archive
        sequence = archive.sequence()
        turn = self._turn(question)
        if turn.answer.status is Status.ASIDE:
            raise StandingError(Notice(NoticeKind.NO_NEWS))
        return known_from(turn, archive, sequence)

    def _change(self, question: StandingQuestion, turn: Turn, reasons: tuple[Reason, ...]) -> Change:
        return Change(
            id=str(uuid.uuid4()),
            question_id=question.id,
            question=question.text,
            noticed_at=self._clock(),
            reasons=reasons,
            answer=_cited_answer(turn),
        )


def _cited_answer(turn: Turn) -> dict[str, Any]:
    """The answer in plain JSON types, with the cited evidence only."""
    numbers = {one.number for one in cited(turn.answer.sentences)}
    data = answer_data(turn.question, turn.answer)
    return data | {"evidence": [one for one in data["evidence"] if one["number"] in numbers]}


def _is_same(one: StandingQuestion, other: StandingQuestion) -> bool:
    return (one.text, one.owner, one.earlier, one.without) == (other.text, other.owner, other.earlier, other.without)


def _refuse_too_many(stored: Stored, owner: str) -> None:
    own = sum(one.owner == owner for one in stored.questions.values())
    if len(stored.questions) >= MOST or (owner and own >= MOST_OF_A_READER):
        raise StandingError(Notice(NoticeKind.TOO_MANY_STANDING))
