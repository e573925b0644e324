"""The tense of the clause around a time, not of the whole sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.english.tense import Tense, clause_at, tense_at

PAST, AHEAD, OPEN = Tense.PAST, Tense.AHEAD, Tense.OPEN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The council met on Monday.", PAST),
        ("The council ended the project on Monday and will fill the shaft.", PAST),
        ("The council ended the project and will fill the shaft on Monday.", AHEAD),
        ("The shaft will be filled on Monday, after the council voted.", AHEAD),
        ("The council is to meet on Monday.", AHEAD),
        ("The council is due on Monday.", AHEAD),
        ("The council plans to meet on Monday.", AHEAD),
        ("On Monday, the council met.", PAST),
        ("On Monday, a boat with three men and a dog, a local paper said, sank.", PAST),
        ("On Monday evening, the council of Elm Bay, a small town, voted.", PAST),
        ("The hall, on Monday, was shut.", OPEN),
        ("The bodies were recovered, bringing the toll of Monday to nine.", PAST),
        ("He was shot at 2am (0100 UTC) on Monday by a neighbour.", PAST),
        ("The council opened the road, and the bridge opens on Monday.", OPEN),
        ("The hall opens on Monday.", OPEN),
        ("The ferry sails on Monday, she said.", OPEN),
        ("The hall may open on Monday.", OPEN),
        ("The hall would open on Monday.", OPEN),
        ("The hall was scheduled to open on Monday.", OPEN),
        ("They announced plans to open on Monday.", OPEN),
        ("The proposed tunnel takes its first cars on Monday.", OPEN),
        ("The ferry has to leave on Monday.", OPEN),
    ],
)
def test_the_verbs_of_the_clause_tell_its_tense(text: str, expected: Tense) -> None:
    start = text.index("Monday")
    assert tense_at(text, start, start + len("Monday")) is expected


@given(
    st.lists(st.sampled_from(["he met", "and", ",", "(", ")", "on Monday", "will", ";", "who"]), min_size=1), st.data()
)
def test_a_clause_holds_the_words_it_is_asked_for(pieces: list[str], data: st.DataObject) -> None:
    text = " ".join(pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = clause_at(text, start, end)
    assert first <= start < end <= last
