"""Calibrates abstention: `python -m eval.abstention_calibration --set sample=DIR --set own=DIR --set PATH=DIR`.

DIR is the data folder of an index of the set's articles. `sample` stands for the development questions of the sample,
`own` for the titles and first sentences of the archive's own articles, PATH for any other set that `python -m eval`
reads. `--kept FILE.npz` keeps the vectors between runs. A question whose articles are known is asked twice: as it is,
and with these articles, their syndicated copies and every article with the same gold sentence hidden. It still counts
as answerable where one of its answers is in the first pieces of the remaining evidence. MTRAG's tasks go by their
labels and are asked once, because other passages of a hidden document would answer: PARTIAL tasks are answerable,
UNDERSPECIFIED ones, which need a clarifying question, are left out.

Fits a logistic model to the signals of chat.gathering.abstention, with the same weight for each set and outcome.
Prints for each set the precision and recall of abstention, how many answers are marked as doubtful or refused, and the
risk-coverage curve (El-Yaniv & Wiener 2010): with weights fitted to the other sets, and with the shipped weights.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chat.gathering.abstention import AbstentionSettings
from eval.abstention_calibration.asking import Asking, ask_set
from eval.abstention_calibration.kept_vectors import KeptVectors
from eval.abstention_calibration.model import (
    NAMES,
    WRONGLY_REFUSED,
    Floats,
    cross_validated,
    learn,
    predict,
    select,
    threshold,
    weights_of,
)
from eval.measures.rankings import risk_coverage
from indexer.embedding.model import open_embedding

_COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--set", action="append", required=True, metavar="SET=DIR", help="sample, own or a path")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="an .npz file that keeps vectors between runs")
    arguments = parser.parse_args()
    model = open_embedding()
    vectors = KeptVectors(model.embedding, arguments.kept)
    askings: list[Asking] = []
    for name, _, folder in (named.rpartition("=") for named in arguments.set):
        askings += ask_set(name, Path(folder), model, vectors)
        vectors.save()
    print(*_report(askings), sep="\n")


def _report(askings: Sequence[Asking]) -> Iterator[str]:
    settings = AbstentionSettings()
    fitted, shipped = cross_validated(askings), predict(askings, weights_of(settings))
    yield "                                            abstention           wrongly    in doubt     risk at coverage"
    yield (
        "set                                n  without  precision recall  refused  without   with  "
        + _columns(_COVERAGES)
    )
    yield from _rows("fitted to the other sets", askings, fitted, threshold(askings, fitted), settings.sure)
    yield from _rows("shipped weights", askings, shipped, settings.threshold, settings.sure)
    learnt = learn(askings)
    on_all = threshold(askings, predict(askings, learnt))
    yield ", ".join(f"{name} {one:.2f}" for name, one in zip(NAMES, learnt, strict=True))
    yield f"at most {WRONGLY_REFUSED:.0%} wrongly refused in each set: threshold {on_all:.2f}"


def _rows(how: str, askings: Sequence[Asking], answerability: Floats, limit: float, sure: float) -> Iterator[str]:
    yield f"{how}, threshold {limit:.2f}"
    for title, part in _parts(askings):
        some = select(askings, part)
        curve = risk_coverage(answerability[part].tolist(), [one.answerable for one in some])
        risks = [next(risk for covered, risk in curve if covered >= wanted - 1e-9) for wanted in _COVERAGES]
        doubts = doubted(some, answerability[part], sure)
        yield f"{title:32} {abstentions(some, answerability[part], limit)}  {doubts}  {_columns(risks)}"


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
    """Askings; those without an answer; precision and recall of abstention; the share refused of the answerable."""
    refused, without = probabilities < limit, np.array([not one.answerable for one in askings])
    both, wrong = int((refused & without).sum()), int((refused & ~without).sum())
    precision, recall = both / max(1, int(refused.sum())), both / max(1, int(without.sum()))
    wrongly = wrong / max(1, int((~without).sum()))
    return f"{len(askings):4}  {without.sum():7}  {precision:9.2f} {recall:6.2f}  {wrongly:7.2f}"


def doubted(askings: Sequence[Asking], probabilities: Floats, sure: float) -> str:
    """The share that is not shown as an answer: of the askings without an answer, and of those with one."""
    doubtful, without = probabilities < sure, np.array([not one.answerable for one in askings])
    return f"{doubtful[without].mean():7.2f} {doubtful[~without].mean():6.2f}"


if __name__ == "__main__":
    main()
