"""Choosing among configurations by cross-validation, so that no figure comes from the questions that chose it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from eval.datasets.form import Dataset
from eval.errors import EvalError
from eval.runs import Run
from eval.statistics import Estimate, estimate

FOLDS = 5
_SEED = 7
_TEST_SPLITS = frozenset({"test", "held-out"})


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep may say."""

    measure: str
    estimate: Estimate  # of what the procedure chooses, each question answered by a choice that had not seen it
    chosen_in_folds: tuple[str, ...]
    chosen: str  # on all questions; to be measured on other questions
    tried: int


def refuse_test_questions(dataset: Dataset, split: str | None) -> None:
    """Raises EvalError for questions that are set apart for the figures that are reported."""
    splits = {question.split for question in dataset.questions} | ({split} if split else set())
    if apart := sorted(splits & _TEST_SPLITS):
        raise EvalError(
            f"a sweep would be tuned on the split {apart[0]!r}, which is set apart for reporting; "
            "name another with --split, such as --split development"
        )


def cross_validate(runs: Sequence[Run], measure: str, *, folds: int = FOLDS) -> Sweep:
    """In each fold the configuration that is best on the other folds answers (Stone 1974); raises EvalError."""
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


def _best(values: Sequence[dict[str, float]], questions: Sequence[str]) -> int:
    """The first of the best."""
    sums = [sum(held[one] for one in questions) for held in values]
    return max(range(len(sums)), key=lambda at: (sums[at], -at))
