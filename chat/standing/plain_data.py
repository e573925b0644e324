"""Standing questions and their changes for programs, in plain JSON types."""

from collections.abc import Sequence
from typing import Any

from chat.standing.question import Change, StandingQuestion


def question_data(question: StandingQuestion, changes: Sequence[Change]) -> dict[str, Any]:
    """A standing question with its changes, the newest first."""
    return {
        "id": question.id,
        "question": question.text,
        "conversation": list(question.earlier),
        "without": [{"kind": str(one.kind), "value": one.value} for one in question.without],
        "since": question.since.isoformat(),
        "changes": [change_data(one) for one in changes],
    }


def change_data(change: Change) -> dict[str, Any]:
    """A change: why, and the answer as it is since then."""
    return {
        "id": change.id,
        "standing_question": change.question_id,
        "question": change.question,
        "noticed_at": change.noticed_at.isoformat(),
        "reasons": [{"kind": str(one.kind), "text": one.text} for one in change.reasons],
        "answer": change.answer,
    }
