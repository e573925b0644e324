"""The tables of figures in README.md and docs/, made from the files that the commands wrote."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_RETRIEVAL = (
    *("nDCG@10", "RR@10", "Success@1", "Success@4", "Success@10"),
    *("story RR@10", "story Success@1", "story Success@4", "story Success@10", "answer in passage@4"),
)
_ANSWERS = ("first line right", "accuracy", "citation precision", "citation recall", "quotation exactness")
_QUIZ = (
    *("first line right", "accuracy", "answer words", "answer words in evidence@3", "choice by evidence"),
    *("citation recall", "quotation exactness", "unsupported sentences", "weak sentences"),
)
_ABSTENTION = ("abstention precision", "abstention recall", "doubt without an answer", "doubt with an answer")

Figures = Mapping[str, Any]


def figures_text(folder: Path) -> str:
    """A table for each existing file of figures; a mean is followed by its 95 % interval."""
    parts = [
        _part(json.loads((folder / name).read_text(encoding="utf-8")), command, measured_on, table)
        for name, (command, measured_on, table) in _TABLES.items()
        if (folder / name).is_file()
    ]
    return "\n\n".join(parts)


def main_figures_text(folder: Path) -> str:
    """One short table of the figures that matter most, from the files that exist."""
    rows = [row for name, summary in _SUMMARIES.items() for row in _summary_rows(folder / name, summary)]
    return _markdown(("figure", "value", "command"), rows)


def _summary_rows(path: Path, summary: Callable[[Figures], list[tuple[str, str]]]) -> list[list[str]]:
    if not path.is_file():
        return []
    command = _COMMANDS[path.name]
    return [[*row, f"`{command}`"] for row in summary(json.loads(path.read_text(encoding="utf-8")))]


def _retrieval_summary(figures: Figures) -> list[tuple[str, str]]:
    full = next(run for run in figures["runs"] if run["name"] == "full")
    articles = figures["index"]["articles"]
    return [(f"RealTimeQA 2022, {articles} articles: a right one in the first four", _mean(full, "Success@4"))]


def _peers_summary(figures: Figures) -> list[tuple[str, str]]:
    first, *others = figures["peers"]
    best = max(others, key=lambda peer: float(peer["measures"]["nDCG@10"]["mean"]))
    value = f"{_mean(first, 'nDCG@10')} against {_mean(best, 'nDCG@10')} ({best['name']})"
    return [("nDCG@10 against the best of six other systems", value)]


def _answers_summary(figures: Figures) -> list[tuple[str, str]]:
    names = {
        "accuracy": "held-out questions about the sample: right answers",
        "first line right": "the first line gives the answer",
        "citation recall": "gold sentences that are cited",
        "quotation exactness": "quotations that are verbatim",
        "abstention recall": "unanswerable questions that get an abstention",
    }
    values = {name: " / ".join(_mean(run, name) for run in figures["runs"]) for name in names}
    spoken = " / ".join(run["name"] for run in figures["runs"])
    return [(f"{names[name]}, {spoken}", value) for name, value in values.items()]


def _speed_summary(figures: Figures) -> list[tuple[str, str]]:
    return [
        (f"first word, {name}, p95", f"{times['first_word_s'][1]:.2g} s")
        for name, times in figures["waits"].items()
        if "," not in name or name.endswith("model")
    ]


def _scale_summary(figures: Figures) -> list[tuple[str, str]]:
    largest = figures["sizes"][-1]
    size = f"archive of {largest['passages']:,} passages"
    slowest_ms = max(p95 for _, p95 in largest["query_ms"].values())
    added_s = sorted(largest["one_more_s"]["add"])
    return [
        (f"{size}: search, p95, the slowest of five kinds", f"{slowest_ms / 1_000:.2f} s"),
        (f"{size}: one more article until it is found", f"{added_s[len(added_s) // 2]:.2f} s"),
    ]


def _index_speed_summary(figures: Figures) -> list[tuple[str, str]]:
    by_part = [figures["parts"][part][0] for part in ("embedding", "memory") if part in figures["parts"]]
    return [(one["what"], f"{one['value']:.3g} {one['unit']}") for one in by_part]


def _mean(run: Figures, measure: str) -> str:
    return f"{run['measures'][measure]['mean']:.3f}"


def _part(figures: Figures, command: str, measured_on: str, table: Callable[[Figures], str]) -> str:
    machine = figures["machine"]
    values = {
        "articles": figures.get("index", figures).get("articles", ""),
        "questions": figures.get("dataset", {}).get("questions", ""),
        "machine": f"{machine['cores']} cores of {machine['processor']}",
    }
    return f"`{command}`, {measured_on.format(**values)}:\n\n{table(figures)}"


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
    return _markdown(("", "measured", "target"), rows)


def _retrieval(figures: Figures) -> str:
    first = figures["runs"][0]
    time = next(name for name in ("time without embedding", "time") if f"{name} p50" in first["times_ms"])
    return _runs(figures, [name for name in _RETRIEVAL if name in first["measures"]], time)


def _answers(figures: Figures) -> str:
    return _runs(figures, (*_ANSWERS, *_ABSTENTION), "first word")


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
    return "\n".join([table, "", *missing, *(f"- {note}" for note in figures["not_compared"])])


def _estimate(one: Figures | None) -> str:
    return f"{one['mean']:.3f} [{one['low']:.3f}, {one['high']:.3f}]" if one else ""


def _times(times_ms: Figures, name: str) -> str:
    return f"{times_ms[f'{name} p50']:.0f} / {times_ms[f'{name} p95']:.0f} ms"


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# File -> the command that writes it, what it measures on, and how its table is made.
_TABLES: dict[str, tuple[str, str, Callable[[Figures], str]]] = {
    "speed.json": ("make bench", "the sample archive, warm, on {machine}", _speed),
    "index_speed.json": ("make bench-index", "synthetic articles and vectors, on {machine}", _index_speed),
    "realtimeqa.json": (
        "python -m eval retrieval --dataset FOLDER",
        "RealTimeQA 2022: {questions} quiz questions, {articles} dated articles",
        _retrieval,
    ),
    "peers.json": (
        "python -m eval peers --dataset FOLDER --limit-articles 1000",
        "RealTimeQA 2022: {questions} questions, {articles} articles, on {machine}",
        _peers,
    ),
    "answers.json": (
        "python -m eval answers --split held-out --llm quotes --llm local",
        "{questions} held-out questions about the sample, some of them unanswerable",
        _answers,
    ),
    "answers_realtimeqa.json": (
        "python -m eval answers --dataset FOLDER --llm quotes --llm local",
        "{questions} questions of RealTimeQA 2022: whether the answer and the evidence contain the accepted answer",
        _quiz,
    ),
    "follow_ups.json": (
        "python -m eval follow-ups FILE",
        "{questions} follow-ups of MTRAG-UN (development), by how the conversation enters the search",
        _retrieval,
    ),
}
_COMMANDS = {name: command for name, (command, *_) in _TABLES.items()} | {"scale.json": "make bench-scale"}
_SUMMARIES: dict[str, Callable[[Figures], list[tuple[str, str]]]] = {
    "realtimeqa.json": _retrieval_summary,
    "peers.json": _peers_summary,
    "answers.json": _answers_summary,
    "speed.json": _speed_summary,
    "index_speed.json": _index_speed_summary,
    "scale.json": _scale_summary,
}
