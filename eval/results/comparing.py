"""Compares runs with the first one, question by question."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.errors import RunError
from eval.measures.statistics import Comparison, compare, false_alarm_rate, holm
from eval.results.run import Run, check_comparable


@dataclass(frozen=True, slots=True)
class Pairing:
    """One measure of one run compared with the first run's."""

    measure: str
    first: str
    second: str
    comparison: Comparison
    holm_p_value: float  # adjusted for all runs that are compared by this measure


def compare_runs(runs: Sequence[Run], measures: Sequence[str]) -> list[Pairing]:
    """Every other run against the first; raises RunError where they cannot be compared."""
    if len(runs) < 2:
        raise RunError("one run cannot be compared; name two or more")
    check_comparable(runs)
    return [pairing for measure in measures for pairing in _by_measure(runs, measure)]


def main_measures(runs: Sequence[Run]) -> list[str]:
    """The measures to compare by when none is named."""
    common = [name for name in runs[0].measures if all(name in run.measures for run in runs)]
    wanted = (
        *("nDCG@10", "RR@10", "Success@4", "passage nDCG@10", "answer in passage@4"),
        *("first line right", "accuracy", "citation recall"),
    )
    return [name for name in wanted if name in common] or common[:1]


def aa_rate(runs: Sequence[Run], measure: str) -> float:
    """The rate of false alarms of the significance test at the 5 % level."""
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
    """The values of all questions that either run has; a missing one counts zero."""
    values, others = first.values(measure), second.values(measure)
    if not values and not others:
        raise RunError(f"no question has the measure {measure!r}; they have: {', '.join(first.measures)}")
    questions = list(dict.fromkeys([*values, *others]))
    return [values.get(one, 0.0) for one in questions], [others.get(one, 0.0) for one in questions]
