"""Which questions follow the one before, in an archive with a real embedding of words."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.chatbot import Chatbot
from corpus.article import new_article
from indexer.search.index import Index
from indexer.sync import sync
from tests.fakes import word_hash_model

NOW = datetime(2024, 1, 1, tzinfo=UTC)
STORIES = (
    (
        "Ferry fire kills nine",
        "A fire on the ferry Petrel killed nine people. Forty were hurt. Captain Ohm was in charge.",
    ),
    ("Berg elected mayor", "Ina Berg won the mayoral election in Elm Bay. She was elected mayor with 812 votes."),
    ("Thousands march", "About 1,200 people marched in Elm Bay against the tunnel. The march was peaceful."),
    ("Council approves tram line", "The council approved the tram line in Elm Bay. The tram line has nine stops."),
)


@pytest.fixture
def chatbot(tmp_path: Path) -> Iterator[Chatbot]:
    model = word_hash_model()
    articles = [
        new_article(
            title=title,
            text=text,
            url=f"https://a.example/{at}",
            source="Elm Bay Courier",
            published_at=datetime(2023, 5, 1 + at, tzinfo=UTC),
        )
        for at, (title, text) in enumerate(STORIES)
    ]
    sync(articles, tmp_path, model)
    with closing(Index(tmp_path, model.fingerprint)) as index:
        yield Chatbot(index, model, None, clock=lambda: NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Who won the mayoral election?",
        "How many people marched?",
        "What happened in November 2022?",
        "Is the tram line approved?",
    ],
)
def test_a_question_with_its_own_subject_is_new(chatbot: Chatbot, text: str) -> None:
    before = chatbot.turn("How many people died in the ferry fire?")
    assert not chatbot.understand(text, conversation=[before], as_of=NOW).follows


@pytest.mark.parametrize(
    "text", ["Who was in charge?", "How many were hurt?", "Where was it built?", "And who was hurt?"]
)
def test_a_question_about_the_articles_before_follows(chatbot: Chatbot, text: str) -> None:
    before = chatbot.turn("How many people died in the ferry fire?")
    assert chatbot.understand(text, conversation=[before], as_of=NOW).follows


def test_an_undated_article_is_left_out_of_a_look_back(tmp_path: Path) -> None:
    model = word_hash_model()
    dated = datetime(2022, 1, 10, tzinfo=UTC)
    sync(
        [
            new_article(
                title="Bridge closed", text="The bridge of Norhaven was closed.", source="Post", published_at=dated
            ),
            new_article(title="Bridge reopens", text="The bridge of Norhaven has reopened.", source="Post"),
        ],
        tmp_path,
        model,
    )
    with closing(Index(tmp_path, model.fingerprint)) as index:
        bot = Chatbot(index, model, None, clock=lambda: NOW)
        then = bot.ask("Is the bridge of Norhaven open?", as_of=datetime(2022, 2, 1, tzinfo=UTC))
        today = bot.ask("Is the bridge of Norhaven open?")
    assert not any("reopened" in one.text for one in then.evidence)
    assert "1 article without a date is left out" in then.notice
    assert any("reopened" in one.text for one in today.evidence)


def test_articles_of_a_year_are_counted(chatbot: Chatbot) -> None:
    assert "4 articles in the archive" in chatbot.ask("How many articles from 2023?").notice
