"""What lies between the integer multiplications of a BERT layer, each in one pass over rows that fit a core's cache.

A row of inputs is brought between its least and its greatest value onto 0 to 255, so that
`row = least + step * whole`; the product with weights `w` is then `step * (whole @ w) + least * sum(w)`.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

_Floats = npt.NDArray[np.float32]
_Bytes = npt.NDArray[np.uint8]
_Whole = npt.NDArray[np.int64]

_F = np.float32
_I = np.int32
_compiled = njit(nogil=True, fastmath=True, cache=True, error_model="numpy")
_EDGE = _F(4.5)  # beyond it a normal deviate's distribution is 0 or 1 to 3e-6
# erf(x / sqrt(2)) / x as a polynomial of 2 (x / 4.5)^2 - 1, by least squares weighted towards the least greatest error
# (Lawson 1961): GELU is within 4e-5 of the exact one.
_ERF = np.array(
    [0.3138042, -0.154344, 0.1096373, -0.08111045, 0.05525724, -0.03349108, 0.02442083, -0.01865481, 0.006704712],
    dtype=np.float32,
)


@njit(inline="always")
def _flipped(bits: np.int32) -> np.int32:
    """Integers in the order of the floats whose bits they are, and back: the compiler vectorises their extremes."""
    return bits ^ ((bits >> _I(31)) & _I(0x7FFFFFFF))


@njit(inline="always")
def _quantise_row(row: _Floats, whole: _Bytes, range_: _Floats) -> None:
    bits = row.view(np.int32)
    ends = np.empty(2, np.int32)
    least = greatest = _flipped(bits[0])
    for at in range(row.shape[0]):
        value = _flipped(bits[at])
        least, greatest = min(least, value), max(greatest, value)
    ends[0], ends[1] = _flipped(least), _flipped(greatest)
    low, high = ends.view(np.float32)
    step = (high - low) * _F(1 / 255) + _F(1e-12)
    steps = _F(1) / step
    for at in range(row.shape[0]):
        whole[at] = np.uint8(_I((row[at] - low) * steps + _F(0.5)))
    range_[0], range_[1] = step, low


@_compiled
def quantise(rows: _Floats, before: _Floats, whole: _Bytes, ranges: _Floats) -> None:
    """Evened rows as integers: times before[0], plus before[1]; the steps and leasts go into ranges."""
    row = np.empty(rows.shape[1], np.float32)
    for at in range(rows.shape[0]):
        for c in range(rows.shape[1]):
            row[c] = rows[at, c] * before[0, c] + before[1, c]
        _quantise_row(row, whole[at], ranges[at])


@_compiled
def finish(made: _Floats, after: _Floats, ranges: _Floats) -> None:
    """Products of integers as what they stand for, in place; after[0] sums the weights, after[1] is the bias."""
    for at in range(made.shape[0]):
        step, low = ranges[at, 0], ranges[at, 1]
        for c in range(made.shape[1]):
            made[at, c] = made[at, c] * step + (low * after[0, c] + after[1, c])


@_compiled
def norm_and_quantise(
    made: _Floats,
    after: _Floats,
    residual: _Floats,
    norm: _Floats,
    epsilon: np.float32,
    before: _Floats,
    whole: _Bytes,
    ranges: _Floats,
) -> None:
    """Finish, add the residual, normalise the layer (which becomes the residual), and quantise for the next."""
    width = made.shape[1]
    row = np.empty(width, np.float32)
    for at in range(made.shape[0]):
        step, low = ranges[at, 0], ranges[at, 1]
        total, squares = _F(0), _F(0)
        for c in range(width):
            value = made[at, c] * step + (low * after[0, c] + after[1, c]) + residual[at, c]
            row[c] = value
            total += value
        mean = total / _F(width)
        for c in range(width):
            squares += (row[c] - mean) * (row[c] - mean)
        times = _F(1) / np.sqrt(squares / _F(width) + epsilon)
        for c in range(width):
            value = (row[c] - mean) * times * norm[0, c] + norm[1, c]
            residual[at, c] = value
            row[c] = value * before[0, c] + before[1, c]
        _quantise_row(row, whole[at], ranges[at])


@_compiled
def gelu_and_quantise(
    made: _Floats,
    after: _Floats,
    wide_channels: _Whole,
    wide: _Floats,
    before: _Floats,
    whole: _Bytes,
    ranges: _Floats,
) -> None:
    """Finish, activate, keep the wide channels as floats, and quantise the others for the next layer."""
    width = made.shape[1]
    row = np.empty(width, np.float32)
    k0, k1, k2, k3, k4, k5, k6, k7, k8 = _ERF
    for at in range(made.shape[0]):
        step, low = ranges[at, 0], ranges[at, 1]
        for c in range(width):
            value = made[at, c] * step + (low * after[0, c] + after[1, c])
            inner = min(max(value, -_EDGE), _EDGE)
            t = inner * inner * _F(2 / 4.5**2) - _F(1)
            erf = ((((((((k8 * t + k7) * t + k6) * t + k5) * t + k4) * t + k3) * t + k2) * t + k1) * t + k0) * inner
            row[c] = _F(0.5) * value * (_F(1) + erf)
        for n in range(wide_channels.shape[0]):
            wide[at, n] = row[wide_channels[n]]
        for c in range(width):
            row[c] = row[c] * before[0, c] + before[1, c]
        _quantise_row(row, whole[at], ranges[at])
