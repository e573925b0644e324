"""Standing questions in the page: saved from an answer, listed with what changed, deleted."""

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

import gradio as gr

from chat.answer import Status
from chat.errors import ChatError, StandingError
from chat.standing.question import StandingQuestion
from chat.standing.store import Stored
from chat.texts.notices import Notice, NoticeKind
from chat.texts.table import Texts
from chat.understanding.question import FilterKey
from web.conversations.conversation import Conversation
from web.html import standing_html
from web.requests import DeleteStanding, SaveStanding

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

    def change(
        self, reader: str, wanted: SaveStanding | DeleteStanding, conversation: Conversation, texts: Texts
    ) -> str:
        """Do what a reader wants and say how it went in a notice; returns the list as it is then."""
        try:
            if isinstance(wanted, DeleteStanding):
                self._delete(reader, wanted.id)
            else:
                self._save(reader, conversation)
                gr.Info(f"{texts('notices.saved')}. {texts('standing.saved')}")
        except ChatError as error:
            gr.Warning(f"{texts('notices.not_saved')}: {error.notice.text(texts)}.")
        return self.html(reader, texts)

    def html(self, reader: str, texts: Texts) -> str:
        """The list of the reader's standing questions; empty without any."""
        if self._standing is None:
            return ""
        stored = self._standing.stored
        listed: list[dict[str, Any]] = [
            {"question": one, "changes": stored.changes_of(one.id)[:_SHOWN_CHANGES]}
            for one in self._standing.questions(_owner(reader))
        ]
        return standing_html(listed, texts) if listed else ""

    def _save(self, reader: str, conversation: Conversation) -> None:
        last = conversation.last
        if self._standing is None:
            raise StandingError(Notice(NoticeKind.STANDING_OFF))
        if last is None or last.progress.answer is None or last.progress.answer.status is Status.ASIDE:
            raise StandingError(Notice(NoticeKind.NOTHING_TO_WATCH))
        if last.progress.as_of:
            raise StandingError(Notice(NoticeKind.LOOKS_BACK))
        self._standing.save(
            last.progress.question,
            owner=_owner(reader),
            earlier=[turn.question.text for turn in conversation.turns_before(last.number)],
            without=sorted(last.removed),
        )

    def _delete(self, reader: str, id: str) -> None:
        if self._standing:
            self._standing.delete(id, _owner(reader))


def _owner(reader: str) -> str:
    """The reader's token as it is stored: nobody can take another's cookie from the file."""
    return hashlib.sha256(reader.encode()).hexdigest()[:32]
