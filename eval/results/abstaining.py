"""How well the probability of an answer tells questions with an answer from those without one, in a run of answers."""

from collections.abc import Sequence
from typing import Any

from eval.measures.rankings import area_under_risk, area_under_roc, risk_coverage
from eval.results.run import Run

COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)


def judged_answers(run: Run) -> list[Any]:
    """The answers of a run with their probabilities; none of a run that was kept before these were."""
    return [result.answer for result in run.results if result.answer and "answerability" in result.answer]


def abstention_data(run: Run) -> dict[str, Any] | None:
    """AUC, and the risk of a wrong answer at some coverages; None unless some questions have an answer and some not.

    An answer is wrong where there is none or where the first three pieces of evidence lack it.
    """
    answers = judged_answers(run)
    answerable = [bool(one["answerable"]) for one in answers]
    if len(set(answerable)) < 2:
        return None
    sureness = [float(one["answerability"]) for one in answers]
    curve = risk_coverage(sureness, [bool(one["would_be_right"]) for one in answers])
    return {
        "auc": area_under_roc(sureness, answerable),
        "risk_at_coverage": {str(wanted): risk_at(curve, wanted) for wanted in COVERAGES},
        "area_under_risk": area_under_risk(curve),
    }


def risk_at(curve: Sequence[tuple[float, float]], coverage: float) -> float:
    """The risk at the first point of a risk-coverage curve that covers so much."""
    return next(risk for covered, risk in curve if covered >= coverage - 1e-9)
