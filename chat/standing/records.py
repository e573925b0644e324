"""Standing questions, their last answers and their changes as records of plain JSON types, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from chat.standing.question import (
    Change,
    CitedSpan,
    Known,
    Lead,
    Reason,
    ReasonKind,
    StandingQuestion,
    StatedFigure,
)
from chat.understanding.question import FilterKey, FilterKind


def record_of(value: StandingQuestion | Known | Change) -> dict[str, Any]:
    """Plain JSON types; moments in ISO 8601."""
    return {name: _plain(one) for name, one in asdict(value).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def question_from(record: Mapping[str, Any]) -> StandingQuestion:
    """Raises KeyError, TypeError or ValueError for a record that is not one."""
    return StandingQuestion(
        id=str(record["id"]),
        text=str(record["text"]),
        since=datetime.fromisoformat(record["since"]),
        owner=str(record["owner"]),
        earlier=tuple(map(str, record["earlier"])),
        without=tuple(FilterKey(FilterKind(kind), str(value)) for kind, value in record["without"]),
    )


def known_from_record(record: Mapping[str, Any]) -> Known:
    """As `question_from`."""
    figure, lead = record["figure"], record["lead"]
    return Known(
        int(record["sequence"]),
        bool(record["has_answer"]),
        StatedFigure(**_with_moment(figure)) if figure else None,
        Lead(**_with_moment(lead)) if lead else None,
        tuple(CitedSpan(**one) for one in record["cited"]),
    )


def _with_moment(record: Mapping[str, Any]) -> dict[str, Any]:
    moment, values = datetime.fromisoformat(record["reported_at"]), tuple(record["values"])
    return {**record, "reported_at": moment, "values": values}


def change_from(record: Mapping[str, Any]) -> Change:
    """As `question_from`."""
    return Change(
        id=str(record["id"]),
        question_id=str(record["question_id"]),
        question=str(record["question"]),
        noticed_at=datetime.fromisoformat(record["noticed_at"]),
        reasons=tuple(Reason(ReasonKind(one["kind"]), str(one["text"])) for one in record["reasons"]),
        answer=dict(record["answer"]),
    )
