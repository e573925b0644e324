"""Chooses among configurations by cross-validation: no figure comes from the questions that made the choice."""

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from eval.datasets.form import Dataset
from eval.errors import EvalError
from eval.measures.statistics import Estimate, estimate
from eval.results.run import Run

FOLDS = 5
_SEED = 7
_TEST_SPLITS = frozenset({"test", "held-out"})


@dataclass(frozen=True, slots=True)
class Sweep:
    """The result of a sweep."""

    measure: str
    estimate: Estimate  # of the procedure: each question is answered by a configuration chosen without it
    chosen_in_folds: tuple[str, ...]
    chosen: str  # on all questions; measure it on other questions
    tried: int


def refuse_test_questions(dataset: Dataset, split: str | None) -> None:
    """Raises EvalError for questions that are reserved for the reported figures."""
    splits = {question.split for question in dataset.questions} | ({split} if split else set())
    if reserved := sorted(splits & _TEST_SPLITS):
        raise EvalError(
            f"a sweep would be tuned on the split {reserved[0]!r}, which is set apart for reporting; "
            "name another with --split, such as --split development"
        )


def cross_validate(runs: Sequence[Run], measure: str, *, folds: int = FOLDS) -> Sweep:
    """Score each fold with the configuration that is best on the other folds (Stone 1974); raises EvalError."""
    values = [run.values(measure) for run in runs]
    questions = sorted(values[0])
    if len(questions) < folds:
        raise EvalError(f"{len(questions)} questions have the measure {measure!r}; {folds} folds need as many")
    random.Random(_SEED).shuffle(questions)
    parts = [questions[start::folds] for start in range(folds)]
    chosen = [_best(values, [one for one in questions if one not in set(part)]) for part in parts]
    held_out = [values[choice][one] for choice, part in zip(chosen, parts, strict=True) for one in part]
    return Sweep(
        measure,
        estimate(held_out),
        tuple(runs[choice].name for choice in chosen),
        runs[_best(values, questions)].name,
        len(runs),
    )


def print_sweep(sweep: Sweep, *, as_json: bool) -> None:
    """A sweep's result as text or JSON."""
    if as_json:
        print(json.dumps(asdict(sweep), ensure_ascii=False, indent=1))
        return
    one = sweep.estimate
    print(f"{sweep.tried} configurations, {len(sweep.chosen_in_folds)} folds, {one.count} questions")
    print(f"cross-validated {sweep.measure}: {one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]")
    print(f"chosen in the folds: {'; '.join(sweep.chosen_in_folds)}")
    print(f"chosen on all: {sweep.chosen} (its figure here was tuned on these questions; measure it on others)")


def _best(values: Sequence[dict[str, float]], questions: Sequence[str]) -> int:
    """The index of the best configuration; the first on a tie."""
    sums = [sum(by_question[one] for one in questions) for by_question in values]
    return max(range(len(sums)), key=lambda at: (sums[at], -at))
