"""Who speaks in a piece of evidence is found by the name or the office that a question uses."""

from datetime import UTC, datetime
from time import process_time

import pytest

from chat.answer import Evidence
from chat.speakers import says
from corpus.article import new_article

NOW = datetime(2023, 3, 15, tzinfo=UTC)
TEXT = (
    "Captain Ansa Thorvik, the harbour master, closed the port. She said the ferry was drifting.\n\n"
    '"They went in close," said Rosalind Achterberg, the chief fire officer. '
    "The union's secretary Declan Mowbray agreed.\n\n"
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
    ],
)
def test_who_is_asked_about_speaks_in_a_piece(question: str, words: str, speaks: bool) -> None:
    assert bool(says(piece(words), question)) is speaks


@pytest.mark.parametrize("words", ["a" * 50_000, "a " * 25_000, "Thorvik, " * 6_000, "the harbour master " * 3_000])
def test_hostile_articles_are_read_quickly(words: str) -> None:
    text = f"Captain Ansa Thorvik said no. {words}."
    article = new_article(title="Fire", text=text, source="Harbour Gazette", published_at=NOW)
    started = process_time()
    says(Evidence(1, article, 0, 29), "What did the harbour master say?")
    assert process_time() - started < 5
