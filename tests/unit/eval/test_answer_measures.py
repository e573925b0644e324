from dataclasses import replace
from pathlib import Path

import pytest

from chat.answer import Evidence, Sentence, Support
from eval.bench.answer_measures import accepted, first_line_values
from eval.datasets.form import EvalQuestion, Gold, Place
from tests.articles import article

PLACE = Place(Path("mine.jsonl"), 1)
QUESTION = EvalQuestion(id="q1", text="How many died?", place=PLACE, answers=("nine", "9"), wrong=("twelve",))


def line(text: str) -> tuple[Sentence, ...]:
    return (Sentence(text, (), Support.SUPPORTED), Sentence("Nine people died.", (), Support.SUPPORTED))


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (line("Nine of the twelve passengers died."), "right"),
        (line("Twelve people were on board."), "wrong"),
        (line("The ferry burned."), "absent"),
        ((), "absent"),
    ],
)
def test_the_first_line_is_right_wrong_or_has_no_answer(sentences: tuple[Sentence, ...], expected: str) -> None:
    values = first_line_values(QUESTION, sentences)
    assert [name for name, value in values.items() if value] == [f"first line {expected}"]


def test_a_choice_that_is_not_the_right_one_is_a_wrong_first_line() -> None:
    question = replace(QUESTION, wrong=(), choices=("Nine", "Ten"), answers=("Nine",))
    assert first_line_values(question, line("Ten people died."))["first line wrong"] == 1.0


def test_the_label_of_a_quotation_is_no_answer() -> None:
    ferry = article("Fire", "The ferry burned. Nine people died.")
    quoted = Sentence("Port Ellery, 9 March: “The ferry burned.”", (Evidence(1, ferry, 0, 17),), Support.QUOTED)
    assert first_line_values(QUESTION, (quoted,))["first line absent"] == 1.0


def test_each_part_of_an_answer_is_needed() -> None:
    sentences = ("Sixteen percent of African trade is African.", "In Europe it is sixty percent.")
    gold = tuple(
        Gold(article_id="a1", place=PLACE, sentence=one, part=part) for part, one in enumerate(sentences, start=1)
    )
    question = replace(QUESTION, answers=("Sixteen percent", "sixty percent"), gold=gold)
    assert not accepted(question, sentences[0])
    assert accepted(question, " ".join(sentences))
