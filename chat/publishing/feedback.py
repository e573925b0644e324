"""Readers' verdicts on answers, kept in a file beside the archive."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from chat.answer import Answer, Turn

FILE_NAME = "feedback.jsonl"


class Thumb(StrEnum):
    """A reader's verdict on an answer."""

    UP = "up"
    DOWN = "down"


def keep_feedback(data: Path, turns: Sequence[Turn], thumb: Thumb, *, as_of: datetime | None, now: datetime) -> None:
    """Append a line about the last turn; when a reader votes again, the last line counts.

    `as_of` is the moment that the reader had chosen; without one it is when the question was asked. Raises OSError.
    """
    *before, last = turns
    line = {
        "given_at": now.isoformat(timespec="seconds"),
        "thumb": str(thumb),
        "question": last.question.text,
        "as_of": (as_of or last.answer.asked_at).isoformat(),
        "earlier": [{"question": turn.question.text, "answer": _text(turn.answer)} for turn in before],
        "status": str(last.answer.status),
        "answer": _text(last.answer),
        "cited": _cited(last.answer),
    }
    with (data / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _text(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences) or answer.notice or str(answer.status)


def _cited(answer: Answer) -> list[Mapping[str, Any]]:
    cited = {one.number: one for sentence in answer.sentences for one in sentence.citations}
    return [
        {"article": one.article.id, "version": one.article.version, "url": one.article.url, "sentence": one.text}
        for one in cited.values()
    ]
