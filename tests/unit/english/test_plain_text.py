"""Two texts that differ in marks, dashes, spaces or inflections alone compare as equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.english.irregular_forms import base_stem
from chat.english.plain_text import content_stems, plain, words
from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will rebuild,” he said", '"We will rebuild," he said'),
        ("the mayor’s «plan»", 'the mayor\'s "plan"'),
        ("2019–2021", "2019-2021"),
        ("the port — closed since May — opens", "the port - closed since May - opens"),
        ("the port--closed", "the port - closed"),
        ("ship-to-shore", "ship-to-shore"),
        ("two\n\n  lines\u00a0here ", "two lines here"),
        ("and so on…", "and so on..."),
        ("soft\u00adware", "software"),
        ("", ""),
    ],
)
def test_plain_text_has_one_spelling_for_marks_dashes_and_spaces(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_plain_text_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor's U.S. trip, by well-known ships.", ["The", "mayor", "U.S", "trip", "by", "well-known", "ships"]),
        ("3.5 million in 2,000 homes", ["3.5", "million", "in", "2", "000", "homes"]),
        ('"', []),
    ],
)
def test_words_are_as_written_without_the_genitive(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ferries", "ferry"),
        ("Flooding", "flooded"),
        ("closes", "closing"),
        ("running", "runs"),
        ("cafés", "cafe"),
        ("houses", "house"),
    ],
)
def test_inflections_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("news", "new"), ("policy", "police"), ("port", "part")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.from_regex(r"[A-Za-z]{1,20}", fullmatch=True))
def test_a_stem_is_what_the_keyword_index_has(word: str) -> None:
    assert terms(word) in ((stem(word),), ())


@pytest.mark.parametrize(("form", "base"), [("rose", "rise"), ("won", "wins"), ("women", "woman"), ("shut", "shut")])
def test_irregular_forms_have_the_stem_of_their_base(form: str, base: str) -> None:
    assert base_stem(form) == base_stem(base)


def test_content_stems_leave_out_function_words_and_numbers_and_split_compounds() -> None:
    assert content_stems("The two flood-prone ports of the 1990-era were closed") == {
        "flood",
        "prone",
        "port",
        "close",
        "era",
    }


@pytest.mark.parametrize(("word", "expected"), [("The", True), ("seven", True), ("ferry", False), ("said", False)])
def test_function_words_are_known_in_any_case(word: str, expected: bool) -> None:
    assert is_function_word(word) is expected
