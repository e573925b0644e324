"""How a turn is joined to the turns before it."""

import pytest

from chat.understanding.follow_ups import (
    ANSWER_WEIGHT,
    BEFORE_WEIGHT,
    PREVIOUS_WEIGHT,
    Earlier,
    Link,
    asks_for_more,
    complete,
    fragment,
    link,
    weigh,
)

COMPLETES = [
    ("yes", ""),
    ("Yes, please.", ""),
    ("ok, tell me more", ""),
    ("go on", ""),
    ("more details?", ""),
    ("why?", "why"),
    ("And when?", "And when"),
    ("who else?", "who else"),
    ("how much?", "how much"),
    ("since when?", "since when"),
    ("what about Kazakhstan?", "Kazakhstan"),
    ("And how about the opposition?", "the opposition"),
    ("and in March?", "in March"),
    ("and his predecessor?", "his predecessor"),
    ("I meant the wrestler", "the wrestler"),
    ("no, the other river", "the other river"),
    ("only in Almaty", "in Almaty"),
]
LEANS = [
    "Did he resign?",
    "What did she say about it?",
    "When were they released?",
    "Who resigned that month?",
    "What happened the next day?",
    "What was the reaction to that?",
    "Does it have floods?",
    "What do these two have in common?",
    "Is there another one?",
    "What happened then, and what else was said?",
    "Did Hungary agree?",
    "How did Mr Orban respond?",
]
STANDS = [
    "Who won the Stanley Cup?",
    "Which NFL star announced his retirement?",
    "Did Putin say he would visit?",
    "Is it true that Messi scored?",
    "How does a vaccine work?",
    "And what is the capital of Kazakhstan?",
    "Which country declared victory this week?",
    "Who was the first woman on the council?",
    "What is the latest news on the council?",
    "What did then-President Ford say about Vietnam?",
]
CHANGES = ["New topic: who won it?", "Another question: who won?", "Forget that. What did he do?", "Never mind"]
CHANGES += ["OK, something else: what did he do?", "Leaving that aside, who won it?"]
CHANGES += ["What is the latest news?", "headlines", "What's new?"]


@pytest.mark.parametrize(("text", "piece"), COMPLETES)
def test_a_piece_completes_the_question_before(text: str, piece: str) -> None:
    assert (link(text), fragment(text)) == (Link.COMPLETES, piece)


@pytest.mark.parametrize("text", LEANS)
def test_a_pronoun_without_a_name_before_it_leans(text: str) -> None:
    assert link(text) is Link.LEANS


@pytest.mark.parametrize("text", STANDS)
def test_a_whole_question_stands(text: str) -> None:
    assert link(text) is Link.STANDS


@pytest.mark.parametrize("text", CHANGES)
def test_a_changed_subject_follows_nothing(text: str) -> None:
    assert link(text) is Link.NONE


def test_a_yes_takes_up_what_the_answer_offered() -> None:
    answer = "The talks failed. Shall I list the sides?"
    assert complete("", "Why did the talks fail?", answer) == "Why did the talks fail? Shall I list the sides?"
    assert complete("why", "Did the talks fail?", answer) == "why Did the talks fail?"


def test_earlier_words_weigh_less_the_older_they_are() -> None:
    assert weigh(["first", "second", "third"], "an answer") == (
        Earlier("third", PREVIOUS_WEIGHT),
        Earlier("second", BEFORE_WEIGHT),
        Earlier("an answer", ANSWER_WEIGHT),
    )
    assert weigh(["only"]) == (Earlier("only", PREVIOUS_WEIGHT),)
    assert weigh([]) == ()


def test_a_long_answer_weighs_by_its_opening() -> None:
    assert weigh([], "word " * 500)[0].text.split() == ["word"] * 60


@pytest.mark.parametrize(
    "text",
    ["What else?", "tell me more", "And what else happened?", "more", "any more details?", "go on", "Who else spoke?"],
)
def test_what_has_not_been_told_is_asked_for(text: str) -> None:
    assert asks_for_more(text)


@pytest.mark.parametrize(
    "text", ["Were more than ten hurt?", "Is it more expensive?", "Why?", "Is somebody else mayor?"]
)
def test_more_of_something_is_no_asking_for_more(text: str) -> None:
    assert not asks_for_more(text)
