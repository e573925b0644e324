"""Articles without a date: nothing shows that they were there on an earlier day, unless they had been fetched."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.chatbot import Chatbot
from corpus.article import Article, new_article
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 1, 1, tzinfo=UTC)
THEN = datetime(2022, 2, 1, tzinfo=UTC)
STORIES = {  # a question, the report of January 2022, and the undated one
    "Is the bridge of Norhaven open?": (
        "The bridge of Norhaven was closed because of rust.",
        "The bridge of Norhaven has reopened after eleven months.",
    ),
    "Who runs the brewery of Gull Bay?": (
        "The brewery of Gull Bay is run by Tom Reed, who bought it in the autumn.",
        "The brewery of Gull Bay is run by Ada Quill since the retirement of its owner.",
    ),
    "How much does the zoo of Orm cost?": (
        "The zoo of Orm costs nine crowns on a weekday.",
        "The zoo of Orm costs twelve crowns on any day.",
    ),
    "How many people work in the shipyard of Skerry Head?": (
        "The shipyard of Skerry Head has 310 people at work.",
        "The shipyard of Skerry Head has 95 people at work.",
    ),
}


def undated(text: str, *, fetched: datetime | None = None) -> Article:
    return new_article(title="Report", text=text, url=f"https://a.example/{len(text)}", fetched_at=fetched)


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("undated")
    sync(
        [
            *(article(f"Local news {at}", old, day="2022-01-10") for at, (old, _) in enumerate(STORIES.values())),
            *(undated(new) for _, new in STORIES.values()),
        ],
        folder,
        MODEL,
    )
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


@pytest.mark.parametrize("question", STORIES)
def test_an_undated_article_is_left_out_of_a_look_back(chatbot: Chatbot, question: str) -> None:
    old, new = STORIES[question]
    then = chatbot.ask(question, as_of=THEN)
    assert [one.text for one in then.evidence if one.text in (old, new)] == [old]
    assert "4 articles without a date are left out" in then.notice
    assert any(one.text == new for one in chatbot.ask(question).evidence)


@pytest.mark.parametrize(
    ("fetched", "is_evidence"), [("2022-01-15", True), ("2022-02-01", True), ("2022-02-02", False)]
)
def test_an_undated_article_is_evidence_from_when_it_was_fetched(
    tmp_path: Path, fetched: str, is_evidence: bool
) -> None:
    moment = datetime.fromisoformat(fetched).replace(tzinfo=UTC)
    text = "The ferry to Port Ellery sails again."
    sync([undated(text, fetched=moment), article(day="2022-01-10")], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    answer = Chatbot(index, MODEL, None, clock=lambda: NOW).ask("Does the ferry to Port Ellery sail?", as_of=THEN)
    index.close()
    assert any(one.text == text for one in answer.evidence) is is_evidence
