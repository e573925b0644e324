import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.segmenting import segmented, without_asking
from indexer.search.stemming import terms


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("港口隧道", ["港口", "口隧", "隧道"]),
        ("水", ["水"]),
        ("2023年港口 tunnel", ["2023", "年港", "港口", "tunnel"]),
        ("ドック", ["ドッ", "ック"]),
        ("부산항", ["부산", "산항"]),
        ("สะพาน", ["สะพ", "ะพา", "พาน"]),
    ],
)
def test_scripts_without_spaces_are_cut_into_overlapping_pieces(text: str, pieces: list[str]) -> None:
    assert segmented(text).split() == pieces


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_latin_text_stays_as_it_is(text: str) -> None:
    assert segmented(text) == text == without_asking(text)


@given(st.text())
def test_no_text_is_too_odd_to_segment(text: str) -> None:
    assert "".join(segmented(text).split()) or not "".join(text.split())
    assert isinstance(terms(text), tuple)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الميناء", "ميناء"),
        ("мостов", "мосты"),
        ("隧道为什么停工", "隧道 停工"),
        ("橋の工事はなぜですか", "橋 工事"),
        ("flooding", "floods"),
    ],
)
def test_forms_of_a_word_and_a_question_about_it_give_the_same_terms(one: str, other: str) -> None:
    assert set(terms(one)) == set(terms(other))
