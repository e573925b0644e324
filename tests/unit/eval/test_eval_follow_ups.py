from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench.follow_ups import WAYS, changes_of_subject, follow_ups_of
from eval.datasets import open_dataset
from eval.datasets.form import EvalQuestion, Gold, Place
from eval.errors import EvalError

PLACE = Place(Path("mine.jsonl"), 1)
QUESTION = EvalQuestion(
    id="q1",
    text="And then?",
    place=PLACE,
    earlier=(("Who led it?", "Mars."), ("When?", "In May.")),
    gold=(Gold(article_id="a1", place=PLACE),),
)


def test_each_way_of_asking_uses_the_turns_in_its_name() -> None:
    asked = {name: way(QUESTION) for name, way in WAYS.items()}
    assert asked["Dateline"] == QUESTION
    assert {name: one.text for name, one in asked.items()} == {
        "Dateline": "And then?",
        "last turn": "And then?",
        "last two turns": "When? And then?",
        "whole conversation": "Who led it? When? And then?",
    }
    assert [one.earlier for name, one in asked.items() if name != "Dateline"] == [()] * 3


def test_only_follow_up_questions_are_asked() -> None:
    dataset = open_dataset("sample")
    assert all(one.earlier for one in follow_ups_of(dataset).questions)
    alone = replace(dataset, questions=tuple(one for one in dataset.questions if not one.earlier))
    with pytest.raises(EvalError, match="sample has no follow-up questions"):
        follow_ups_of(alone)


def test_a_change_of_subject_comes_after_two_questions_about_other_articles() -> None:
    dataset = open_dataset("sample")
    alone = {one.text: one for one in dataset.questions if not one.earlier}
    asked = changes_of_subject(dataset).questions
    assert len(asked) > 100
    for one in asked:
        own = {gold.article_id for gold in one.gold}
        assert len(one.earlier) == 2
        assert all(own.isdisjoint(gold.article_id for gold in alone[text].gold) for text, _ in one.earlier)
    with pytest.raises(EvalError, match="too few questions about different articles"):
        changes_of_subject(replace(dataset, questions=dataset.questions[:2]))
