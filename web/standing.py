"""Standing questions in the page: saved from an answer, listed with what changed, deleted."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from chat.answer import Status
from chat.errors import StandingError
from chat.standing.question import StandingQuestion
from chat.standing.store import Stored
from chat.understanding.question import FilterKey
from web.html import standing_html

if TYPE_CHECKING:
    from web.conversations.conversation import Conversation

_SHOWN_CHANGES = 5  # of each question; the feed has all


class Standing(Protocol):
    """What the page needs of `chat.standing.asking.StandingQuestions`."""

    @property
    def stored(self) -> Stored: ...

    def questions(self, owner: str | None = None) -> list[StandingQuestion]: ...

    def save(
        self, text: str, *, owner: str = "", earlier: Sequence[str] = (), without: Sequence[FilterKey] = ()
    ) -> StandingQuestion: ...

    def delete(self, id: str, owner: str | None = None) -> None: ...


class ReadersQuestions:
    """The standing questions of the page's readers, each of whom sees their own."""

    def __init__(self, standing: Standing | None) -> None:
        """Without `standing` nothing can be saved."""
        self._standing = standing

    def save(self, reader: str, conversation: "Conversation") -> None:
        """Save the last question of a conversation; raises StandingError when that cannot be."""
        if self._standing is None:
            raise StandingError("standing questions are not kept here")
        last = conversation.last
        progress = last.progress if last else None
        if last is None or progress is None or progress.answer is None or progress.answer.status is Status.ASIDE:
            raise StandingError("there is no answer that could change; ask a question first")
        if progress.as_of:
            raise StandingError("the answer as of an earlier day cannot change; ask again without the day")
        self._standing.save(
            progress.question,
            owner=_owner(reader),
            earlier=[turn.question.text for turn in conversation.turns_before(last.number)],
            without=sorted(last.removed),
        )

    def delete(self, reader: str, id: str) -> None:
        """Delete one of the reader's own; raises StandingError when there is no such one."""
        if self._standing:
            self._standing.delete(id, _owner(reader))

    def html(self, reader: str) -> str:
        """The list of the reader's standing questions; empty without any."""
        if self._standing is None:
            return ""
        stored = self._standing.stored
        listed: list[dict[str, Any]] = [
            {"question": one, "changes": stored.changes_of(one.id)[:_SHOWN_CHANGES]}
            for one in self._standing.questions(_owner(reader))
        ]
        return standing_html(listed) if listed else ""


def _owner(reader: str) -> str:
    """The reader's token as it is stored: nobody can take another's cookie from the file."""
    return hashlib.sha256(reader.encode()).hexdigest()[:32]
