"""What stands between quotation marks of any kind is found in raw text and in plain text alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.quotation_marks import MASK, find_quoted, mask_quoted


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"We will rebuild," he said. "It takes a year."', ["We will rebuild,", "It takes a year."]),
        ("“We will rebuild,” he said.", ["We will rebuild,"]),
        ("«We will rebuild», he said.", ["We will rebuild"]),
        ("„Wir bauen neu“, sagte er.", ["Wir bauen neu"]),
        ("‘We’ll rebuild,’ he said.", ["We’ll rebuild,"]),
        ("'We'll rebuild,' he said.", ["We'll rebuild,"]),
        ("The workers' pay and the owners' profit.", []),
        ('He said: "We will rebuild.', ["We will rebuild."]),  # goes on in the next paragraph
        ('We will rebuild," he said. "It takes a year."', ["We will rebuild,", "It takes a year."]),
        ('We will rebuild," he said.', ["We will rebuild,"]),  # began in the sentence before
        ('"We will.\n\nThe council met.\n\n"It takes a year," he said.', ["We will.", "It takes a year,"]),
        ('He said:"We will rebuild."', ["We will rebuild."]),
        ("No marks.", []),
        ("", []),
    ],
)
def test_what_stands_between_marks_is_found(text: str, quoted: list[str]) -> None:
    assert [text[slice(*each.words)] for each in find_quoted(text)] == quoted


TEXTS = st.text() | st.lists(st.sampled_from(["\"'“”‘’«»„", "a", " ", ".", "\n\n", "we"]), max_size=30).map("".join)


@given(TEXTS)
def test_quoted_stretches_follow_each_other_and_lie_within_their_marks(text: str) -> None:
    place = 0
    for each in find_quoted(text):
        assert place <= each.outer.start <= each.words.start <= each.words.end <= each.outer.end <= len(text)
        place = each.outer.end


@given(TEXTS)
def test_a_masked_text_has_the_length_of_the_text_and_none_of_the_quoted_words(text: str) -> None:
    quoted = list(find_quoted(text))
    masked = mask_quoted(text, quoted)
    assert len(masked) == len(text)
    assert all(set(masked[slice(*each.outer)]) <= {MASK} for each in quoted)
