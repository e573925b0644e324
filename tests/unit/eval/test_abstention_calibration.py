"""The abstention model: what is reported of it, and how it is fitted."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.llms import ChatMessage

from chat.gathering.abstention import Signals
from chat.understanding.understand import understand
from eval.abstention_calibration.asking import Asking
from eval.abstention_calibration.kept_readings import KeptReadings
from eval.abstention_calibration.kept_vectors import KeptVectors
from eval.abstention_calibration.model import (
    READING,
    calibration_error,
    cross_validated,
    learn,
    predict,
    reliability,
    threshold,
)
from eval.abstention_calibration.report import abstentions, doubted, report
from tests.fakes import ScriptedLLM, WordHashEmbedding


def asking(value: float, answerable: bool, set_name: str = "one", certain: float | None = None) -> Asking:
    return Asking(set_name, False, answerable, Signals(*(value for _ in Signals._fields)), certain)


def two_sets() -> list[Asking]:
    values = np.linspace(0.0, 1.0, 40)
    return [asking(value, value > 0.5, name) for name in ("one", "two") for value in values]


def reported(askings: Sequence[Asking], probabilities: Sequence[float]) -> list[float]:
    return [float(word) for word in abstentions(askings, np.array(probabilities), 0.5).split()]


def test_precision_is_over_the_refused_questions_and_recall_over_those_without_an_answer() -> None:
    askings = [asking(0.0, answerable) for answerable in (True, True, True, True, False, False, False)]
    assert reported(askings, [0.9, 0.9, 0.9, 0.1, 0.1, 0.9, 0.9]) == [0.5, 0.33, 0.25]


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


def test_a_reading_model_is_fitted_to_what_it_read() -> None:
    askings = [replace(one, signals=Signals(0.5, 0.5), read=0.9 if one.answerable else 0.2) for one in two_sets()]
    found = cross_validated(askings, READING)
    assert min(found[[one.answerable for one in askings]]) > max(found[[not one.answerable for one in askings]])
    assert [line for line in report(askings) if line.startswith("reading, ")]
    assert not [line for line in report(two_sets()) if line.startswith("reading, ")]


def test_reliability_compares_the_probability_of_each_bin_with_the_share_that_holds() -> None:
    rows = reliability([0.11, 0.19, 0.95, 1.0], [False, True, True, True])
    assert [(count, round(predicted, 3), share) for count, predicted, share in rows] == [
        (2, 0.15, 0.5),
        (2, 0.975, 1.0),
    ]
    assert calibration_error(rows) == pytest.approx((0.35 + 0.025) / 2)


def test_kept_readings_are_read_once(tmp_path: Path) -> None:
    file, opened = tmp_path / "readings.json", []

    def open_model() -> ScriptedLLM:
        opened.append(True)
        return ScriptedLLM(replies=[], yes=[0.75, 0.25])

    asking = [ChatMessage(role="user", content="Is it stated?")]
    for _ in range(2):
        readings = KeptReadings(file=file, open_model=open_model)
        first = (readings.chat(asking, max_tokens=1).logprobs or [[]])[0][0]
        assert first.token == "Yes"
        assert first.logprob == pytest.approx(math.log(0.75))
        readings.save()
    assert len(opened) == 1


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
