"""How long a reader waits for an answer: `python -m eval.speed`, on the sample, warm."""

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from chat.chatbot import Chatbot
from chat.events import Composed, Drafted, Finished
from chat.opening import open_chatbot
from chat.settings import ChatSettings
from corpus.readers import read_articles
from eval.runs import surroundings, write_whole
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
    figures: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the README.")] = None,
) -> None:
    """Print how long quoting and writing take."""
    asked = [row["question"] for row in map(json.loads, _QUESTIONS.open(encoding="utf-8")) if row["kind"] == "fact"]
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        sync(read_articles([ROOT / "corpus" / "sample"]), Path(folder), open_embedding())
        for spec in ("quotes", llm):
            chatbot = open_chatbot(settings_of(ChatSettings, data=Path(folder), llm=spec))
            wait_for(chatbot, asked[-1])  # the first question of a process pays for what is loaded late
            waits = [wait for question in asked[:questions] if (wait := wait_for(chatbot, question))]
            name = "quoting" if spec == "quotes" else f"writing, {spec} model"
            told[name] = _percentiles(waits)
            _print(spec, told[name], len(waits))
    if figures:
        machine = {part: surroundings()["machine"][part] for part in ("processor", "cores")}
        write_whole(figures, json.dumps({"machine": machine, "waits": told}, indent=1) + "\n")


def _percentiles(waits: Sequence[Waiting]) -> dict[str, list[float]]:
    """The 50th and the 95th of each time, in seconds."""
    return {
        part.name: [float(one) for one in np.percentile([getattr(wait, part.name) for wait in waits], [50, 95])]
        for part in fields(Waiting)
    }


def _print(spec: str, times: Mapping[str, Sequence[float]], count: int) -> None:
    for name, (p50, p95) in times.items():
        print(f"{spec:8} {name:18} p50 {p50:6.2f}  p95 {p95:6.2f}  of {count} answers", flush=True)


if __name__ == "__main__":
    typer.run(main)
