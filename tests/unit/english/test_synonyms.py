"""Words of news that tell the same thing."""

from hypothesis import given
from hypothesis import strategies as st

from chat.english.synonyms import in_other_words, synonyms
from indexer.search.stemming import terms


def stem(word: str) -> str:
    return terms(word)[0]


def test_who_asks_how_many_died_means_those_that_were_killed() -> None:
    assert 0.0 < in_other_words(stem("died"), terms("Nine people were killed.")) < 1.0
    assert in_other_words(stem("died"), terms("Nine people died.")) == 1.0
    assert in_other_words(stem("died"), terms("Nine people marched.")) == 0.0


@given(st.sampled_from(sorted(synonyms())))
def test_what_tells_the_same_does_so_both_ways_and_is_another_word(word: str) -> None:
    assert word not in synonyms()[word]
    assert all(word in synonyms()[other] for other in synonyms()[word])


@given(st.text(), st.text())
def test_any_words_are_worth_something_from_nothing_to_themselves(word: str, text: str) -> None:
    held = frozenset(terms(text))
    assert all(0.0 <= in_other_words(one, held) <= (1.0 if one in held else 0.99) for one in terms(word))
