"""Standing questions and their changes as lines for a terminal and for feeds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from chat.answering.quoting import visible
from chat.publishing.answer_text import day
from chat.publishing.links import web_address
from chat.standing.question import Change, StandingQuestion


def question_line(question: StandingQuestion, changes: Sequence[Change]) -> str:
    """A standing question with how often its answer changed."""
    times = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
    return f"{question.id}  {visible(question.text)}  (since {day(question.since)}, {times})"


def change_lines(change: Change) -> Iterator[str]:
    """What changed, then the answer and its sources."""
    yield f"{change.noticed_at:%d %B %Y %H:%M} UTC  {visible(change.question)}"
    yield from (f"  * {visible(reason.text)}" for reason in change.reasons)
    yield from (f"  {line}" for line in answer_lines(change.answer))


def answer_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """The sentences of an answer in plain JSON types, with citation marks, then its sources."""
    for sentence in answer["sentences"]:
        marks = "".join(f" [{number}]" for number in sentence["citations"])
        yield f"{visible(sentence['text'])}{marks}"
    if answer["notice"]:
        yield f"({visible(answer['notice'])})"
    for one in answer["evidence"]:
        published = one["published_at"]
        parts = [f"[{one['number']}] {visible(one['title'])}", visible(one["source"])]
        parts.append(day(date.fromisoformat(published[:10])) if published else "undated")
        yield ", ".join(filter(None, (*parts, web_address(one["url"]))))
