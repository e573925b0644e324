"""The abstention model: what is reported of it, and how it is fitted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from chat.gathering.abstention import Signals
from chat.understanding.understand import understand
from eval.abstention_calibration.__main__ import abstentions, doubted
from eval.abstention_calibration.asking import Asking
from eval.abstention_calibration.kept_vectors import KeptVectors
from eval.abstention_calibration.model import cross_validated, learn, predict, threshold
from tests.fakes import WordHashEmbedding


def asking(value: float, answerable: bool, set_name: str = "one", certain: float | None = None) -> Asking:
    return Asking(set_name, False, answerable, Signals(*(value for _ in Signals._fields)), certain)


def two_sets() -> list[Asking]:
    values = np.linspace(0.0, 1.0, 40)
    return [asking(value, value > 0.5, name) for name in ("one", "two") for value in values]


def reported(askings: Sequence[Asking], probabilities: Sequence[float]) -> list[float]:
    return [float(word) for word in abstentions(askings, np.array(probabilities), 0.5).split()]


def test_precision_is_over_the_refused_questions_and_recall_over_those_without_an_answer() -> None:
    askings = [asking(0.0, answerable) for answerable in (True, True, True, True, False, False, False)]
    assert reported(askings, [0.9, 0.9, 0.9, 0.1, 0.1, 0.9, 0.9]) == [7, 3, 0.5, 0.33, 0.25]


def test_doubtful_shares_are_reported_for_questions_without_and_with_an_answer() -> None:
    askings = [asking(0.0, answerable) for answerable in (True, True, True, True, False, False)]
    assert doubted(askings, np.array([0.9, 0.9, 0.9, 0.1, 0.1, 0.9]), 0.5).split() == ["0.50", "0.25"]


def test_a_rule_overrides_the_weights() -> None:
    askings = [asking(1.0, True, certain=0.0), asking(0.0, False, certain=1.0)]
    assert predict(askings, np.full(len(Signals._fields) + 1, 100.0)).tolist() == [0.0, 1.0]


def test_the_model_learns_from_the_other_sets_which_signals_predict_an_answer() -> None:
    askings = two_sets()
    assert (learn(askings)[1:] > 0.0).all()
    found = cross_validated(askings)
    assert min(found[[one.answerable for one in askings]]) > max(found[[not one.answerable for one in askings]])


def test_the_threshold_refuses_few_of_the_answerable_questions_of_every_set() -> None:
    askings = [asking(0.0, True, name) for name in ("one", "two") for _ in range(100)]
    probabilities = np.concatenate([np.linspace(0.0, 1.0, 100), np.linspace(0.5, 1.0, 100)])
    assert threshold(askings, probabilities) == pytest.approx(0.08, abs=0.01)


def test_kept_vectors_are_not_embedded_again(tmp_path: Path) -> None:
    file, question = tmp_path / "kept.npz", understand("Who owns the ferry?", as_of=datetime(2023, 6, 1, tzinfo=UTC))
    first = KeptVectors(WordHashEmbedding(), file)
    vectors, direction = first.of(["A ferry.", "A fire."]), first.of_question(question)
    first.save()
    embedding = WordHashEmbedding()
    second = KeptVectors(embedding, file)
    assert second.of(["A fire.", "A ferry."]).tolist() == vectors[::-1].tolist()
    assert second.of_question(question) == direction
    assert embedding.embedded == []
