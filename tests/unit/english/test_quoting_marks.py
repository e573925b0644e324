"""Quoted words are held against the evidence word for word."""

import pytest

from chat.english.quoting_marks import find_quotations, leaves_out, stands_in, without_marks

EVIDENCE = "The wall, which cost 12 million, will hold for a hundred years."


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("will hold for a hundred years", True),
        ("Will hold, for a hundred years!", True),  # case and commas do not count
        ("the wall ... will hold", True),
        ("[it] will hold", True),
        ("the wall [of the town] will hold", True),
        ("the [town says so for] years", False),  # brackets stand for at most six words
        ("will hold ... the wall", False),  # in another order
        ("will hold for a thousand years", False),
        ("all hold", False),  # whole words only
        ("cost $12 million", False),
    ],
)
def test_quoted_words_stand_in_the_evidence_or_not(quotation: str, expected: bool) -> None:
    assert stands_in(quotation, EVIDENCE) is expected


@pytest.mark.parametrize(
    ("quotation", "expected"), [("the wall ... holds", True), ("the wall holds", False), ("... the wall holds", False)]
)
def test_dots_between_words_say_that_words_are_left_out(quotation: str, expected: bool) -> None:
    assert leaves_out(quotation) is expected


def test_offsets_of_a_quotation_reproduce_its_words() -> None:
    text = 'He said "yes" and then "no".'
    found = find_quotations(text)
    assert [one.words for one in found] == ["yes", "no"]
    assert all(text[one.start : one.end] == one.words for one in found)


def test_a_text_loses_the_marks_of_false_quotations_only() -> None:
    text = 'He said "yes" and then "no".'
    assert without_marks(text, find_quotations(text)[1:]) == 'He said "yes" and then no.'
