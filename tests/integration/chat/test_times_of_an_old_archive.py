"""A time without a year, asked of an archive that has ended: the last one that it covers, and the answer says so."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Status
from chat.chatbot import Chatbot
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2026, 11, 28, tzinfo=UTC)
STORIES = [
    ("2022-05-11", "Elm Bay Courier", "Lighthouse sold", "The lighthouse of Gull Bay was sold to a painter in May."),
    ("2023-03-05", "Elm Bay Courier", "Snow on the pier", "Snow closed the pier of Elm Bay on Sunday morning."),
    ("2023-05-16", "Elm Bay Courier", "School opens", "The new school of Elm Bay opened its doors on Tuesday."),
    ("2023-05-20", "North Valley Post", "Mill burns", "The old mill of North Valley burned to the ground on Saturday."),
    ("2023-06-17", "Elm Bay Courier", "Regatta", "Nineteen boats sailed in the regatta of Elm Bay on Saturday."),
]


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("ended")
    sync([article(title, text, source=source, day=day) for day, source, title, text in STORIES], folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


@pytest.mark.parametrize(
    ("question", "title", "days"),
    [
        ("What did the Courier say in May?", "School opens", "1-31 May 2023"),
        ("What happened in Elm Bay on 5 March?", "Snow on the pier", "5 March 2023"),
        ("What did the Elm Bay Courier report in early June?", "Regatta", "1-10 June 2023"),
        ("News from the Post in May", "Mill burns", "1-31 May 2023"),
    ],
)
def test_the_last_such_time_is_meant_and_shown_with_its_year(
    chatbot: Chatbot, question: str, title: str, days: str
) -> None:
    turn = chatbot.turn(question)
    labels = [one.label for one in turn.question.filters]
    assert any(days in label and "the last in the archive" in label for label in labels), labels
    assert "The archive ends on 17 June 2023" in turn.answer.notice
    days = re.sub(r"(\d+)-(\d+) (.+)", r"\1 \3 to \2 \3", days)
    assert f"is read as {days}." in turn.answer.notice
    if "June" not in question:
        assert turn.answer.status is Status.ANSWERED
        assert turn.answer.sentences[0].citations[0].article.title == title


@pytest.mark.parametrize(
    "question", ["What happened in May 2022?", "What happened last May?", "What is new this week?"]
)
def test_a_time_with_a_year_or_counted_from_today_is_left_as_it_is(chatbot: Chatbot, question: str) -> None:
    turn = chatbot.turn(question)
    assert "is read as" not in turn.answer.notice
    assert not turn.question.last_of_archive
