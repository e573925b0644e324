"""Questions from readers' feedback: a thumb up gives the gold, a thumb down makes a draft for a person."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chat.answer import Status
from chat.publishing.feedback import FILE_NAME, Thumb
from eval.datasets.form import Place
from eval.datasets.records import Record, json_records, records_field, text_field
from eval.errors import DatasetError


def questions_of_feedback(data: Path) -> Iterator[dict[str, Any]]:
    """One question per rated answer, in the project's own format; of several thumbs on one answer the last counts.

    After a thumb up the cited articles are gold, or the question is unanswerable where the answer was an abstention.
    After a thumb down the gold is unknown: the question is a draft, and no evaluation accepts it before a person has
    named the right articles and removed the field `draft`. Raises DatasetError with file and line.
    """
    path = data / FILE_NAME
    if not path.is_file():
        raise DatasetError(path, None, "no feedback there; it is written when a reader of the page gives a thumb")
    rated = {_key(row, place): (row, place) for place, row in json_records(path)}
    return (_question(name, row, place) for name, (row, place) in rated.items())


def _key(row: Record, place: Place) -> str:
    asked = [text_field(row, "question", place), text_field(row, "as_of", place), records_field(row, "earlier", place)]
    return f"feedback-{hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:10]}"


def _question(name: str, row: Record, place: Place) -> dict[str, Any]:
    asked = {
        "question_id": name,
        "kind": "feedback",
        "question": text_field(row, "question", place),
        "as_of": text_field(row, "as_of", place),
        "earlier": list(records_field(row, "earlier", place)),
    }
    cited = records_field(row, "cited", place)
    if text_field(row, "thumb", place) != Thumb.UP or not (cited or row.get("status") == Status.NOT_IN_ARCHIVE):
        about = "the answer was not good: name the right articles in `articles`, or set answerable: false"
        return {**asked, "draft": True, "about": about, "articles": []}
    articles = dict.fromkeys(text_field(one, "article", place) for one in cited)
    return {**asked, "articles": list(articles), "answerable": bool(articles)}
