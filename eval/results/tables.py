"""Runs and comparisons as tables for a terminal and as data for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.results.abstaining import COVERAGES, abstention_data
from eval.results.comparing import Pairing
from eval.results.run import Run


def run_data(run: Run, folder: Path | None) -> dict[str, Any]:
    """A run's figures, in plain JSON types."""
    return {
        "run": str(folder) if folder else None,
        "configuration": run.settings["configuration"],
        "dataset": run.settings["dataset"],
        "index": run.settings["index"],
        "measures": {name: asdict(one) for name, one in run.estimates().items()},
        "times_ms": run.times(),
        **_abstention(run),
    }


def figures_text(runs: Sequence[Run], pairings: Sequence[Pairing]) -> str:
    """The figures of runs for the docs, as reproducible JSON without paths of this machine."""
    first = runs[0].settings
    data = {
        "dataset": {name: first["dataset"][name] for name in ("name", "questions", "splits")},
        "index": {name: first["index"][name] for name in ("articles", "passages", "bytes")},
        "machine": {name: first["machine"][name] for name in ("processor", "cores")},
        "runs": [
            {
                "name": run.name,
                "measures": {name: asdict(one) for name, one in run.estimates().items()},
                "times_ms": run.times(),
                **_abstention(run),
            }
            for run in runs
        ],
        "comparisons": [pairing_data(one) for one in pairings],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _abstention(run: Run) -> dict[str, Any]:
    data = abstention_data(run)
    return {"abstention": data} if data else {}


def pairing_data(pairing: Pairing) -> dict[str, Any]:
    """A comparison, in plain JSON types."""
    return asdict(pairing)


def print_runs(runs: Sequence[Run]) -> None:
    """One row per measure, one column per run; means with their 95 % intervals."""
    table = _table("measure", *(run.name for run in runs), "n")
    estimates = [run.estimates() for run in runs]
    for name in dict.fromkeys(name for run in runs for name in run.measures):
        cells = [cell(one, name) for one in estimates]
        table.add_row(name, *cells, str(max(one[name].count for one in estimates if name in one)))
    for name in dict.fromkeys(name for run in runs for name in run.times()):
        table.add_row(f"{name} (ms)", *(f"{run.times()[name]:.1f}" for run in runs), "")
    _print(table)


def print_abstention(runs: Sequence[Run]) -> None:
    """One row per run: how its probability of an answer ranks the questions, and the risk at some coverages."""
    found = {run.name: data for run in runs if (data := abstention_data(run))}
    rows = [
        [name, f"{data['auc']:.3f}", *(f"{risk:.3f}" for risk in data["risk_at_coverage"].values())]
        for name, data in found.items()
    ]
    if rows:
        print_table(("abstention", "AUC", *(f"risk at {share:.0%}" for share in COVERAGES)), rows)


def print_kinds(run: Run, measures: Sequence[str]) -> None:
    """One row per kind of question, where there are several."""
    kinds = dict.fromkeys(result.kind for result in run.results)
    if len(kinds) < 2:
        return
    table = _table(f"{run.name}: kind", *measures, "n")
    for kind in kinds:
        results = [result for result in run.results if result.kind == kind]
        by_measure = {name: [one.values[name] for one in results if name in one.values] for name in measures}
        cells = [f"{sum(values) / len(values):.3f}" if values else "" for values in by_measure.values()]
        table.add_row(kind or "-", *cells, str(len(results)))
    _print(table)


def print_pairings(pairings: Sequence[Pairing]) -> None:
    """One row per pair and measure: the difference, its interval and its significance."""
    table = _table("against", "configuration", "measure", "difference", "p", "p (Holm)", "detectable", "better/worse")
    for one in pairings:
        compared = one.comparison
        table.add_row(
            one.first,
            one.second,
            one.measure,
            f"{compared.difference:+.3f} [{compared.low:+.3f}, {compared.high:+.3f}]",
            f"{compared.p_value:.4f}",
            f"{one.holm_p_value:.4f}",
            f"{compared.smallest_detectable:.3f}",
            f"{compared.better}/{compared.worse}",
        )
    _print(table)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table at its full width."""
    table = _table(*columns)
    for row in rows:
        table.add_row(*row)
    _print(table)


def cell(estimates: Mapping[str, Any], name: str) -> str:
    """A mean with its interval; empty where it is not defined."""
    if name not in estimates:
        return ""
    one = estimates[name]
    return f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]"


def _table(*columns: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def _print(table: Any) -> None:
    from rich.console import Console

    # Without a terminal rich would cut the table to 80 columns.
    console = Console()
    Console(width=max(console.width, 400) if not console.is_terminal else None).print(table)
