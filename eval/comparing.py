"""Comparisons of runs with a first one, question by question."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.errors import RunError
from eval.runs import Run, check_comparable
from eval.statistics import Comparison, compare, false_alarm_rate, holm


@dataclass(frozen=True, slots=True)
class Pairing:
    """One measure of one run held against the first run's."""

    measure: str
    first: str
    second: str
    comparison: Comparison
    holm_p_value: float  # adjusted for all runs that are held against the first by this measure


def compare_runs(runs: Sequence[Run], measures: Sequence[str]) -> list[Pairing]:
    """Every run after the first against the first; raises RunError where they cannot be compared."""
    if len(runs) < 2:
        raise RunError("one run cannot be compared; name two or more")
    check_comparable(runs)
    return [pairing for measure in measures for pairing in _by_measure(runs, measure)]


def main_measures(runs: Sequence[Run]) -> list[str]:
    """The measures by which runs are compared when none is named: the first of each level."""
    held = [name for name in runs[0].measures if all(name in run.measures for run in runs)]
    wanted = ("nDCG@10", "RR@10", "Success@4", "passage nDCG@10", "answer in passage@4", "accuracy", "citation recall")
    return [name for name in wanted if name in held] or held[:1]


def aa_rate(runs: Sequence[Run], measure: str) -> float:
    """How often the test would see a difference at the 5 % level between two that do not differ."""
    first, second = _paired(runs[0], runs[1], measure)
    return false_alarm_rate(first, second)


def _by_measure(runs: Sequence[Run], measure: str) -> list[Pairing]:
    compared = [compare(*_paired(runs[0], run, measure)) for run in runs[1:]]
    adjusted = holm([one.p_value for one in compared])
    return [
        Pairing(measure, runs[0].name, run.name, one, p_value)
        for run, one, p_value in zip(runs[1:], compared, adjusted, strict=True)
    ]


def _paired(first: Run, second: Run, measure: str) -> tuple[list[float], list[float]]:
    """The values of the questions that either has; one that is missing counts zero."""
    held, other = first.values(measure), second.values(measure)
    if not held and not other:
        raise RunError(f"no question has the measure {measure!r}; they have: {', '.join(first.measures)}")
    questions = list(dict.fromkeys([*held, *other]))
    return [held.get(one, 0.0) for one in questions], [other.get(one, 0.0) for one in questions]
