import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test, ttest_rel  # type: ignore[import-untyped]

from eval.measures.statistics import (
    compare,
    estimate,
    false_alarm_rate,
    holm,
    randomisation_p_value,
    rate_interval,
    smallest_detectable,
)

TENTHS = st.integers(0, 10).map(lambda tenths: tenths / 10)
PAIRS = st.lists(st.tuples(TENTHS, TENTHS), min_size=2, max_size=8)


def p_value_by_all_signs(first: list[float], second: list[float]) -> float:
    differences = [b - a for a, b in zip(first, second, strict=True)]
    seen = abs(sum(differences))
    sums = [
        abs(sum(sign * one for sign, one in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    return sum(total >= seen - 1e-9 for total in sums) / len(sums)


@given(PAIRS)
@example([(0.0, 0.0), (0.0, 0.1), (0.2, 1.0), (1.0, 1.0), (1.0, 0.2), (1.0, 1.0), (1.0, 0.9), (1.0, 1.0)])
@settings(max_examples=40, deadline=None)
def test_a_p_value_of_few_questions_is_that_of_all_sign_patterns(pairs: list[tuple[float, float]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert randomisation_p_value(first, second) == pytest.approx(p_value_by_all_signs(first, second), abs=1e-6)


def test_a_p_value_of_many_questions_equals_scipys() -> None:
    random_numbers = np.random.default_rng(1)
    first, second = random_numbers.random(120), random_numbers.random(120) + 0.03

    def difference(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        return np.asarray(np.mean(a - b, axis=axis))

    theirs = permutation_test(
        (second, first),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=999,
        rng=np.random.default_rng(5),
    )
    ours = randomisation_p_value(first.tolist(), second.tolist(), resamples=999, seed=5)
    assert ours == pytest.approx(float(theirs.pvalue), abs=1e-6)
    assert ours == pytest.approx(float(ttest_rel(first, second).pvalue), abs=0.05)


def test_equal_lists_do_not_differ() -> None:
    result = compare([0.2, 0.8, 1.0], [0.2, 0.8, 1.0])
    assert (result.difference, result.low, result.high, result.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_a_comparison_counts_the_questions_that_got_better_and_worse() -> None:
    result = compare([0.0, 1.0, 0.5, 0.5], [1.0, 0.0, 1.0, 0.5])
    assert (result.better, result.worse, result.count) == (2, 1, 4)
    assert result.difference == pytest.approx(0.125)


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 values"):
        compare([0.1, 0.2], [0.3])


def test_holm_adjusts_as_in_the_worked_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_keeps_the_order_and_never_lowers_a_p_value(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(before <= after <= 1 for before, after in zip(p_values, adjusted, strict=True))
    by_value = [after for _, after in sorted(zip(p_values, adjusted, strict=True))]
    assert by_value == sorted(by_value)


def test_an_interval_holds_its_mean_and_narrows_with_more_questions() -> None:
    source = random.Random(3)
    values = [source.random() for _ in range(40)]
    few, many = estimate(values, resamples=999), estimate(values * 9, resamples=999)
    assert few.low < few.mean < few.high
    assert many.high - many.low < (few.high - few.low) / 2


def test_intervals_hold_the_true_mean_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(200):
        values = [float(random.Random(f"{seed}-{at}").random() < 0.3) for at in range(80)]
        interval = estimate(values, resamples=400, seed=seed)
        held += interval.low <= 0.3 <= interval.high
    assert 0.88 <= held / 200 <= 0.99


def test_the_interval_of_equal_values_is_that_value() -> None:
    assert estimate([0.5, 0.5]) == estimate([0.5, 0.5], seed=1)
    assert (estimate([0.5]).low, estimate([0.5]).high) == (0.5, 0.5)
    assert estimate([]).count == 0


def test_the_test_cries_wolf_about_as_often_as_its_level_says() -> None:
    source = random.Random(4)
    first = [source.random() for _ in range(60)]
    second = [value + source.gauss(0.1, 0.2) for value in first]
    assert 0.02 <= false_alarm_rate(first, second, trials=300) <= 0.09


def test_more_questions_show_smaller_differences() -> None:
    assert smallest_detectable([0.1, -0.1] * 50) < smallest_detectable([0.1, -0.1] * 5)
    assert smallest_detectable([0.1]) == math.inf


@pytest.mark.parametrize(("count", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634)])
def test_the_interval_of_a_rate_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    z = 1.959964  # z^2 / (n + z^2) is the upper end for none of n
    assert rate_interval(count, of) == pytest.approx((low, high), abs=1e-4)
    assert rate_interval(0, of)[1] == pytest.approx(z**2 / (of + z**2), abs=1e-6)
