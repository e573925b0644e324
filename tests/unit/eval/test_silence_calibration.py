"""What is said of refusals, and what is learnt for them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from chat.gathering.abstention import Signals
from chat.understanding.understand import understand
from eval.kept_vectors import KeptVectors
from eval.silence_calibration import Asked, cross_validated, doubted, learn, predict, refusals, threshold
from tests.fakes import WordHashEmbedding


def asking(value: float, answerable: bool, set_name: str = "one", certain: float | None = None) -> Asked:
    return Asked(set_name, False, answerable, Signals(*(value for _ in Signals._fields)), certain)


def two_sets() -> list[Asked]:
    values = np.linspace(0.0, 1.0, 40)
    return [asking(value, value > 0.5, name) for name in ("one", "two") for value in values]


def told(asked: Sequence[Asked], probabilities: Sequence[float]) -> list[float]:
    return [float(word) for word in refusals(asked, np.array(probabilities), 0.5).split()]


def test_precision_is_of_what_was_refused_and_recall_of_what_has_no_answer() -> None:
    asked = [asking(0.0, answerable) for answerable in (True, True, True, True, False, False, False)]
    assert told(asked, [0.9, 0.9, 0.9, 0.1, 0.1, 0.9, 0.9]) == [7, 3, 0.5, 0.33, 0.25]


def test_in_doubt_is_what_is_not_sure_of_those_without_and_those_with_an_answer() -> None:
    asked = [asking(0.0, answerable) for answerable in (True, True, True, True, False, False)]
    assert doubted(asked, np.array([0.9, 0.9, 0.9, 0.1, 0.1, 0.9]), 0.5).split() == ["0.50", "0.25"]


def test_what_a_rule_decides_stays_whatever_the_weights() -> None:
    asked = [asking(1.0, True, certain=0.0), asking(0.0, False, certain=1.0)]
    assert predict(asked, np.full(len(Signals._fields) + 1, 100.0)).tolist() == [0.0, 1.0]


def test_signals_that_tell_of_an_answer_are_learnt_from_the_other_sets() -> None:
    asked = two_sets()
    assert (learn(asked)[1:] > 0.0).all()
    found = cross_validated(asked)
    assert min(found[[one.answerable for one in asked]]) > max(found[[not one.answerable for one in asked]])


def test_the_threshold_refuses_few_of_the_answerable_questions_of_every_set() -> None:
    asked = [asking(0.0, True, name) for name in ("one", "two") for _ in range(100)]
    probabilities = np.concatenate([np.linspace(0.0, 1.0, 100), np.linspace(0.5, 1.0, 100)])
    assert threshold(asked, probabilities) == pytest.approx(0.08, abs=0.01)


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
