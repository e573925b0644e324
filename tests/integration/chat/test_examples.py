"""Example questions: from the archive's own stories, of several kinds, the same every time."""

from pathlib import Path

import pytest

from chat.front.examples import example_questions
from chat.understanding.kinds import QuestionKind, kind_of
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
FIRE = "Nine people died in the fire on the Grey Petrel. “It was dark,” said Ada Brook, a passenger of the Grey Petrel."
STORIES = (
    article("Fire on the Grey Petrel", FIRE, day="2023-03-15"),
    article("Grey Petrel towed in", "Tugs brought the Grey Petrel to the quay.", day="2023-03-17"),
    article("Rain on Sunday", "It rained in Port Ellery.", day="2023-04-02"),
)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    sync(STORIES, tmp_path, MODEL)
    return Index(tmp_path, MODEL.fingerprint)


def test_examples_are_about_subjects_of_several_articles(index: Index) -> None:
    assert list(example_questions(index)) == [
        "How did the story of the Grey Petrel unfold?",
        "What did Ada Brook say about the Grey Petrel?",
        "How many people died on the Grey Petrel?",
        "What happened on the Grey Petrel in March 2023?",
    ]


def test_examples_are_of_several_kinds(index: Index) -> None:
    assert {kind_of(question) for question in example_questions(index)} >= {
        QuestionKind.TIMELINE,
        QuestionKind.STATEMENT,
        QuestionKind.FIGURE,
    }


def test_an_archive_without_a_story_that_was_followed_has_no_examples(tmp_path: Path) -> None:
    sync(STORIES[2:], tmp_path, MODEL)
    assert list(example_questions(Index(tmp_path, MODEL.fingerprint))) == []
