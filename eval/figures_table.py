"""The README's tables of figures, made from what the commands of the evaluation wrote."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_RETRIEVAL = (
    *("nDCG@10", "RR@10", "Success@1", "Success@4", "Success@10"),
    *("story RR@10", "story Success@1", "story Success@4", "story Success@10", "answer in passage@4"),
)
_ANSWERS = ("accuracy", "citation precision", "citation recall", "quotation exactness")
_QUIZ = (
    *("accuracy", "answer words", "answer words in evidence@3", "choice by evidence"),
    *("citation recall", "quotation exactness", "unsupported sentences", "weak sentences"),
)
_SILENCE = ("refusal precision", "refusal recall", "doubt without an answer", "doubt with an answer")

Figures = Mapping[str, Any]


def figures_text(folder: Path) -> str:
    """A table for each file of figures that is there; a mean is followed by its 95 % interval."""
    parts = [
        _part(json.loads((folder / name).read_text(encoding="utf-8")), command, told, table)
        for name, (command, told, table) in _TABLES.items()
        if (folder / name).is_file()
    ]
    return "\n\n".join(parts)


def _part(figures: Figures, command: str, told: str, table: Callable[[Figures], str]) -> str:
    machine = figures["machine"]
    held = {
        "articles": figures.get("index", figures).get("articles", ""),
        "questions": figures.get("dataset", {}).get("questions", ""),
        "machine": f"{machine['cores']} cores of {machine['processor']}",
    }
    return f"`{command}`, {told.format(**held)}:\n\n{table(figures)}"


def _speed(figures: Figures) -> str:
    rows = [
        [name, *(f"{times[part][0]:.2g} s / {times[part][1]:.2g} s" for part in ("first_word_s", "end_s"))]
        for name, times in figures["waits"].items()
    ]
    return _markdown(("answers", "first word p50 / p95", "complete p50 / p95"), rows)


def _index_speed(figures: Figures) -> str:
    rows = [
        [one["what"], f"{one['value']:.3g} {one['unit']}".strip(), one["asked"]]
        for part in figures["parts"].values()
        for one in part
    ]
    return _markdown(("", "measured", "asked"), rows)


def _retrieval(figures: Figures) -> str:
    first = figures["runs"][0]
    time = next(name for name in ("time without embedding", "time") if f"{name} p50" in first["times_ms"])
    return _runs(figures, [name for name in _RETRIEVAL if name in first["measures"]], time)


def _answers(figures: Figures) -> str:
    return _runs(figures, (*_ANSWERS, *_SILENCE), "first word")


def _quiz(figures: Figures) -> str:
    return _runs(figures, _QUIZ, "last word")


def _runs(figures: Figures, measures: Sequence[str], time: str) -> str:
    rows = [
        [
            run["name"],
            *(_estimate(run["measures"].get(name)) for name in measures),
            *([_times(run["times_ms"], time)] if run["times_ms"] else []),
        ]
        for run in figures["runs"]
    ]
    timed = [f"{time} p50 / p95"] if figures["runs"][0]["times_ms"] else []
    return _markdown(("", *measures, *timed), rows)


def _peers(figures: Figures) -> str:
    measures = ("nDCG@10", "RR@10", "Success@1", "Success@4", "Success@10")
    rows = [
        [
            peer["name"],
            *(_estimate(peer["measures"][name]) for name in measures),
            f"{peer['index_s']:.0f} s",
            _times(peer["times_ms"], "query"),
            f"{peer['peak_bytes'] / 1e6:.0f} MB",
        ]
        for peer in figures["peers"]
    ]
    missing = [f"- {name}: {reason}" for name, reason in figures["missing"].items()]
    table = _markdown(("", *measures, "indexing", "query p50 / p95", "memory"), rows)
    return "\n".join([table, "", *missing, *(f"- {told}" for told in figures["not_compared"])])


def _estimate(one: Figures | None) -> str:
    return f"{one['mean']:.3f} [{one['low']:.3f}, {one['high']:.3f}]" if one else ""


def _times(times_ms: Figures, name: str) -> str:
    return f"{times_ms[f'{name} p50']:.0f} / {times_ms[f'{name} p95']:.0f} ms"


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# File -> the command that wrote it, what it was run on, how its table is made.
_TABLES: dict[str, tuple[str, str, Callable[[Figures], str]]] = {
    "speed.json": ("make bench", "the sample archive, warm, on {machine}", _speed),
    "index_speed.json": ("make bench-index", "made-up articles and vectors, on {machine}", _index_speed),
    "realtimeqa.json": (
        "python -m eval retrieval --dataset FOLDER",
        "RealTimeQA 2022: {questions} questions of a quiz, {articles} dated articles",
        _retrieval,
    ),
    "peers.json": (
        "python -m eval peers --dataset FOLDER --limit-articles 1000",
        "RealTimeQA 2022: {questions} questions, {articles} articles, on {machine}",
        _peers,
    ),
    "answers.json": (
        "python -m eval answers --split held-out --llm quotes --llm local",
        "{questions} questions about the sample, on which nothing was tuned, some of them without an answer",
        _answers,
    ),
    "answers_realtimeqa.json": (
        "python -m eval answers --dataset FOLDER --llm quotes --llm local",
        "{questions} questions of RealTimeQA 2022, whether the answer is in what is told, and what is in the evidence",
        _quiz,
    ),
    "follow_ups.json": (
        "python -m eval follow-ups FILE",
        "{questions} follow-ups of MTRAG-UN (development), by what of the conversation is searched for",
        _retrieval,
    ),
}
