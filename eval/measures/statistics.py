"""Confidence intervals and significance tests for means over questions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 9_999
SEED = 20_230_315
_BATCH = 500  # resamples held in memory at a time

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval; `count` questions."""

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference between two configurations on the same questions."""

    difference: float  # second minus first
    low: float
    high: float
    p_value: float
    smallest_detectable: float
    better: int  # questions
    worse: int
    count: int


def estimate(values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """The mean and its bootstrap percentile interval over questions (Efron & Tibshirani 1993); 0 for no values."""
    if not values:
        return Estimate(0.0, 0.0, 0.0, 0)
    low, high = _interval(np.asarray(values, dtype=float), resamples, seed)
    return Estimate(float(np.mean(values)), low, high, len(values))


def compare(
    first: Sequence[float], second: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Comparison:
    """Paired by position; raises ValueError for lists that are empty or of different lengths."""
    if len(first) != len(second) or not first:
        raise ValueError(f"{len(first)} and {len(second)} values cannot be paired")
    differences = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    low, high = _interval(differences, resamples, seed)
    return Comparison(
        difference=float(differences.mean()),
        low=low,
        high=high,
        p_value=randomisation_p_value(first, second, resamples=resamples, seed=seed),
        smallest_detectable=smallest_detectable(differences),
        better=int((differences > 0).sum()),
        worse=int((differences < 0).sum()),
        count=len(differences),
    )


def randomisation_p_value(
    first: Sequence[float], second: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> float:
    """Two-sided paired randomisation test of the mean difference (Fisher 1935; Smucker, Allan & Carterette 2007).

    Exact where there are at most `resamples` sign patterns.
    """
    from scipy.stats import permutation_test  # type: ignore[import-untyped]

    if len(first) < 2 or np.array_equal(first, second):
        return 1.0
    result = permutation_test(
        (np.asarray(second, dtype=float), np.asarray(first, dtype=float)),
        _mean_difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        batch=_BATCH,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for multiple comparisons, in the order given (Holm 1979)."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = highest
    return adjusted


def smallest_detectable(differences: Sequence[float] | Numbers, *, level: float = 0.05, power: float = 0.8) -> float:
    """The smallest mean difference that this many questions would detect with this power (Cohen 1988)."""
    from scipy.stats import norm

    if len(differences) < 2:
        return math.inf
    error = float(np.std(differences, ddof=1)) / math.sqrt(len(differences))
    return error * float(norm.ppf(1 - level / 2) + norm.ppf(power))


def false_alarm_rate(
    first: Sequence[float], second: Sequence[float], *, trials: int = 400, level: float = 0.05, seed: int = SEED
) -> float:
    """An A/A test: how often the significance test reports a difference at `level` where there is none.

    In each trial the questions are resampled with replacement and a coin flip swaps the two configurations, so that
    any difference is chance.
    """
    random = np.random.default_rng(seed)
    pairs = np.column_stack([first, second]).astype(float)
    alarms = 0
    for trial in range(trials):
        drawn = pairs[random.integers(0, len(pairs), len(pairs))]
        swapped = random.random(len(pairs)) < 0.5
        drawn[swapped] = drawn[swapped][:, ::-1]
        p_value = randomisation_p_value(drawn[:, 0].tolist(), drawn[:, 1].tolist(), resamples=499, seed=seed + trial)
        alarms += p_value <= level
    return alarms / trials


def rate_interval(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a rate, which may be 0 or 1 (Wilson 1927)."""
    from scipy.stats import binomtest

    likely = binomtest(count, of).proportion_ci(method="wilson")
    return float(likely.low), float(likely.high)


def _interval(values: Numbers, resamples: int, seed: int) -> tuple[float, float]:
    from scipy.stats import bootstrap

    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    result = bootstrap(
        (values,),
        np.mean,
        n_resamples=resamples,
        batch=_BATCH,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def _mean_difference(second: Numbers, first: Numbers, axis: int = -1) -> Numbers:
    """Rounded, so that equal means compare equal whatever the order of summation."""
    difference: Numbers = np.round(np.mean(second, axis=axis) - np.mean(first, axis=axis), 12)
    return difference
