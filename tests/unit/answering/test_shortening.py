"""Whether a sentence only shortens another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.answering.shortening import shortens

ENVOY = (
    "On Monday Ines Tolland, the envoy of Holm Island, announced in Ellery that the ferry company had agreed to pay."
)
PLEDGE = "On Friday the mayor pledged to turn Custom House into a school."
HALL = "The mayor pledged on Friday to turn Custom House, once a prison and now a museum, into a school."


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Ines Tolland announced that the ferry company had agreed to pay.", ENVOY),
        ("The ferry company agreed to pay.", ENVOY),
        ("Ines Tolland announced it in Ellery on Monday.", ENVOY),  # a day may stand elsewhere
        (
            "The mayor pledged to turn Custom House into a school.",
            "The mayor pledged to turn Custom House into a school.",
        ),
        ("Bo Lund was charged.", "Bo Lund, arrested on Monday, was charged on Friday."),
        ("Nine people died.", "At least nine people died in the fire, and two were hurt."),
        ('"We are ready," said Bo Lund.', '"We are ready," said Bo Lund, the harbour master.'),
    ],
)
def test_what_leaves_words_out_and_keeps_the_others_in_order_shortens(said: str, text: str) -> None:
    assert shortens(said, text)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("The ferry company announced that Ines Tolland had agreed to pay.", ENVOY),  # turned round
        ("Ines Tolland agreed to pay.", ENVOY),  # far apart
        ("The harbour master agreed to pay.", ENVOY),  # words of its own
        ("Custom House is a school.", HALL),
        ("The mayor turned Custom House into a school.", HALL),  # only pledged
        ("Holm is the envoy.", ENVOY),
        ("The bridge is safe.", "The bridge, engineers found, is not safe."),
        ("The mill was lost.", '"The mill was lost," said Bo Lund.'),  # somebody's words
        ("On Monday.", ENVOY),
        (
            "Bo Lund was arrested on Friday.",
            "Bo Lund was arrested on Monday and charged on Friday.",
        ),  # of something else
        ("", ENVOY),
    ],
)
def test_what_turns_words_round_or_makes_them_more_certain_does_not(said: str, text: str) -> None:
    assert not shortens(said, text)


@given(st.text(), st.text())
def test_any_text_can_be_compared(said: str, text: str) -> None:
    assert shortens(said, text) in (True, False)


@given(st.integers(1, 9), st.data())
def test_words_left_out_at_either_end_of_plain_words_shorten_them(left: int, data: st.DataObject) -> None:
    names = "Ada Bo Cyr Dora Emil Fay Gus Hana Ivo Jan Kai".split()
    start = data.draw(st.integers(0, len(names) - 2))
    kept = names[start : start + left + 1]
    assert shortens(" ".join(kept), " ".join(names)) is (len(kept) > 1)
