"""When the newest stories are asked for, and nothing in particular."""

from datetime import UTC, datetime

import pytest

from chat.understanding.question import Intent
from chat.understanding.understand import understand
from eval.datasets import open_dataset

AS_OF = datetime(2023, 12, 20, 12, tzinfo=UTC)
SOURCES = ("The Ellery Courier", "Harbour Gazette")
HEADLINES = [
    "What is the latest news?",
    "what's new?",
    "headlines",
    "What happened last week?",
    "What happened in November 2022?",
    "Give me a summary of the news in 2022",
    "What did the Harbour Gazette report yesterday?",
    "news before:2023-05-01",
    "Show me the top stories of the day",
    "What is going on in the world?",
    "Most important events of 2022",
]
OTHERS = [
    "What is the latest on the tram vote?",
    "What happened to the Grey Petrel?",
    "What happened in Port Ellery last week?",
    "How many stories were there yesterday?",
    "When did it happen?",
    "Who are the new members?",
    "Why?",
    "?",
    'Who wrote "latest news from the quay"?',
]


def asks(text: str) -> bool:
    return understand(text, as_of=AS_OF, sources=SOURCES).intent is Intent.HEADLINES


@pytest.mark.parametrize("text", HEADLINES)
def test_news_without_a_subject_is_headlines(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", OTHERS)
def test_a_subject_is_looked_for(text: str) -> None:
    assert not asks(text)


def test_a_follow_up_asks_for_what_it_follows() -> None:
    before = understand("What happened to the ferry?", as_of=AS_OF)
    latest = understand("What is the latest?", as_of=AS_OF, earlier=(before,))
    latest_news = understand("What is the latest news?", as_of=AS_OF, earlier=(before,))
    assert (latest.intent, latest_news.intent) == (Intent.ANSWER, Intent.HEADLINES)


def test_no_question_of_the_sample_asks_for_headlines() -> None:
    assert [one.text for one in open_dataset("sample").questions if not one.earlier and asks(one.text)] == []
