"""A model's words become plain prose, and nothing that is markup or an address is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.answering.plain_prose import before_markup, cited_numbers, is_prose, without_markup, without_yes_or_no


@pytest.mark.parametrize(
    ("written", "prose"),
    [
        ("The ferry **burned**.", "The ferry burned."),
        ("## The ferry burned.", "The ferry burned."),
        ("- The ferry burned.", "The ferry burned."),
        ("See [the report](https://a.example/x).", "See the report."),
        ("![A ferry](x.png) burned.", "A ferry burned."),
        ("The ferry <b>burned</b>.", "The ferry burned."),
        ("The ferry burned [1][2, 3].", "The ferry burned."),
        ("The ferry burned [source 4].", "The ferry burned."),
        ("The ferry burned.¹", "The ferry burned."),
        ("The\u202e ferry\n\nburned.", "The ferry burned."),
        ("1 < 2 people", "1 < 2 people"),
    ],
)
def test_markup_links_and_marks_are_removed(written: str, prose: str) -> None:
    assert without_markup(written) == prose


@given(st.text(max_size=80) | st.lists(st.sampled_from(["[1]", "[", "](", "x", "<b>", "**", " ", ")"])).map("".join))
def test_plain_prose_stays_as_it_is(written: str) -> None:
    once = without_markup(written)
    assert without_markup(once) == once


@pytest.mark.parametrize("text", ["See www.a.example", "https://a.example", "ask a@b.example", "[1]", "a\nb", "`x`"])
def test_addresses_marks_and_several_lines_are_not_prose(text: str) -> None:
    assert is_prose("The ferry burned.")
    assert not is_prose(text)


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("Yes, the ferry burned.", "The ferry burned."),
        ("No. The ferry burned.", "The ferry burned."),
        ("Yes — it burned.", "It burned."),
        ("No ferry burned.", "No ferry burned."),
        ("Yesterday it burned.", "Yesterday it burned."),
    ],
)
def test_an_opening_yes_or_no_is_removed(sentence: str, rest: str) -> None:
    assert without_yes_or_no(sentence) == rest


def test_cited_numbers_come_once_in_their_order() -> None:
    assert list(cited_numbers("It burned [3][1, 3]. It sank [2].")) == [3, 1, 2]


def test_an_unfinished_text_is_shown_up_to_what_may_become_markup() -> None:
    assert before_markup("The ferry burned [") == "The ferry burned"
    assert before_markup("The ferry <") == "The ferry"
