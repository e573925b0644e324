"""What a button in the page asks for, as the browser sends it: read strictly, as anybody may send anything."""

import json
from dataclasses import dataclass
from typing import Any

from chat.publishing.feedback import Reason, Thumb

_LONGEST_ID = 400  # characters
_LONGEST_QUESTION = 4_000  # what is longer than a question may be is refused with a word where it is asked
_MOST_MARKS = 100


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a question that the page offers."""

    question: str


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask the last question again: without one of its filters, at another moment, by another writer."""

    without: str = ""
    as_of: str = ""
    writer: str | None = None  # None: the same


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last question back."""


@dataclass(frozen=True, slots=True)
class GiveThumb:
    """Say what the last answer is worth, and why."""

    thumb: Thumb
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """Show the whole of a version of an article, with these spans of its text marked."""

    article_id: str
    version: int
    marks: tuple[tuple[int, int], ...] = ()
    against: int | None = None  # another version, to show what changed since


@dataclass(frozen=True, slots=True)
class SaveStanding:
    """Ask the last question again after each addition."""


@dataclass(frozen=True, slots=True)
class DeleteStanding:
    """Delete one of the reader's standing questions."""

    id: str


@dataclass(frozen=True, slots=True)
class ListConversations:
    """Show the conversations of this browser, those with these words."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """Show a conversation and go on with it."""

    id: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a conversation another name."""

    id: str
    title: str
    words: str = ""  # of the list that is shown


@dataclass(frozen=True, slots=True)
class Share:
    """Give a conversation a read-only link, or take it away."""

    id: str
    shared: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Delete:
    """Erase a conversation."""

    id: str


Request = (
    Ask
    | AskAgain
    | Undo
    | GiveThumb
    | SaveStanding
    | DeleteStanding
    | OpenArticle
    | ListConversations
    | OpenConversation
    | Rename
    | Share
    | Delete
)


def read_request(text: str) -> Request | None:
    """The request in a JSON object whose first key says what is wanted, or None when it is none."""
    try:
        wanted = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(wanted, dict) or any(_is_too_long(value) for value in wanted.values()):
        return None
    return _question(wanted) or _article_or_thumb(wanted) or _conversation(wanted)


def _is_too_long(value: object) -> bool:
    return isinstance(value, str) and len(value) > _LONGEST_QUESTION


def _question(wanted: dict[str, Any]) -> Request | None:
    match wanted:
        case {"ask": str(question)}:
            return Ask(question)
        case {"without": str(key), **others} if len(key) <= _LONGEST_ID:
            writer = others.get("writer")
            return AskAgain(key, _text(others.get("as_of")), writer if isinstance(writer, str) else None)
        case {"undo": True}:
            return Undo()
        case _:
            return None


def _article_or_thumb(wanted: dict[str, Any]) -> Request | None:
    match wanted:
        case {"thumb": "up" | "down" as thumb, **others}:
            reason = others.get("reason")
            return GiveThumb(Thumb(thumb), Reason(reason) if reason in set(Reason) else None)
        case {"standing": "save"}:
            return SaveStanding()
        case {"delete_standing": str(id)} if len(id) <= _LONGEST_ID:
            return DeleteStanding(id)
        case {"article": str(article_id), "version": int(version), **others} if len(article_id) <= _LONGEST_ID:
            against = others.get("against")
            marks = _marks(others.get("marks"))
            return OpenArticle(article_id, version, marks, against if type(against) is int else None)
        case _:
            return None


def _conversation(wanted: dict[str, Any]) -> Request | None:
    words = _text(wanted.get("words"))
    match wanted:
        case {"rename": str(id), "title": str(title)}:
            return Rename(id, title, words)
        case {"share": str(id), "shared": bool(shared)}:
            return Share(id, shared, words)
        case {"open": str(id)}:
            return OpenConversation(id)
        case {"delete": str(id)}:
            return Delete(id)
        case {"conversations": str(searched)}:
            return ListConversations(searched)
        case _:
            return None


def _text(value: object) -> str:
    return value[:_LONGEST_ID] if isinstance(value, str) else ""


def _marks(value: object) -> tuple[tuple[int, int], ...]:
    """Pairs of offsets, in the form "10-25 40-60"."""
    if not isinstance(value, str):
        return ()
    pairs = (one.partition("-") for one in value.split(maxsplit=_MOST_MARKS)[:_MOST_MARKS])
    return tuple((int(start), int(end)) for start, _, end in pairs if _is_offset(start) and _is_offset(end))


def _is_offset(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
