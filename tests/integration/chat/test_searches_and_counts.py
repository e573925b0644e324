""" "Find articles about X", "articles from 2020" and "how many articles" are searches and counts, not questions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Status
from chat.chatbot import Chatbot
from chat.understanding.question import Intent
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """Twelve articles, three a year, every second one by Ina Berg, every third one about the mill."""
    folder: Path = tmp_path_factory.mktemp("searches")
    stories = [
        replace(
            article(
                f"Elm Bay, part {number}",
                f"The {'mill' if number % 3 == 0 else 'harbour'} of Elm Bay was busy. Visitor {number} was Dora Lind.",
                source="Elm Bay Courier" if number < 8 else "North Valley Post",
                day=f"{2020 + number // 3}-03-1{number % 9}",
            ),
            authors=("Ina Berg",) if number % 2 else ("Karl Ohm",),
        )
        for number in range(12)
    ]
    sync(stories, folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Find articles about the mill", 4),
        ("find articles by Karl Ohm about the mill", 2),
        ("Show me all articles mentioning the mill", 4),
        ("search for articles about the mill from 2021", 1),
        ("articles on the mill before 2022", 2),
        ("Please list stories about Dora Lind.", 8),
    ],
)
def test_articles_about_a_subject_are_listed_each_once(chatbot: Chatbot, text: str, found: int) -> None:
    turn = chatbot.turn(text)
    assert (turn.question.intent, turn.answer.status) == (Intent.SEARCH, Status.ANSWERED)
    assert len({one.citations[0].article.id for one in turn.answer.sentences}) == len(turn.answer.sentences) == found
    assert "in the archive mention" in turn.answer.notice


@pytest.mark.parametrize("text", ["Find articles about submarines", "articles mentioning Petra Quist"])
def test_a_subject_that_no_article_mentions_is_said_to_be_missing(chatbot: Chatbot, text: str) -> None:
    answer = chatbot.ask(text)
    assert answer.status is Status.NOT_IN_ARCHIVE
    assert answer.notice.startswith("No article in the archive mentions")


@pytest.mark.parametrize(
    "text", ["Find articles by Ina Berg", "articles from 2022", "list all articles from the Courier"]
)
def test_articles_of_an_author_a_time_or_a_source_are_the_newest_of_these(chatbot: Chatbot, text: str) -> None:
    turn = chatbot.turn(text)
    assert (turn.question.intent, turn.answer.status) == (Intent.HEADLINES, Status.ANSWERED)
    days = [one.citations[0].article.published_at for one in turn.answer.sentences]
    assert days == sorted(days, key=str, reverse=True)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("How many articles from 2022?", 3),
        ("number of articles from 2020", 3),
        ("How many articles by Ina Berg?", 6),
        ("How many articles mention the mill?", 4),
        ("how many articles did the Courier publish in 2021?", 3),
    ],
)
def test_articles_are_counted(chatbot: Chatbot, text: str, count: int) -> None:
    turn = chatbot.turn(text)
    assert turn.question.intent is Intent.COUNT_ARTICLES
    assert turn.answer.notice.startswith(f"{count} articles in the archive")


@pytest.mark.parametrize("text", ["What did the article on the mill say?", "Who wrote the report about the mill?"])
def test_a_question_about_a_report_is_a_question(chatbot: Chatbot, text: str) -> None:
    assert chatbot.understand(text, conversation=(), as_of=NOW).intent is Intent.ANSWER
