"""Measures how fast the local model reads and writes, beside llama.cpp with its file: `python -m eval.model_speed`."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from chat.answering.prompts import estimated_tokens
from chat.llms.weights import find_weights
from corpus.article import Article
from corpus.readers import read_articles
from eval.bench.opening import language_model

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

_SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
_CHARACTERS_READ = 2500  # about 600 tokens
_TOKENS_WRITTEN = 48


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second that a model reads and writes."""

    read: float
    written: float


def speed_of(llm: "LLM", texts: Sequence[str]) -> Speed:
    """The medians over different texts, so that nothing is in a cache; the first text warms the model up.

    Tokens read are estimated from the text, those written are counted as they come.
    """
    read, written = zip(*(_measured(llm, text) for text in texts), strict=True)
    return Speed(_median(read[1:]), _median(written[1:]))


def _measured(llm: "LLM", text: str) -> tuple[float, float]:
    messages, started, moments = _asking(text), time.perf_counter(), list[float]()
    for reply in llm.stream_chat(messages, max_tokens=_TOKENS_WRITTEN):
        if reply.delta:
            moments.append(time.perf_counter())
    tokens = estimated_tokens(text) / (moments[0] - started)
    return tokens, (len(moments) - 1) / max(moments[-1] - moments[0], 1e-9)


def _asking(text: str) -> "list[ChatMessage]":
    from llama_index.core.llms import ChatMessage, MessageRole

    return [ChatMessage(role=MessageRole.USER, content=f"{text}\n\nSummarise this report in five long sentences.")]


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _texts(count: int) -> Iterator[str]:
    """Different texts of one length, from the sample."""
    whole = "\n\n".join(one.text for one in read_articles([_SAMPLE]) if isinstance(one, Article))
    pieces = (whole[start : start + _CHARACTERS_READ] for start in range(0, len(whole), _CHARACTERS_READ))
    return islice(pieces, count)


def main(
    texts: Annotated[int, typer.Option(help="How many texts each engine reads after the first.", min=1)] = 5,
    data: Annotated[Path | None, typer.Option(help="The data folder with the converted model.")] = None,
) -> None:
    """Print tokens a second in and out of OpenVINO and of llama.cpp, and their ratios."""
    read = list(_texts(texts + 1))
    with TemporaryDirectory() as folder:
        engines = {"OpenVINO": "local", "llama.cpp": str(find_weights(Path(folder)))}
        speeds = {}
        for name, spec in engines.items():
            llm = language_model(spec, data or Path(folder))
            assert llm is not None
            speeds[name] = speed_of(llm, read)
            print(f"{name}: {speeds[name].read:.0f} tokens/s in, {speeds[name].written:.1f} out", flush=True)
    one, other = speeds.values()
    print(f"ratio: {one.read / other.read:.2f} in, {one.written / other.written:.2f} out")


if __name__ == "__main__":
    typer.run(main)
