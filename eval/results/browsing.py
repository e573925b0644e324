"""The runs in a folder for a page: which there are, their figures, how two of them differ. Plain JSON types."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.errors import EvalError
from eval.results.comparing import compare_runs, main_measures
from eval.results.folders import SETTINGS, read_run
from eval.results.report import question_differences
from eval.results.run import Run, differences
from eval.results.tables import pairing_data

_QUESTIONS = 60  # those that differ most


def list_runs(root: Path) -> list[dict[str, Any]]:
    """The runs in a folder, newest first: folder, configuration, set, number of questions, when it began."""
    found = [_listed(path) for path in root.glob(f"*/{SETTINGS}")]
    return sorted((one for one in found if one), key=lambda one: str(one["started_at"]), reverse=True)


def _listed(path: Path) -> dict[str, Any] | None:
    """None for a folder that cannot be read; reading it whole says why."""
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        return {
            "folder": path.parent.name,
            "name": settings["configuration"]["name"],
            "dataset": settings["dataset"]["name"],
            "questions": settings["dataset"]["questions"],
            "started_at": settings.get("started_at", ""),
        }
    except (OSError, ValueError, KeyError, TypeError):
        return None


def describe_runs(root: Path, folders: Sequence[str]) -> dict[str, Any]:
    """One run, or two compared; `error` says why that is not possible."""
    known = {one["folder"] for one in list_runs(root)}
    try:
        runs = [read_run(root / folder) for folder in folders if folder in known]
        return _described(runs) if runs else {"error": "no such run"}
    except EvalError as error:
        return {"error": str(error)}


def _described(runs: Sequence[Run]) -> dict[str, Any]:
    measures = main_measures(runs)
    estimates = [run.estimates() for run in runs]
    names = dict.fromkeys(name for run in runs for name in run.measures)
    times = [run.times() for run in runs]
    return {
        "error": "",
        "runs": [run.name for run in runs],
        "measures": [(name, [asdict(one[name]) if name in one else None for one in estimates]) for name in names],
        "times": [(name, [one.get(name) for one in times]) for name in dict.fromkeys(n for one in times for n in one)],
        "comparisons": [pairing_data(one) for one in compare_runs(runs, measures)] if len(runs) > 1 else [],
        "unlike": differences(runs) if len(runs) > 1 else [],
        "measure": measures[0],
        "questions": [
            {"text": one.results[0].text, "kind": one.results[0].kind, "values": one.values, "change": one.difference}
            for one in question_differences(runs, measures[0])
            if len(runs) == 1 or one.difference
        ][:_QUESTIONS],
    }
