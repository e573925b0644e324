"""A file that changed and is added again: its old text answers no question any more."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Answer
from chat.chatbot import Chatbot
from corpus.readers import read_articles
from indexer.search.index import Index
from indexer.storage.browsing import summary_of
from indexer.sync import sync
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)
HEAD = "---\ntitle: Ferry fares\ndate: 2024-02-05\nsource: Ellery Courier\n{address}---\n"
PAGE = (
    "<html lang=en><head><title>Ferry fares</title><meta property='og:site_name' content='Ellery Courier'>"
    "<meta property='article:published_time' content='2024-02-05'><link rel=canonical href='https://a.example/fares'>"
    "</head><body><article><h1>Ferry fares</h1><p>{text}</p></article></body></html>"
)
RECORD = {"title": "Ferry fares", "date": "2024-02-05", "source": "Ellery Courier", "url": "https://a.example/fares"}
FORMS = {
    "fares.md": HEAD.format(address="url: https://a.example/fares\n") + "{text}",
    "without an address.md": HEAD.format(address="") + "{text}",
    "fares.html": PAGE,
    "fares.jsonl": json.dumps(RECORD)[:-1].replace("{", "{{") + ', "text": "{text}"}}',
    "fares.csv": 'title,date,source,url,text\nFerry fares,2024-02-05,Ellery Courier,https://a.example/fares,"{text}"\n',
}
OLD = "A ticket for the ferry to Gull Bay costs seven crowns from Monday, the port of Ellery said in a note."
NEW = OLD.replace("seven", "eleven")


def add(path: Path, form: str, text: str) -> None:
    path.write_text(form.format(text=text), "utf-8")
    sync(read_articles([path]), path.parent / "data", MODEL)


def ask(data: Path) -> tuple[Answer, int, int]:
    """The answer to what a ticket costs, and the number of articles and of versions."""
    with closing(Index(data, MODEL.fingerprint)) as index:
        summary = summary_of(index.archive)
        answer = Chatbot(index, MODEL, None, clock=lambda: NOW).ask("How much does the ferry to Gull Bay cost?")
    return answer, summary.articles, summary.versions


@pytest.mark.parametrize("name", FORMS)
def test_the_old_text_of_a_changed_file_is_no_evidence(tmp_path: Path, name: str) -> None:
    for text in (OLD, NEW):
        add(tmp_path / name, FORMS[name], text)
    answer, articles, versions = ask(tmp_path / "data")
    assert (articles, versions) == (1, 2)
    assert "eleven crowns" in answer.sentences[0].text
    assert not any("seven crowns" in one.text for one in answer.evidence)


@pytest.mark.parametrize("name", FORMS)
def test_a_file_that_is_as_it_was_brings_no_version(tmp_path: Path, name: str) -> None:
    for text in (OLD, OLD):
        add(tmp_path / name, FORMS[name], text)
    answer, articles, versions = ask(tmp_path / "data")
    assert (articles, versions) == (1, 1)
    assert "seven crowns" in answer.sentences[0].text
