"""How long a reader waits for an answer: `python -m eval.speed`, on the sample, warm."""

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from chat.chatbot import Chatbot
from chat.events import Composed, Drafted, Finished
from chat.opening import open_chatbot
from chat.settings import ChatSettings
from corpus.readers import read_articles
from indexer.embedding import open_embedding
from indexer.settings import settings_of
from indexer.sync import sync

ROOT = Path(__file__).parents[1]
_QUESTIONS = ROOT / "eval" / "questions" / "sample.jsonl"
_AS_OF = datetime(2023, 12, 31, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds from a question to its first word on the page, its first checked sentence, and its end."""

    first_word_s: float
    first_sentence_s: float
    end_s: float


def wait_for(chatbot: Chatbot, question: str) -> Waiting | None:
    """Ask, and note when each thing happened; None when the archive was silent."""
    asked = time.perf_counter()
    moments: dict[str, float] = {}
    for event in chatbot.stream(question, as_of=_AS_OF):
        now = time.perf_counter() - asked
        if (isinstance(event, Drafted) and event.text) or isinstance(event, Composed):
            moments.setdefault("word", now)
        if isinstance(event, Composed):
            moments.setdefault("sentence", now)
        if isinstance(event, Finished):
            moments["end"] = now
    return Waiting(moments["word"], moments["sentence"], moments["end"]) if "sentence" in moments else None


def main(
    questions: Annotated[int, typer.Option(help="How many questions to ask.")] = 20,
    llm: Annotated[str, typer.Option(help="The language model for the written answers.")] = "local",
) -> None:
    """Print how long quoting and writing take."""
    asked = [row["question"] for row in map(json.loads, _QUESTIONS.open(encoding="utf-8")) if row["kind"] == "fact"]
    with tempfile.TemporaryDirectory() as folder:
        sync(read_articles([ROOT / "corpus" / "sample"]), Path(folder), open_embedding())
        for spec in ("quotes", llm):
            chatbot = open_chatbot(settings_of(ChatSettings, data=Path(folder), llm=spec))
            wait_for(chatbot, asked[-1])  # the first question of a process pays for what is loaded late
            waits = [wait for question in asked[:questions] if (wait := wait_for(chatbot, question))]
            _print(spec, waits)


def _print(spec: str, waits: Sequence[Waiting]) -> None:
    for name in ("first_word_s", "first_sentence_s", "end_s"):
        seconds = [getattr(wait, name) for wait in waits]
        p50, p95 = np.percentile(seconds, [50, 95])
        print(f"{spec:8} {name:18} p50 {p50:6.2f}  p95 {p95:6.2f}  of {len(seconds)} answers", flush=True)


if __name__ == "__main__":
    typer.run(main)
