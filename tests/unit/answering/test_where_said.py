"""Questions that ask where words were printed first, and the answer to them."""

from datetime import UTC, datetime

import pytest

from chat.answer import Status
from chat.answering.where_said import NOBODY, finding_answer
from chat.gathering.finding import Finding, Printing
from chat.texts.notices import plain
from chat.understanding.intents import words_to_find
from tests.articles import article

NOW = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = "close enough to blister their paint"
STORY = f"The trawlers came {WORDS}, a skipper said. Nobody on them was hurt."


@pytest.mark.parametrize(
    "text",
    [
        f"“{WORDS}”",
        f'"{WORDS}."',
        f"Where was this said: “{WORDS}”?",
        f'Where does this come from? "{WORDS}"',
        f'In which article was it printed that they came "{WORDS}"?',
        f"Which newspaper first printed «{WORDS}»?",
        f'where did this appear: "{WORDS}"',
    ],
)
def test_words_in_quotation_marks_are_looked_for(text: str) -> None:
    found = words_to_find(text)
    assert found is not None
    assert found.strip(".") == WORDS


def test_a_pasted_paragraph_is_looked_for_as_it_is() -> None:
    paragraph = STORY * 3
    assert words_to_find(paragraph) == paragraph


@pytest.mark.parametrize(
    "text",
    [
        "Where was the ferry built?",
        '"Grey Petrel"',
        'Who said "we were lucky"?',
        'What did the mayor mean by "a plan for ten years of work"?',
        "“We were lucky” and “luck is not a plan”",
        "Where do the trams come from?",
        "",
        "“? ? ? ? ? ?”",
        "- " * 40,
    ],
)
def test_other_questions_are_left_to_the_conversation(text: str) -> None:
    assert words_to_find(text) == ""


def printing(source: str, day: str, likeness: float = 1.0) -> Printing:
    printed = article("Trawlers at the fire", STORY, source=source, day=day)
    start = STORY.index(WORDS)
    return Printing(printed, start, start + len(WORDS), likeness)


def test_the_first_printing_is_quoted_and_the_later_ones_are_named() -> None:
    later = tuple(printing(f"Paper {number}", "2023-03-16") for number in range(7))
    answer = finding_answer(Finding(printing("CPA", "2023-03-15"), later), NOW)
    first, words, rest = answer.sentences
    assert first.text.startswith("Of what this archive holds, these words were printed first in “Trawlers at the fire”")
    assert "CPA, 15 March 2023" in first.text
    assert words.text == f"“{WORDS}” — CPA, 15 March 2023"
    assert rest.text.endswith("Paper 4, 16 March 2023; and 2 more.")
    assert [one.number for one in rest.citations] == [2, 3, 4, 5, 6]
    assert all(one.text == WORDS for one in answer.evidence)


def test_words_printed_differently_are_not_called_the_same() -> None:
    answer = finding_answer(Finding(printing("CPA", "2023-03-15", likeness=0.9)), NOW)
    assert "words close to these" in answer.sentences[0].text


def test_words_that_nobody_printed_get_an_abstention() -> None:
    answer = finding_answer(Finding(None), NOW, plain("The model is down."))
    assert (answer.status, answer.sentences, answer.evidence) == (Status.NOT_IN_ARCHIVE, (), ())
    assert answer.notice == f"The model is down. {NOBODY.text()}"
