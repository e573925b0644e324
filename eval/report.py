"""Runs as one HTML page that needs nothing else: tables, plots, and every question with what was shown for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.comparing import Pairing, compare_runs, main_measures
from eval.measures import area_under_risk, risk_coverage
from eval.runs import QuestionResult, Run, check_comparable, differences

_TEMPLATE = Path(__file__).with_name("report.html.jinja")
_QUESTIONS = 200  # shown; the folder of a run has all


@dataclass(frozen=True, slots=True)
class Difference:
    """A question, what each run made of it, and how far the last is from the first."""

    results: tuple[QuestionResult, ...]
    values: tuple[float, ...]
    difference: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A risk-coverage curve as the points of an SVG path, 0 to 100 on both axes, and the area under it."""

    name: str
    points: str
    area: float


def render_report(runs: Sequence[Run]) -> str:
    """The page; whatever came from an article, a question or a model is escaped. Raises RunError."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    check_comparable(runs)
    measures = main_measures(runs)
    pairings: list[Pairing] = compare_runs(runs, measures) if len(runs) > 1 else []
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATE.parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    shown = question_differences(runs, measures[0])
    return environment.get_template(_TEMPLATE.name).render(
        runs=runs,
        estimates=[run.estimates() for run in runs],
        names=list(dict.fromkeys(name for run in runs for name in run.measures)),
        times=[run.times() for run in runs],
        time_names=list(dict.fromkeys(name for run in runs for name in run.times())),
        measures=measures,
        pairings=pairings,
        differences=differences(runs),
        questions=shown[:_QUESTIONS],
        left_out=max(0, len(shown) - _QUESTIONS),
        changes=[one.difference for one in shown if len(runs) > 1],
        curves=[curve for run in runs if (curve := _curve(run))],
    )


def question_differences(runs: Sequence[Run], measure: str) -> list[Difference]:
    """The worst first: where the last run loses most against the first or, with one run, where it is lowest."""
    by_id: list[dict[str, QuestionResult]] = [{result.id: result for result in run.results} for run in runs]
    held = [run.values(measure) for run in runs]
    questions = [one.id for one in runs[0].results if any(one.id in values for values in held)]
    found = [
        Difference(
            tuple(results[one] for results in by_id if one in results),
            tuple(values.get(one, 0.0) for values in held),
            held[-1].get(one, 0.0) - (held[0].get(one, 0.0) if len(runs) > 1 else 0.0),
        )
        for one in questions
    ]
    return sorted(found, key=lambda one: (one.difference, one.results[0].id))


def _curve(run: Run) -> Curve | None:
    answers: list[Any] = [result.answer for result in run.results if result.answer]
    if not answers:
        return None
    curve = risk_coverage([one["confidence"] for one in answers], [one["would_be_right"] for one in answers])
    points = " ".join(f"{100 * coverage:.2f},{100 - 100 * risk:.2f}" for coverage, risk in curve)
    return Curve(run.name, points, area_under_risk(curve))
