"""What a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.understanding.answer_types import AnswerKind, AnswerType, answer_type_of, fit


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who opened the fish market?", AnswerKind.PERSON),
        ("Which company runs the ferries?", AnswerKind.PERSON),
        ("Where did the lorry stop?", AnswerKind.PLACE),
        ("In which city is the court?", AnswerKind.PLACE),
        ("When was the bridge closed?", AnswerKind.TIME),
        ("In what year did the mill burn?", AnswerKind.TIME),
        ("In what decades was it busiest?", AnswerKind.TIME),
        ("When the tide comes in, what is the pier called?", AnswerKind.NAME),
        ("What was the harbour's population?", AnswerKind.NUMBER),
        ("What is the usual engine room temperature?", AnswerKind.NUMBER),
        ("What was the percentage of ferries held?", AnswerKind.SHARE),
        ("How many sailors were rescued?", AnswerKind.NUMBER),
        ("How tall is the lighthouse?", AnswerKind.NUMBER),
        ("How much did the pier cost?", AnswerKind.MONEY),
        ("What percentage voted for the plan?", AnswerKind.SHARE),
        ("How long did the strike last?", AnswerKind.DURATION),
        ("Why did the mayor resign?", AnswerKind.REASON),
        ("What caused the flood?", AnswerKind.REASON),
        ("How did the thieves get in?", AnswerKind.MANNER),
        ("What is the drencher called?", AnswerKind.NAME),
        ("What is another term for a ferry's garage?", AnswerKind.NAME),
        ("What is a drencher?", AnswerKind.THING),
        ("When the pier burned, nobody was on it. How much did it cost?", AnswerKind.MONEY),
        ("How many ferries are there? The Petrel burned.", AnswerKind.NUMBER),
        ("the tram line", AnswerKind.THING),
    ],
)
def test_the_question_word_tells_the_kind(question: str, kind: AnswerKind) -> None:
    assert answer_type_of(question).kind is kind


def test_what_stands_first_decides() -> None:
    assert answer_type_of("Who was mayor when the mill burned?").kind is AnswerKind.PERSON
    assert answer_type_of("What sank when the storm came?").kind is AnswerKind.THING


def test_what_is_counted_is_known_by_its_stem() -> None:
    assert answer_type_of("How many ferries were held?") == AnswerType(AnswerKind.NUMBER, "ferri")


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("Who opened the market?", "It was opened by Ada Lund.", "It was opened in the rain."),
        ("Where was the boat found?", "It lay near Gannet Rock.", "It lay upside down."),
        ("When did the mill burn?", "It burned on Monday.", "It burned to the ground."),
        ("How many sailors were saved?", "Nine sailors were saved.", "The sailors were saved."),
        ("How much did the pier cost?", "The bill came to $4 million.", "The bill was high."),
        ("What percentage voted for it?", "Some 40 percent did.", "Few did."),
        ("How long was the strike?", "It went on for three weeks.", "It went on and on."),
        ("Why did she resign?", "She left because of the bill.", "She left quietly."),
        ("How did they get in?", "They got in through a window.", "They got in."),
        ("How are the ferries kept?", "They are kept separately.", "They are kept."),
        ("What is a drencher?", "The drencher (a wall of water) ran.", "The drencher ran."),
        ("What is the deck called?", 'The lower deck is known as "the cellar".', "The lower deck burned."),
    ],
)
def test_a_sentence_that_has_it_fits_better(question: str, holds: str, lacks: str) -> None:
    asked = answer_type_of(question)
    assert fit(asked, question, holds) > fit(asked, question, lacks)


def test_what_the_question_says_itself_is_no_answer() -> None:
    question = "Who beat Bo Lund in 1994?"
    assert fit(answer_type_of(question), question, "In 1994 the town wept for Bo Lund.") == 0.0
    question = "When in 1994 did it burn?"
    assert fit(answer_type_of(question), question, "It burned in 1994.") == 0.0


def test_a_number_before_what_is_counted_fits_better_than_another_one() -> None:
    question = "How many ships sank?"
    asked = answer_type_of(question)
    counted, other, year = (
        fit(asked, question, text) for text in ("Four ships sank.", "Four men swam.", "It was 1994.")
    )
    assert counted > other > year > 0.0


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_text_has_a_kind_and_a_fit_from_0_to_1(question: str, sentence: str) -> None:
    assert 0.0 <= fit(answer_type_of(question), question, sentence) <= 1.0


def test_a_name_before_the_verb_that_was_asked_about_fits_best() -> None:
    question = "Who argued that the stoppages were political?"
    asked = answer_type_of(question)
    assert fit(asked, question, "Hess argued the stoppages smelled of politics.") == 1.0
    assert fit(asked, question, "They argued about the stoppages.") < 1.0


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Which river did they cross?", "river"),
        ("What type of school was it?", "school"),
        ("In what part of the harbour did it sink?", "harbour"),
        ("What is the longest pier in the county?", "pier"),
        ("Which two large ferries collided?", "ferries"),
        ("What was Ada Lund's reply?", ""),
        ("What did the ferries carry?", ""),
        ("Who sank it?", ""),
    ],
)
def test_the_noun_after_which_names_the_sort_of_thing(question: str, noun: str) -> None:
    assert answer_type_of(question).noun == noun
