"""What readers thought of answers, kept beside the archive for a person to look at: no words of any article."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from chat.answer import Answer, Turn
from chat.errors import FeedbackError
from chat.texts.notices import Notice, NoticeKind, not_written

FILE_NAME = "feedback.jsonl"
_MOST_BYTES = 5_000_000  # of the file
_EARLIER_TURNS = 4


class Thumb(StrEnum):
    """What a reader thought of an answer."""

    UP = "up"
    DOWN = "down"


class Reason(StrEnum):
    """Why a reader did not like an answer."""

    WRONG = "wrong"
    OFF_THE_POINT = "off the point"
    INCOMPLETE = "incomplete"
    OUT_OF_DATE = "out of date"
    OTHER = "other"


def keep_feedback(
    data: Path,
    turns: Sequence[Turn],
    thumb: Thumb,
    *,
    as_of: datetime | None,
    now: datetime,
    reason: Reason | None = None,
) -> None:
    """Append a line about the last turn; raises FeedbackError when the file is full or cannot be written.

    `as_of` is the moment that the reader had chosen; without one it is when the question was asked. Of the answer the
    line has the hashes of its text and of the cited sentences, and where these stand in their articles.
    """
    *before, last = turns
    line = {
        "given_at": now.isoformat(timespec="seconds"),
        "thumb": str(thumb),
        "reason": str(reason) if reason else None,
        "question": last.question.text,
        "as_of": (as_of or last.answer.asked_at).isoformat(),
        "earlier": [{"question": turn.question.text} for turn in before[-_EARLIER_TURNS:]],
        "status": str(last.answer.status),
        "answer_sha256": _sha256(" ".join(sentence.text for sentence in last.answer.sentences)),
        "cited": _cited(last.answer),
    }
    _append(data / FILE_NAME, json.dumps(line, ensure_ascii=False) + "\n")


def _append(path: Path, line: str) -> None:
    try:
        if path.exists() and path.stat().st_size + len(line.encode()) > _MOST_BYTES:
            raise FeedbackError(Notice(NoticeKind.FULL, path.name, _MOST_BYTES // 1_000_000))
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise FeedbackError(not_written(path.name, error)) from error


def _cited(answer: Answer) -> list[Mapping[str, Any]]:
    cited = {one.number: one for sentence in answer.sentences for one in sentence.citations}
    return [
        {
            "article": one.article.id,
            "version": one.article.version,
            "start": one.start,
            "end": one.end,
            "sha256": _sha256(one.text),
        }
        for one in cited.values()
    ]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
