"""Articles with a date that cannot be, such as a year typed wrong: found, and named where they are read."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chat.chatbot import Chatbot
from corpus.__main__ import app
from corpus.readers import read_articles
from indexer.doctor import examine
from indexer.search.index import Index
from indexer.sync import sync
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)
STORIES = (
    (
        "2203-03-09",
        "Gull Bay opens its swimming hall",
        "The swimming hall of Gull Bay opened on Friday. It has nine lanes.",
    ),
    (
        "12 May 2052",
        "New organ for Orm",
        "The church of Orm has a new organ. It was built by Tore Brandt in two years.",
    ),
    (
        "2099-12-31T23:59:59Z",
        "Lighthouse sold",
        "The lighthouse of Skerry Head was sold for 310,000 crowns to a baker.",
    ),
    ("1970-01-01T00:00:00Z", "Cinema to close", "The cinema of Nether Vale closes because of a leak in its roof."),
    ("2022-05-02", "Library reads", "The library of Port Ellery has a new reading room with forty seats."),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("dates") / "articles.jsonl"
    records = ({"title": title, "text": text, "date": day, "source": "Post"} for day, title, text in STORIES)
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return path


@pytest.fixture(scope="module")
def chatbot(path: Path) -> Iterator[Chatbot]:
    sync(read_articles([path]), path.parent / "data", MODEL)
    with closing(Index(path.parent / "data", MODEL.fingerprint)) as index:
        yield Chatbot(index, MODEL, None, clock=lambda: NOW)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many lanes has the swimming hall of Gull Bay?", "nine lanes"),
        ("Who built the new organ of Orm?", "Tore Brandt"),
        ("How much did the lighthouse of Skerry Head cost?", "310,000 crowns"),
        ("Why does the cinema of Nether Vale close?", "leak in its roof"),
    ],
)
def test_an_article_with_an_impossible_date_is_evidence_without_one(
    chatbot: Chatbot, question: str, words: str
) -> None:
    answer = chatbot.ask(question)
    assert words in answer.sentences[0].text
    assert answer.sentences[0].citations[0].article.published_at is None


def test_check_and_doctor_name_the_impossible_dates(chatbot: Chatbot, path: Path) -> None:
    checked = " ".join(CliRunner().invoke(app, ["check", str(path)]).stdout.split())
    found = " ".join(one.found for one in examine(path.parent / "data") if one.what == "warning")
    for reason in ("dated in the future", "the date was not understood"):
        assert re.search(f"2 of 5 articles, such as '[^']+': {reason}", checked)
        assert f"2 articles: {reason}" in found
