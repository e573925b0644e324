"""The shared tables of English words say what each word means."""

import re

import pytest

from corpus.english.calendar import MONTH, MONTHS, month_number, weekday_number
from corpus.english.function_words import FUNCTION_WORDS, SEARCH_STOP_WORDS
from corpus.english.number_words import BELOW_HUNDRED, ORDINALS, SCALES, UP_TO_TWELVE, alternatives


@pytest.mark.parametrize(
    ("table", "word", "value"),
    [
        (UP_TO_TWELVE, "one", 1),
        (UP_TO_TWELVE, "twelve", 12),
        (BELOW_HUNDRED, "nineteen", 19),
        (BELOW_HUNDRED, "ninety", 90),
        (SCALES, "dozen", 12),
        (SCALES, "trillion", 10**12),
        (ORDINALS, "fourth", 4),
        (ORDINALS, "twelfth", 12),
    ],
)
def test_a_number_word_has_its_value(table: dict[str, int], word: str, value: int) -> None:
    assert table[word] == value


def test_only_the_words_that_newspapers_spell_out_are_up_to_twelve() -> None:
    assert sorted(UP_TO_TWELVE.values()) == list(range(1, 13))


@pytest.mark.parametrize("word", [*BELOW_HUNDRED, *ORDINALS])
def test_no_alternative_hides_a_longer_one(word: str) -> None:
    found = re.match(alternatives((*BELOW_HUNDRED, *ORDINALS)), word)
    assert found is not None
    assert found[0] == word


@pytest.mark.parametrize(("name", "number"), [("January", 1), ("may", 5), ("Sept", 9), ("SEP", 9), ("Dec.", 12)])
def test_a_month_is_known_by_its_name_or_short_form_in_any_case(name: str, number: int) -> None:
    assert month_number(name) == number


@pytest.mark.parametrize(("name", "number"), [("Monday", 0), ("thursday", 3), ("Tues", 1), ("Sunday", 6)])
def test_a_weekday_counts_from_monday(name: str, number: int) -> None:
    assert weekday_number(name) == number


def test_another_word_is_no_month_and_no_weekday() -> None:
    with pytest.raises(KeyError):
        month_number("harbour")
    with pytest.raises(KeyError):
        weekday_number("harbour")


@pytest.mark.parametrize("name", [*MONTHS, "Sept.", "Sep", "Oct", "Jan."])
def test_the_pattern_of_a_month_matches_all_of_a_name(name: str) -> None:
    assert re.fullmatch(MONTH, name)


@pytest.mark.parametrize("word", ["Mayor", "Marching", "Decade", "Octopus"])
def test_the_pattern_of_a_month_with_a_short_form_matches_no_longer_word(word: str) -> None:
    found = re.match(MONTH, word)
    assert found is None or found[0] in MONTHS


def test_every_stop_word_of_the_search_is_a_function_word_or_left_by_a_tokenizer() -> None:
    assert {"s", "t", "doing", "said"} == SEARCH_STOP_WORDS - FUNCTION_WORDS
