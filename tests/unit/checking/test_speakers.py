"""Who speaks in a piece of evidence is found by the name or the office that a question uses."""

from datetime import UTC, datetime
from time import process_time

import pytest

from chat.answer import Evidence
from chat.checking.speakers import is_somebodys, says, with_whole_quotation
from chat.understanding.speaker import speaker_asked_about
from corpus.article import new_article

NOW = datetime(2023, 3, 15, tzinfo=UTC)
TEXT = (
    "Captain Ansa Thorvik, the harbour master, closed the port. She said the ferry was drifting.\n\n"
    '"They went in close," said Rosalind Achterberg, the chief fire officer. '
    "The diver told Rosalind Achterberg so. The union's secretary Declan Mowbray agreed.\n\n"
    '"That is the whole of my argument," Mowbray said.\n\n'
    "The port was shut until noon."
)


def piece(words: str) -> Evidence:
    article = new_article(title="Fire", text=TEXT, source="Harbour Gazette", published_at=NOW)
    start = TEXT.index(words)
    return Evidence(1, article, start, TEXT.find("\n\n", start) if "\n\n" in TEXT[start:] else len(TEXT))


@pytest.mark.parametrize(
    ("question", "words", "speaks"),
    [
        ("What did the harbour master say about it?", "Captain Ansa", True),
        ("What did Thorvik say?", "Captain Ansa", True),
        ("What did the fire chief say?", "Captain Ansa", False),
        ("What did the fire chief say about the boats?", '"They went', True),
        ("How did the harbour master react?", '"They went', False),
        ("What did the secretary of the union say?", '"That is', True),
        ("What did the harbour master say about it?", "The port was", False),
        ("What did they say?", '"They went', False),
        ("What did the Fire Chief say?", '"They went', True),
        ("What did the diver say?", '"They went', False),
    ],
)
def test_who_is_asked_about_speaks_in_a_piece(question: str, words: str, speaks: bool) -> None:
    assert bool(says(piece(words), speaker_asked_about(question))) is speaks


@pytest.mark.parametrize("words", ["a" * 50_000, "a " * 25_000, "Thorvik, " * 6_000, "the harbour master " * 3_000])
def test_hostile_articles_are_read_quickly(words: str) -> None:
    text = f"Captain Ansa Thorvik said no. {words}."
    article = new_article(title="Fire", text=text, source="Harbour Gazette", published_at=NOW)
    started = process_time()
    says(Evidence(1, article, 0, 29), speaker_asked_about("What did the harbour master say?"))
    assert process_time() - started < 5


def names_the_speaker(question: str) -> bool:
    speaker = speaker_asked_about(question)
    return speaker is not None and speaker.is_asked_about


def test_who_is_to_have_spoken_is_told_from_other_names() -> None:
    assert names_the_speaker("What did Declan Mowbray say about Port Ellery?")
    assert names_the_speaker("How did the harbour master of Port Ellery react?")
    assert not names_the_speaker("What was said about the fire in Port Ellery?")
    assert not names_the_speaker("What did they say?")


LONG = 'Mary Quarle spoke of the singer in 2002: "She was Holm. She was all that was good about it. She had it all."'


@pytest.mark.parametrize(("words", "is_quoted"), [("She was all", True), ("Mary Quarle", False)])
def test_a_sentence_amid_a_long_quotation_is_somebodys_though_it_has_no_marks(words: str, is_quoted: bool) -> None:
    article = new_article(title="Singer dies", text=LONG, source="Courier", published_at=NOW)
    start = LONG.index(words)
    assert is_somebodys(Evidence(1, article, start, LONG.index(".", start) + 1)) is is_quoted


REMARKS = (
    "“We will build the line. It will be ready by May. Nobody will lose a garden,” said Ana Pell. The board met.\n\n"
    'Quist disagreed. He said: "It was dark. We ran." Then he left. The "green line" opens in May.\n\n'
    '"Nobody closed this one. It has no end. And it goes on.'
)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (
            "It will be ready by May.",
            "“We will build the line. It will be ready by May. Nobody will lose a garden,” said Ana Pell.",
        ),
        (
            "Nobody will lose a garden,” said Ana Pell.",
            "“We will build the line. It will be ready by May. Nobody will lose a garden,” said Ana Pell.",
        ),
        ('He said: "It was dark.', 'He said: "It was dark. We ran."'),
        ("The board met.", "The board met."),
        ("Then he left.", "Then he left."),
        ('The "green line" opens in May.', 'The "green line" opens in May.'),
        ("It has no end.", '"Nobody closed this one. It has no end. And it goes on.'),  # in the next paragraph
    ],
)
def test_a_quotation_of_several_sentences_is_one_piece(words: str, whole: str) -> None:
    made = new_article(title="Line", text=REMARKS, source="Harbour Gazette", published_at=NOW)
    start = made.text.index(words)
    widened = with_whole_quotation(Evidence(1, made, start, start + len(words)))
    assert widened.text == whole
