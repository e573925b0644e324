"""Measures how long a reader waits for an answer: `python -m eval.speed`, on the sample, warm."""

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from chat.answering.prompts import fitting_evidence, numbered, reading_messages
from chat.chatbot import Chatbot
from chat.events import Composed, Drafted, Finished
from chat.gathering.evidence import EvidenceSettings
from chat.gathering.retrieval import retrieve
from chat.opening import answer_settings, open_chatbot, open_model_or_quote
from chat.settings import ChatSettings
from chat.texts.notices import text_of
from corpus.readers import read_articles
from eval.errors import ConfigurationError
from eval.files import write_whole
from eval.results.surroundings import surroundings
from indexer.embedding.model import open_embedding
from indexer.settings import settings_of
from indexer.sync import sync

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM

ROOT = Path(__file__).parents[1]
_QUESTIONS = ROOT / "eval" / "questions" / "sample.jsonl"
_MUCH_EVIDENCE_TOKENS = 300
_AS_OF = datetime(2023, 12, 31, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds from a question to its first word on the page, its first checked sentence, and its end."""

    first_word_s: float
    first_sentence_s: float
    end_s: float

    def after(self, seconds: float) -> "Waiting":
        """Each time less the given seconds."""
        return Waiting(self.first_word_s - seconds, self.first_sentence_s - seconds, self.end_s - seconds)


def wait_for(chatbot: Chatbot, question: str) -> Waiting | None:
    """Ask a question and time its events; None for an abstention."""
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


def retrieval_s(chatbot: Chatbot, question: str, embedding: "BaseEmbedding") -> float:
    """Seconds to embed a question and to retrieve passages."""
    understood = chatbot.understand(question, conversation=(), as_of=_AS_OF)
    started = time.perf_counter()
    retrieve(understood, chatbot.index, embedding, EvidenceSettings().passages)
    return time.perf_counter() - started


def wait_for_writing(chatbot: Chatbot, llm: "LLM", question: str, evidence_tokens: int) -> Waiting:
    """Let a model write from as many sentences as fit into a number of tokens, more than it usually gets."""
    understood = chatbot.understand(question, conversation=(), as_of=_AS_OF)
    evidence = fitting_evidence(chatbot.search.in_reach(understood), evidence_tokens)
    asking = reading_messages(question, numbered(evidence))
    started = time.perf_counter()
    moments = [time.perf_counter() - started for reply in llm.stream_chat(asking) if reply.delta]
    end_s = time.perf_counter() - started
    return Waiting(moments[0] if moments else end_s, end_s, end_s)


def main(
    questions: Annotated[int, typer.Option(help="How many questions to ask.")] = 20,
    llm: Annotated[str, typer.Option(help="The language model for the written answers.")] = "local",
    figures: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the docs.")] = None,
) -> None:
    """Print how long quoting and writing take."""
    rows = [row["question"] for row in map(json.loads, _QUESTIONS.open(encoding="utf-8")) if row["kind"] == "fact"]
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        sync(read_articles([ROOT / "corpus" / "sample"]), Path(folder), open_embedding())
        for spec in ("quotes", llm):
            settings = settings_of(ChatSettings, data=Path(folder), llm=spec)
            for name, waits in _waits(settings, rows[:questions], rows[-1]).items():
                measured[name] = _percentiles(waits)
                _print(name, measured[name], len(waits))
    if figures:
        machine = {part: surroundings()["machine"][part] for part in ("processor", "cores")}
        write_whole(figures, json.dumps({"machine": machine, "waits": measured}, indent=1) + "\n")


def _waits(settings: ChatSettings, questions: Sequence[str], first: str) -> dict[str, list[Waiting]]:
    """Waits by what is measured; the first question loads what is lazy and is not counted."""
    chatbot = open_chatbot(settings)
    if chatbot.notices:
        raise ConfigurationError(f"nothing to measure with {settings.llm!r}: {text_of(chatbot.notices)}")
    chatbot.get_ready()
    wait_for(chatbot, first)
    waits = {question: wait for question in questions if (wait := wait_for(chatbot, question))}
    if settings.llm == "quotes":
        embedding = open_embedding(settings.embedding).embedding
        finding = {question: retrieval_s(chatbot, question, embedding) for question in (first, *waits)}
        after = [wait.after(finding[question]) for question, wait in waits.items()]
        return {"quoting": list(waits.values()), "quoting, after retrieval": after}
    name = f"writing, {settings.llm} model"
    model, _ = open_model_or_quote(settings)
    if model is None or not answer_settings(settings.llm).writer.gives_probabilities:
        return {name: list(waits.values())}
    wait_for_writing(chatbot, model, first, _MUCH_EVIDENCE_TOKENS)
    much = [wait_for_writing(chatbot, model, question, _MUCH_EVIDENCE_TOKENS) for question in waits]
    return {name: list(waits.values()), f"{name}, from {_MUCH_EVIDENCE_TOKENS} tokens of evidence": much}


def _percentiles(waits: Sequence[Waiting]) -> dict[str, list[float]]:
    """The 50th and 95th percentile of each time, in seconds."""
    return {
        part.name: [float(one) for one in np.percentile([getattr(wait, part.name) for wait in waits], [50, 95])]
        for part in fields(Waiting)
    }


def _print(what: str, times: Mapping[str, Sequence[float]], count: int) -> None:
    for name, (p50, p95) in times.items():
        print(f"{what}: {name} p50 {p50:6.2f}  p95 {p95:6.2f}  of {count} answers", flush=True)


if __name__ == "__main__":
    typer.run(main)
