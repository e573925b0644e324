"""Passages: within the model's window, in order, and never a character of the article lost."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from indexer.embedding.chunking import PASSAGE_WORDPIECES, cut_passages
from tests.articles import article

WORDS = st.text(alphabet="abcdefghij  .!?\n\"'", min_size=1, max_size=2000).filter(lambda text: bool(text.strip()))


def count(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


@given(WORDS)
def test_passages_cover_every_word_of_the_article_once(text: str) -> None:
    cut = article(text=text)
    spans = cut_passages(cut, lambda texts: [len(one) for one in texts])
    assert "".join(cut.text[a:b] for a, b in spans).split() == cut.text.split() or "".join(
        "".join(cut.text[a:b].split()) for a, b in spans
    ) == "".join(cut.text.split())


@given(WORDS)
def test_passages_stand_in_order_and_do_not_overlap(text: str) -> None:
    spans = cut_passages(article(text=text), lambda texts: [len(one) for one in texts])
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


def test_no_passage_is_longer_than_its_budget() -> None:
    text = "\n\n".join(" ".join(f"Sentence {n} of paragraph {p} has eight words." for n in range(9)) for p in range(20))
    cut = article(text=text)
    assert all(
        len(cut.text[span.start : span.end].split()) <= PASSAGE_WORDPIECES
        for span in cut_passages(cut, lambda texts: count(list(texts)))
    )


def test_passages_end_where_sentences_end() -> None:
    cut = article(text=" ".join(f"This is sentence number {n} of many." for n in range(200)))
    spans = cut_passages(cut, lambda texts: count(list(texts)))
    assert len(spans) > 1
    assert all(cut.text[span.start : span.end].endswith(".") for span in spans)


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    cut = article(text="word " * 1000)
    spans = cut_passages(cut, lambda texts: count(list(texts)))
    assert all(set(cut.text[span.start : span.end].split()) == {"word"} for span in spans)


def test_a_short_article_is_one_passage() -> None:
    cut = article(text="One sentence. And another.")
    assert [tuple(span) for span in cut_passages(cut, lambda texts: count(list(texts)))] == [(0, len(cut.text))]


def test_a_very_long_title_leaves_room_for_the_passage() -> None:
    cut = article(title="long " * 500, text="short text. " * 200)
    sizes = [
        len(cut.text[span.start : span.end].split()) for span in cut_passages(cut, lambda texts: count(list(texts)))
    ]
    assert max(sizes) > 100
