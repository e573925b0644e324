"""What the calibration prints: rows per set, risk and coverage, and a reliability diagram."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chat.gathering.abstention import AbstentionSettings
from eval.abstention_calibration.asking import Asking
from eval.abstention_calibration.model import (
    QUOTING,
    READING,
    WRONGLY_REFUSED,
    Floats,
    calibration_error,
    cross_validated,
    learn,
    predict,
    reliability,
    select,
    threshold,
    weights_of,
)
from eval.measures.rankings import area_under_roc, risk_coverage
from eval.results.abstaining import COVERAGES, risk_at

_BAR = 40  # characters of a probability of 1


def report(askings: Sequence[Asking]) -> Iterator[str]:
    """Every line, first for quoting and then, where a model read the evidence, for reading."""
    yield f"{'':54}abstention           wrongly    in doubt     risk at coverage"
    yield (
        "set                                n  without    AUC  precision recall  refused  without   with  "
        + _columns(COVERAGES)
    )
    yield from _of_model("quoting", askings, QUOTING)
    read = [one for one in askings if one.read is not None or one.certain is not None]
    if any(one.read is not None for one in read):
        yield from _of_model("reading", read, READING)


def _of_model(title: str, askings: Sequence[Asking], names: Sequence[str]) -> Iterator[str]:
    settings = AbstentionSettings()
    fitted, shipped = cross_validated(askings, names), predict(askings, weights_of(settings, names), names)
    yield from _rows(f"{title}, fitted to the other sets", askings, fitted, threshold(askings, fitted), settings.sure)
    yield from _rows(f"{title}, shipped weights", askings, shipped, settings.threshold, settings.sure)
    learnt = learn(askings, names)
    on_all = threshold(askings, predict(askings, learnt, names))
    yield ", ".join(f"{name} {one:.2f}" for name, one in zip(names, learnt, strict=True))
    yield f"at most {WRONGLY_REFUSED:.0%} wrongly refused in each set: threshold {on_all:.2f}"
    yield f"{title}, reliability of the shipped weights"
    yield from reliability_diagram(shipped.tolist(), [one.answerable for one in askings])


def reliability_diagram(probabilities: Sequence[float], answerable: Sequence[bool]) -> Iterator[str]:
    """One line per tenth of probability (Murphy & Winkler 1977), then the expected calibration error."""
    rows = reliability(probabilities, answerable)
    yield "   n  predicted  answerable"
    for count, predicted, share in rows:
        yield f"{count:4}  {predicted:9.2f}  {share:10.2f}  {'#' * round(_BAR * share)}"
    yield f"expected calibration error {calibration_error(rows):.3f}"


def _rows(how: str, askings: Sequence[Asking], answerability: Floats, limit: float, sure: float) -> Iterator[str]:
    yield f"{how}, threshold {limit:.2f}"
    for title, part in _parts(askings):
        some = select(askings, part)
        own, answerable = answerability[part], [one.answerable for one in some]
        curve = risk_coverage(own.tolist(), answerable)
        auc = area_under_roc(own.tolist(), answerable)
        counts = f"{len(some):4}  {answerable.count(False):7}  {auc:5.2f}"
        doubts = doubted(some, own, sure)
        risks = _columns(risk_at(curve, wanted) for wanted in COVERAGES)
        yield f"{title:32} {counts}  {abstentions(some, own, limit)}  {doubts}  {risks}"


def _columns(values: Iterable[float]) -> str:
    return " ".join(f"{value:5.2f}" for value in values)


def _parts(askings: Sequence[Asking]) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Each set as it is and with articles hidden, where it has questions without an answer."""
    for name in dict.fromkeys(one.set_name for one in askings):
        for hidden in (False, True):
            part = np.array([one.set_name == name and _belongs(one, hidden) for one in askings])
            if any(not one.answerable for one in select(askings, part)):
                yield f"{name}, {'articles hidden' if hidden else 'as it is'}", part


def _belongs(asking: Asking, hidden: bool) -> bool:
    """Both forms are compared with the askings that are answerable as they are."""
    return asking.hidden == hidden or (asking.answerable and not asking.hidden)


def abstentions(askings: Sequence[Asking], probabilities: Floats, limit: float) -> str:
    """Precision and recall of abstention, and the share refused of the answerable."""
    refused, without = probabilities < limit, np.array([not one.answerable for one in askings])
    both, wrong = int((refused & without).sum()), int((refused & ~without).sum())
    precision, recall = both / max(1, int(refused.sum())), both / max(1, int(without.sum()))
    wrongly = wrong / max(1, int((~without).sum()))
    return f"{precision:9.2f} {recall:6.2f}  {wrongly:7.2f}"


def doubted(askings: Sequence[Asking], probabilities: Floats, sure: float) -> str:
    """The share that is not shown as an answer: of the askings without an answer, and of those with one."""
    doubtful, without = probabilities < sure, np.array([not one.answerable for one in askings])
    return f"{doubtful[without].mean():7.2f} {doubtful[~without].mean():6.2f}"
