"""What a command leaves behind: run folders, a report page, a file of figures, and a table or JSON on stdout."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.files import write_whole
from eval.results.comparing import Pairing, compare_runs, main_measures
from eval.results.folders import write_run
from eval.results.report import render_report
from eval.results.run import Run
from eval.results.tables import (
    figures_text,
    pairing_data,
    print_abstention,
    print_kinds,
    print_pairings,
    print_runs,
    run_data,
)

_BY_KIND = (
    *("first line right", "first line wrong", "first line absent", "accuracy", "citation recall"),
    *("abstention recall", "doubt with an answer", "doubt without an answer"),
)


@dataclass(frozen=True, slots=True)
class Output:
    """Where the results go beside the run folders."""

    runs_folder: Path
    as_json: bool = False
    report: Path | None = None  # one HTML page
    figures: Path | None = None  # a JSON file for the docs


def write_results(runs: Sequence[Run], output: Output) -> None:
    """Write every run's folder and whatever else was asked for, then print the results."""
    folders = [write_run(output.runs_folder, run) for run in runs]
    pairings = compare_runs(runs, main_measures(runs)) if len(runs) > 1 else []
    if output.report:
        write_whole(output.report, render_report(runs))
    if output.figures:
        write_whole(output.figures, figures_text(runs, pairings))
    if output.as_json:
        print(_as_json(runs, folders, pairings))
        return
    _print(runs, folders, pairings)
    if output.report:
        print(f"report: {output.report}")


def _as_json(runs: Sequence[Run], folders: Sequence[Path], pairings: Sequence[Pairing]) -> str:
    data = {
        "runs": [run_data(run, folder) for run, folder in zip(runs, folders, strict=True)],
        "comparisons": [pairing_data(one) for one in pairings],
    }
    return json.dumps(data, ensure_ascii=False, indent=1, default=str)


def _print(runs: Sequence[Run], folders: Sequence[Path], pairings: Sequence[Pairing]) -> None:
    index, dataset = runs[0].settings["index"], runs[0].settings["dataset"]
    print(
        f"{dataset['name']}: {dataset['questions']} questions, {index['articles']} articles, "
        f"{index['passages']} passages, {index['bytes'] / 1e6:.1f} MB. {dataset['note']}"
    )
    print_runs(runs)
    if runs[0].settings["command"] == "answers":
        print_abstention(runs)
        for run in runs:
            print_kinds(run, [name for name in _BY_KIND if name in run.measures])
    elif len(runs) == 1:
        print_kinds(runs[0], main_measures(runs))
    if len(runs) > 1:
        print_pairings(pairings)
    for folder in folders:
        print(f"run: {folder}")
