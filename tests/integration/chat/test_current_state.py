"""How things stand now: the newest report that tells it answers first, what it replaces is labelled as earlier."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Answer
from chat.chatbot import Chatbot
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)
STORIES = [
    ("2021-05-04", "Swing bridge closed", "The swing bridge of Skerry Head is closed to all traffic, the port said."),
    ("2022-09-12", "Swing bridge: works half done", "The swing bridge of Skerry Head is closed until spring."),
    ("2023-04-20", "Swing bridge open again", "The swing bridge of Skerry Head is open to all traffic."),
    ("2021-02-10", "Library to be built", "Port Ellery will build a new library. The library project costs 9 million."),
    ("2022-06-15", "Library walls stand", "The walls of the new library stand. The library project is ahead of time."),
    (
        "2023-11-08",
        "Library builder bankrupt",
        "The builder of the library is bankrupt. The library project has stopped.",
    ),
    ("2021-01-11", "Berg is harbour master", "Ina Berg is the harbour master of Port Ellery since Monday."),
    ("2023-08-02", "New harbour master", "Karl Ohm is the harbour master of Port Ellery. Ina Berg has retired."),
    ("2022-01-19", "Pier fund", "The fund for the old pier of Gull Bay has collected a third of the money."),
    ("2023-10-03", "Pier fund complete", "The fund for the old pier of Gull Bay has all its money, and work begins."),
]


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("state")
    undated = replace(
        article("Bridge railing", "The swing bridge of Skerry Head has a new railing."), published_at=None
    )
    sync([*(article(title, text, day=day) for day, title, text in STORIES), undated], folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


def days(answer: Answer) -> list[str]:
    return [f"{one.citations[0].article.published_at:%Y-%m-%d}" for one in answer.sentences]


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("What is the current state of the library project?", "2023-11-08"),
        ("What's the status of the library project?", "2023-11-08"),
        ("Where does the library project stand?", "2023-11-08"),
        ("Who is the current harbour master of Port Ellery?", "2023-08-02"),
        ("Who is harbour master of Port Ellery now?", "2023-08-02"),
        ("Is the swing bridge of Skerry Head still closed?", "2023-04-20"),
        ("Is the swing bridge of Skerry Head open yet?", "2023-04-20"),
        ("How is the fund for the old pier of Gull Bay coming along?", "2023-10-03"),
        ("What is the state of the fund for the old pier?", "2023-10-03"),
    ],
)
def test_the_newest_report_answers_first(chatbot: Chatbot, question: str, newest: str) -> None:
    found = days(chatbot.ask(question))
    assert found[0] == newest
    assert found[1:] == sorted(found[1:], reverse=True)


def test_what_the_newest_report_replaces_is_labelled_as_earlier(chatbot: Chatbot) -> None:
    answer = chatbot.ask("What is the state of the library project?")
    older = [day != "2023-11-08" for day in days(answer)]
    assert older == sorted(older)
    assert any(older)
    assert [one.text.startswith("Earlier: ") for one in answer.sentences] == older


@pytest.mark.parametrize("state", ["open yet", "still closed"])
def test_whether_something_is_so_now_is_answered_by_the_newest_report(chatbot: Chatbot, state: str) -> None:
    answer = chatbot.ask(f"Is the swing bridge of Skerry Head {state}?")
    assert answer.sentences[0].text.startswith("The newest report: “The swing bridge of Skerry Head is open")


def test_as_of_an_earlier_day_the_report_of_then_answers(chatbot: Chatbot) -> None:
    then = chatbot.ask("Is the swing bridge of Skerry Head still closed?", as_of=datetime(2022, 12, 1, tzinfo=UTC))
    assert days(then)[0] == "2022-09-12"
    assert then.sentences[0].text.startswith("The newest report: “The swing bridge of Skerry Head is closed")


@pytest.mark.parametrize(
    "question",
    [
        "Was the swing bridge closed in May 2021?",
        "What is the state of Texas known for?",
        "What did the port say about the current in the bay?",
        "Who retired?",
        "What is happening now that the bridge is open?",
    ],
)
def test_other_questions_are_not_about_now(chatbot: Chatbot, question: str) -> None:
    assert not chatbot.understand(question, conversation=(), as_of=NOW).asks_for_now


def test_the_reader_sees_and_can_remove_that_the_newest_comes_first(chatbot: Chatbot) -> None:
    question = chatbot.understand("What is the state of the library project?", conversation=(), as_of=NOW)
    chip = next(one for one in question.filters if one.label == "newest first")
    assert question.search_text == "What is the library project?"
    without = chatbot.understand(question.text, conversation=(), as_of=NOW, removed=frozenset((chip.key,)))
    assert not without.asks_for_now
    assert without.search_text == question.text


@pytest.mark.parametrize("question", ["What is the state of the swing bridge?", "Is the swing bridge still closed?"])
def test_a_report_without_a_date_is_neither_the_newest_nor_an_earlier_one(chatbot: Chatbot, question: str) -> None:
    assert all("railing" not in one.text for one in chatbot.ask(question).sentences)
