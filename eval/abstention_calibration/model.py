"""The logistic model of answerability over the abstention signals, and its threshold."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chat.gathering.abstention import AbstentionSettings, Signals
from eval.abstention_calibration.asking import Asking

Floats = npt.NDArray[np.float64]

NAMES = ("constant", *Signals._fields)
WRONGLY_REFUSED = (
    0.08  # the highest share of answerable questions: a wrong abstention costs more than a right one saves
)


def select(askings: Sequence[Asking], part: npt.NDArray[np.bool_]) -> list[Asking]:
    """The askings for which `part` is true."""
    return [one for one, is_in in zip(askings, part, strict=True) if is_in]


def weights_of(settings: AbstentionSettings) -> Floats:
    """The constant and the weights of the settings."""
    return np.array([getattr(settings, name) for name in NAMES])


def learn(askings: Sequence[Asking]) -> Floats:
    """The constant and the weights, fitted to the askings that no rule decides.

    Each set and each outcome has the same total weight.
    """
    from sklearn.linear_model import LogisticRegression

    undecided = [one for one in askings if one.certain is None]
    cells = Counter((one.set_name, one.answerable) for one in undecided)
    sample_weights = [len(undecided) / len(cells) / cells[one.set_name, one.answerable] for one in undecided]
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(np.array([one.signals for one in undecided]), [one.answerable for one in undecided], sample_weights)
    return np.concatenate([model.intercept_, model.coef_[0]])


def predict(askings: Sequence[Asking], weights: Floats) -> Floats:
    """The answerability of each asking, 0 to 1."""
    logits = np.array([one.signals for one in askings]) @ weights[1:] + weights[0]
    certain = np.array([np.nan if one.certain is None else one.certain for one in askings])
    return np.where(np.isnan(certain), 0.5 * (1.0 + np.tanh(logits / 2.0)), certain)


def cross_validated(askings: Sequence[Asking]) -> Floats:
    """The answerability of each set by a model fitted to the other sets; to itself where there is no other."""
    names, found = np.array([one.set_name for one in askings]), np.zeros(len(askings))
    for name in set(names):
        training = select(askings, names != name) or list(askings)
        found[names == name] = predict(select(askings, names == name), learn(training))
    return found


def threshold(askings: Sequence[Asking], probabilities: Floats) -> float:
    """The highest threshold that, beyond the rules, refuses at most WRONGLY_REFUSED of any set's answerable askings."""
    names = np.array([one.set_name for one in askings])
    with_answer = np.array([one.answerable and one.certain != 0.0 for one in askings])
    return float(min(np.quantile(probabilities[with_answer & (names == name)], WRONGLY_REFUSED) for name in set(names)))
