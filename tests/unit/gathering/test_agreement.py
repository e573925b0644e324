"""Agreement: a name in several articles is likelier the answer."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chat.gathering.agreement import agreement
from chat.understanding.question import Question


def asked(text: str) -> Question:
    return Question(text=text, search_text=text, as_of=datetime(2024, 1, 1, tzinfo=UTC))


WHO = asked("Who opened the bridge?")
SENTENCES = [
    ("courier", "The bridge was opened on a rainy morning by Mayor Tarrant."),
    ("gazette", "On the bridge they all greeted Tarrant."),
    ("herald", "The bridge is made of steel, said Olin."),
]


def test_a_name_in_two_articles_favours_their_sentences() -> None:
    first, second, third = agreement(WHO, SENTENCES, [1.0, 1.0, 1.0])
    assert first > third
    assert second > third


def test_an_article_has_one_voice_however_often_it_says_a_name() -> None:
    often = [*SENTENCES, *[("herald", f"Olin went on, {turn}.") for turn in ("then", "again", "at length")]]
    assert agreement(WHO, often, [1.0] * len(often))[:3] == agreement(WHO, SENTENCES, [1.0] * 3)


def test_names_of_the_question_have_no_say() -> None:
    assert agreement(asked("Who opened the bridge with Tarrant and Olin, the Mayor?"), SENTENCES, [1.0] * 3)[1] == 0.0


def test_where_no_name_is_asked_for_nothing_is_said() -> None:
    assert agreement(asked("Why was the bridge opened?"), SENTENCES, [1.0] * 3) == [0.0] * 3
    assert agreement(asked("How many came to the bridge?"), SENTENCES, [1.0] * 3) == [0.0] * 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=30), st.floats(-1e3, 1e3)), max_size=8))
def test_it_is_always_between_none_and_all(rows: list[tuple[str, str, float]]) -> None:
    shares = agreement(WHO, [(article, text) for article, text, _ in rows], [score for *_, score in rows])
    assert len(shares) == len(rows)
    assert all(0.0 <= share <= 1.0 for share in shares)
