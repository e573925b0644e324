"""The logistic models of answerability, by words and by a reading model, and their thresholds."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chat.gathering.abstention import AbstentionSettings, Signals, logit
from eval.abstention_calibration.asking import Asking

Floats = npt.NDArray[np.float64]

# The names that the constant and the weights have in AbstentionSettings.
QUOTING = ("constant", *Signals._fields)
READING = ("reader_constant", "reader")
WRONGLY_REFUSED = (
    0.08  # the highest share of answerable questions: a wrong abstention costs more than a right one saves
)


def select(askings: Sequence[Asking], part: npt.NDArray[np.bool_]) -> list[Asking]:
    """The askings for which `part` is true."""
    return [one for one, is_in in zip(askings, part, strict=True) if is_in]


def weights_of(settings: AbstentionSettings, names: Sequence[str] = QUOTING) -> Floats:
    """The constant and the weights of the settings."""
    return np.array([getattr(settings, name) for name in names])


def learn(askings: Sequence[Asking], names: Sequence[str] = QUOTING) -> Floats:
    """The constant and the weights, fitted to the askings that no rule decides.

    Each set and each outcome has the same total weight.
    """
    from sklearn.linear_model import LogisticRegression

    undecided = [one for one in askings if one.certain is None]
    cells = Counter((one.set_name, one.answerable) for one in undecided)
    sample_weights = [len(undecided) / len(cells) / cells[one.set_name, one.answerable] for one in undecided]
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(_values(undecided, names), [one.answerable for one in undecided], sample_weights)
    return np.concatenate([model.intercept_, model.coef_[0]])


def predict(askings: Sequence[Asking], weights: Floats, names: Sequence[str] = QUOTING) -> Floats:
    """The answerability of each asking, 0 to 1."""
    logits = _values(askings, names) @ weights[1:] + weights[0]
    certain = np.array([np.nan if one.certain is None else one.certain for one in askings])
    return np.where(np.isnan(certain), 0.5 * (1.0 + np.tanh(logits / 2.0)), certain)


def _values(askings: Sequence[Asking], names: Sequence[str]) -> Floats:
    """One row per asking, one column per weight."""
    return np.array([[_value(one, name) for name in names[1:]] for one in askings], dtype=np.float64)


def _value(asking: Asking, name: str) -> float:
    if name == "reader":
        return logit(math.nan if asking.read is None else asking.read)
    return float(getattr(asking.signals, name))


def cross_validated(askings: Sequence[Asking], names: Sequence[str] = QUOTING) -> Floats:
    """The answerability of each set by a model fitted to the other sets; to itself where there is no other."""
    sets, found = np.array([one.set_name for one in askings]), np.zeros(len(askings))
    for name in set(sets):
        training = select(askings, sets != name) or list(askings)
        found[sets == name] = predict(select(askings, sets == name), learn(training, names), names)
    return found


def threshold(askings: Sequence[Asking], probabilities: Floats) -> float:
    """The highest threshold that, beyond the rules, refuses at most WRONGLY_REFUSED of any set's answerable askings."""
    names = np.array([one.set_name for one in askings])
    with_answer = np.array([one.answerable and one.certain != 0.0 for one in askings])
    return float(min(np.quantile(probabilities[with_answer & (names == name)], WRONGLY_REFUSED) for name in set(names)))


def reliability(
    probabilities: Sequence[float], answerable: Sequence[bool], bins: int = 10
) -> list[tuple[int, float, float]]:
    """For each bin that is not empty: how many askings, their mean probability, and the share that is answerable."""
    rows: list[tuple[int, float, float]] = []
    for at in range(bins):
        inside = [
            (probability, is_answerable)
            for probability, is_answerable in zip(probabilities, answerable, strict=True)
            if min(bins - 1, int(probability * bins)) == at
        ]
        if inside:
            count = len(inside)
            rows.append((count, sum(one for one, _ in inside) / count, sum(one for _, one in inside) / count))
    return rows


def calibration_error(rows: Sequence[tuple[int, float, float]]) -> float:
    """The mean distance of probability and share over the bins, weighed by their size (Naeini et al. 2015)."""
    return sum(count * abs(predicted - share) for count, predicted, share in rows) / sum(count for count, _, _ in rows)
