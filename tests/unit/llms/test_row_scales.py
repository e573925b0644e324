"""Weights with one scale a row stay close to those in small groups."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chat.llms.row_scales import row_scaled


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 3))
def test_each_weight_moves_by_at_most_half_a_step_of_its_row(seed: int, rows: int, groups: int) -> None:
    random = np.random.default_rng(seed)
    integers = random.integers(0, 64, (rows, groups, 16), np.uint8)
    zeros = np.full((rows, groups, 1), 32, np.uint8)
    scales = random.uniform(0.001, 0.1, (rows, groups, 1)).astype(np.float16)
    exact = ((integers.astype(np.float32) - zeros) * scales.astype(np.float32)).reshape(rows, -1)
    weights, row_scales = row_scaled(integers, zeros, scales)
    assert (weights.dtype.name, row_scales.shape) == ("int8", (rows, 1))
    step = row_scales.astype(np.float32)
    assert (np.abs(weights * step - exact) <= 0.6 * step + 1e-6).all()


def test_a_row_of_zeros_stays_one() -> None:
    zero = np.full((1, 2, 16), 32, np.uint8)
    weights, _ = row_scaled(zero, np.full((1, 2, 1), 32, np.uint8), np.ones((1, 2, 1), np.float16))
    assert not weights.any()
