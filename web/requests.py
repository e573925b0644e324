"""What a button within an answer asks for, as the browser sends it: read strictly, as anybody may send anything."""

import json
from dataclasses import dataclass

from chat.publishing.feedback import Thumb

_LONGEST_ID = 400  # characters
_MOST_MARKS = 100


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask the last question again, without one of its filters if one is named."""

    without: str = ""


@dataclass(frozen=True, slots=True)
class GiveThumb:
    """Say what the last answer is worth."""

    thumb: Thumb


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


Request = AskAgain | GiveThumb | OpenArticle | SaveStanding | DeleteStanding


def read_request(text: str) -> Request | None:
    """The request in a JSON object with one key that says what is wanted, or None when it is none."""
    try:
        wanted = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match wanted:
        case {"without": str(key)} if len(key) <= _LONGEST_ID:
            return AskAgain(key)
        case {"thumb": "up" | "down" as thumb}:
            return GiveThumb(Thumb(thumb))
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


def _marks(value: object) -> tuple[tuple[int, int], ...]:
    """Pairs of offsets, in the form "10-25 40-60"."""
    if not isinstance(value, str):
        return ()
    pairs = (one.partition("-") for one in value.split(maxsplit=_MOST_MARKS)[:_MOST_MARKS])
    return tuple((int(start), int(end)) for start, _, end in pairs if _is_offset(start) and _is_offset(end))


def _is_offset(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
