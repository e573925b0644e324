"""What somebody typed becomes valid text once, at the edge."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import QuestionError
from chat.understanding.typed_text import LONGEST_QUESTION, typed_question, valid_text

ANY_CHARACTER = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "valid"),
    [
        ("Who died\ud800?", "Who died?"),
        ("Who\x00 died?", "Who died?"),
        ("\x1b[31mWho died?\x9b", "[31mWho died?"),
        ("Who \u202edied\u202c?", "Who died?"),
        ("first line\nsecond\tline", "first line\nsecond\tline"),
        ("Où est Łódź? 港口", "Où est Łódź? 港口"),
        ("👩‍🚀", "👩‍🚀"),
    ],
)
def test_what_no_reader_can_type_is_left_out(typed: str, valid: str) -> None:
    assert valid_text(typed) == valid


@given(ANY_CHARACTER)
def test_valid_text_can_be_encoded_and_commands_no_terminal(text: str) -> None:
    valid = valid_text(text)
    valid.encode()
    assert {one for one in valid if unicodedata.category(one) in ("Cc", "Cs")} <= set("\t\n\r\x85")
    assert valid_text(valid) == valid


def test_a_question_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(QuestionError, match=r"10,000,000 characters; shorten it: at most 2,000"):
        typed_question("x" * 10_000_000)
    assert typed_question(f" {'x' * (LONGEST_QUESTION - 2)} ") == "x" * (LONGEST_QUESTION - 2)
