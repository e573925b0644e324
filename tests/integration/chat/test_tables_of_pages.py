"""Questions about a row of a table in a page."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.chatbot import Chatbot
from corpus.readers import read_articles
from indexer.search.index import Index
from indexer.sync import sync
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PAGES = {
    "regatta": (
        "Regatta of Skerry Head",
        (
            "<p>The regatta of Skerry Head ended on Sunday in light wind, and nine boats reached the harbour, the club "
            "said in the evening.</p><table><thead><tr><th>Boat</th><th>Skipper</th><th>Time</th></tr></thead>"
            "<tr><td>Petrel</td><td>Ines Falk</td><td>3 h 12 min</td></tr>"
            "<tr><td>Sea Heron</td><td>Tore Brandt</td><td>3 h 40 min</td></tr></table>"
        ),
    ),
    "budget": (
        "Budget of Port Ellery",
        (
            "<p>The council of Port Ellery agreed on its budget on Tuesday after a debate of eight hours, with the "
            "votes of three parties.</p><table><caption>Spending in millions of crowns</caption>"
            "<tr><th>Purpose</th><th>2023</th><th>2024</th></tr>"
            "<tr><td>Libraries</td><td>4.1</td><td>3.6</td></tr><tr><td>Harbour walls</td>"
            "<td>12.5</td><td>17.9</td></tr></table>"
        ),
    ),
    "survey": (
        "Owls of Nether Vale counted",
        (
            "<p>Volunteers have counted the owls of Nether Vale in four nights, for the first time in ten years, the "
            "society of the friends of birds reported.</p><table><tr><td>Tawny owl</td><td>61 pairs</td></tr>"
            "<tr><td>Barn owl</td><td>14 pairs</td></tr></table>"
        ),
    ),
}


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("tables")
    for name, (title, body) in PAGES.items():
        head = f"<title>{title}</title><meta property='article:published_time' content='2024-03-05T09:00:00Z'>"
        page = f"<html lang=en><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
        (folder / f"{name}.html").write_text(page, "utf-8")
    sync(read_articles([folder]), folder / "data", MODEL)
    with closing(Index(folder / "data", MODEL.fingerprint)) as index:
        yield Chatbot(index, MODEL, None, clock=lambda: NOW)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        (
            "What was the time of the Sea Heron in the regatta?",
            "Boat: Sea Heron; Skipper: Tore Brandt; Time: 3 h 40 min",
        ),
        ("Who was the skipper of the Petrel?", "Boat: Petrel; Skipper: Ines Falk; Time: 3 h 12 min"),
        ("How much does Port Ellery spend on harbour walls?", "Purpose: Harbour walls; 2023: 12.5; 2024: 17.9"),
        ("How many pairs of the barn owl were counted?", "Barn owl; 14 pairs"),
    ],
)
def test_the_row_that_answers_is_quoted_whole(chatbot: Chatbot, question: str, row: str) -> None:
    told = [one.text for one in chatbot.ask(question).sentences]
    assert any(row in text for text in told), told
