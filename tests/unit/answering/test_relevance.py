"""Whether a text says anything that its question does not."""

from datetime import UTC, datetime

import pytest

from chat.answering.relevance import only_repeats
from chat.understanding.question import Question
from chat.understanding.understand import understand

NOW = datetime(2022, 7, 30, 12, tzinfo=UTC)


def asked(text: str) -> Question:
    return understand(text, as_of=NOW, sources=(), agencies=(), authors=(), sections=(), last_day=None)


@pytest.mark.parametrize(
    ("question", "said", "is_news"),
    [
        ("Which country was shaken by an earthquake?", "The country was shaken by an earthquake.", False),
        ("Which country was shaken by an earthquake?", "The Philippines was shaken by an earthquake.", True),
        ("When did the ferry sink?", "The ferry sank on Tuesday.", True),
        ("Was the port shut?", "The port was shut.", True),
        ("Was the port shut?", "Was the port shut?", False),
        ("What did the images show?", "The images were shown.", False),
    ],
)
def test_the_words_of_the_question_alone_answer_only_whether(question: str, said: str, is_news: bool) -> None:
    assert only_repeats(said, asked(question)) is not is_news


@pytest.mark.parametrize(
    ("question", "said", "is_news"),
    [
        ("How many people died in the fire?", "On Thursday.", False),
        ("When did the ship burn?", "On Thursday.", True),
        ("How long has the port been shut?", "Since Monday.", True),
        ("How many people died?", "1984 people died.", True),
        ("Who closed the port?", "On Thursday, the harbour master.", True),
    ],
)
def test_a_bare_day_says_nothing_unless_a_time_is_asked_for(question: str, said: str, is_news: bool) -> None:
    assert only_repeats(said, asked(question)) is not is_news


@pytest.mark.parametrize(
    ("said", "is_news"),
    [
        ("Rosalind Achterberg said it.", False),
        ("Captain Ansa Thorvik, the harbour master, said so.", False),
        ("Mowbray said it, the secretary, on a picket line.", False),
        ("Mowbray said it was wrong.", True),
        ("The company said it plans to cut 40 jobs by June.", True),
        ("The company said it lost 3 million pounds.", True),
        ("The mayor said this week that nine people died.", True),
        ("Mowbray said that he would strike.", True),
    ],
)
def test_that_somebody_said_it_says_nothing(said: str, is_news: bool) -> None:
    assert only_repeats(said, asked("What did the fire chief say about the boats?")) is not is_news
