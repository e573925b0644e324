"""Measures how many readers one page serves: `python -m eval.load`, conversations over loopback on the sample."""

import asyncio
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from eval.files import write_whole
from eval.results.surroundings import surroundings

ROOT = Path(__file__).parents[1]
_QUESTIONS = ROOT / "eval" / "questions" / "sample.jsonl"
_START_S = 600.0  # the sample is indexed first
_ANSWER_S = 120.0
_KB = 1_024


@dataclass(slots=True)
class Outcome:
    """Seconds of each answer and of its first event, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    first_event_seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main(
    conversations: Annotated[int, typer.Option(help="How many readers at once.")] = 200,
    questions: Annotated[int, typer.Option(help="How many questions each of them asks.")] = 3,
    think: Annotated[float, typer.Option(help="Seconds between an answer and the next question, on average.")] = 40.0,
    llm: Annotated[str, typer.Option(help="The language model; the default quotes.")] = "quotes",
    figures: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the docs.")] = None,
) -> None:
    """Print how long answers and their first events take, how many failed, and the memory of the page, as JSON."""
    with tempfile.TemporaryDirectory() as data, _page(Path(data), llm) as (address, process):
        before = _memory_bytes(process)
        outcome = asyncio.run(_all_conversations(address, conversations, questions, think))
        after = _memory_bytes(process)
    p50, p95 = _percentiles(outcome.seconds)
    first_p50, first_p95 = _percentiles(outcome.first_event_seconds)
    measured = {
        "conversations": conversations,
        "questions": questions,
        "think_s": think,
        "llm": llm,
        "answers": len(outcome.seconds),
        "errors": len(outcome.errors),
        "p50_s": p50,
        "p95_s": p95,
        "first_event_p50_s": first_p50,
        "first_event_p95_s": first_p95,
        "memory_before_bytes": before,
        "memory_after_bytes": after,
    }
    print(json.dumps(measured))
    for error in sorted(set(outcome.errors)):
        print(error, file=sys.stderr)
    if figures:
        machine = {name: surroundings()["machine"][name] for name in ("processor", "cores")}
        write_whole(figures, json.dumps({"machine": machine, "load": measured}, indent=1) + "\n")
    raise typer.Exit(1 if outcome.errors else 0)


def _percentiles(seconds: list[float]) -> tuple[float | None, float | None]:
    p50, p95 = np.percentile(seconds, [50, 95]).tolist() if seconds else (None, None)
    return p50, p95


@contextmanager
def _page(data: Path, llm: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The page itself in a process of its own, on a free port, with the sample."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "app.py", "--data", str(data), "--llm", llm, "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_until_ready(address, process)
        yield address, process
    finally:
        process.terminate()
        process.wait()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    import httpx

    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=5.0).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("the page did not open")


def _memory_bytes(process: subprocess.Popen[bytes]) -> int | None:
    """The largest memory of the process so far; only Linux says so."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.is_file():
        return None
    (line,) = (line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * _KB


async def _all_conversations(address: str, conversations: int, questions: int, think: float) -> Outcome:
    import httpx

    rows = [json.loads(line) for line in _QUESTIONS.open(encoding="utf-8")]
    outcome, chance = Outcome(), random.Random(1)
    limits = httpx.Limits(max_connections=conversations)
    async with httpx.AsyncClient(base_url=address, timeout=_ANSWER_S, limits=limits) as client:
        await client.post("/api/ask", json={"question": rows[0]["question"]})  # loads what is lazy
        asked = (chance.sample(rows, questions) for _ in range(conversations))
        await asyncio.gather(
            *(_conversation(client, some, think, random.Random(n), outcome) for n, some in enumerate(asked))
        )
    return outcome


async def _conversation(
    client: Any, rows: list[dict[str, Any]], think: float, chance: random.Random, outcome: Outcome
) -> None:
    import httpx

    earlier: list[str] = []
    for row in rows:
        await asyncio.sleep(chance.uniform(0, 2 * think))
        question = {"question": row["question"], "as_of": row["as_of"], "conversation": earlier}
        try:
            problem = await _ask(client, question, outcome)
        except httpx.TransportError as error:
            problem = repr(error)
        if problem:
            outcome.errors.append(problem)
        else:
            earlier = [*earlier, row["question"]]


async def _ask(client: Any, question: dict[str, Any], outcome: Outcome) -> str:
    """Ask for an answer as events and time it; returns what went wrong."""
    import httpx

    started, first_event_s, name = time.perf_counter(), None, ""
    async with client.stream("POST", "/api/ask", json=question, headers={"accept": "text/event-stream"}) as response:
        if response.status_code != httpx.codes.OK:
            return f"{response.status_code}: {(await response.aread())[:200]!r}"
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
                first_event_s = first_event_s or time.perf_counter() - started
    if name != "finished" or first_event_s is None:
        return f"the answer ended with {name or 'no event'}"
    outcome.seconds.append(time.perf_counter() - started)
    outcome.first_event_seconds.append(first_event_s)
    return ""


if __name__ == "__main__":
    typer.run(main)
