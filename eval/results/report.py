"""One self-contained HTML page about runs: tables, plots, and every question with the evidence shown for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.measures.rankings import area_under_risk, risk_coverage
from eval.results.abstaining import judged_answers
from eval.results.comparing import Pairing, compare_runs, main_measures
from eval.results.run import QuestionResult, Run, check_comparable, differences

_TEMPLATE = Path(__file__).with_name("report.html.jinja")
_QUESTIONS = 200  # on the page; the run folders have all


@dataclass(frozen=True, slots=True)
class Difference:
    """One question with the result of each run, and the last run's difference from the first."""

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
    """The page, with everything from articles, questions and models escaped; raises RunError."""
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
    """Worst first: by the last run's difference from the first or, with one run, by its value."""
    by_id: list[dict[str, QuestionResult]] = [{result.id: result for result in run.results} for run in runs]
    by_run = [run.values(measure) for run in runs]
    questions = [one.id for one in runs[0].results if any(one.id in values for values in by_run)]
    found = [
        Difference(
            tuple(results[one] for results in by_id if one in results),
            tuple(values.get(one, 0.0) for values in by_run),
            by_run[-1].get(one, 0.0) - (by_run[0].get(one, 0.0) if len(runs) > 1 else 0.0),
        )
        for one in questions
    ]
    return sorted(found, key=lambda one: (one.difference, one.results[0].id))


def _curve(run: Run) -> Curve | None:
    answers = judged_answers(run)
    if not answers:
        return None
    curve = risk_coverage([one["answerability"] for one in answers], [one["would_be_right"] for one in answers])
    points = " ".join(f"{100 * coverage:.2f},{100 - 100 * risk:.2f}" for coverage, risk in curve)
    return Curve(run.name, points, area_under_risk(curve))
