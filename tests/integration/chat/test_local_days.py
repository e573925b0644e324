"""A publisher's day is its local day: in citations, in ranges of days and on timelines; as-of stays an instant."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answering.timeline import timeline_of
from chat.chatbot import Chatbot
from corpus.article import Article, new_article
from indexer.search.index import Index
from indexer.sync import sync
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)
STORIES = (
    ("Crane falls in Port Awaroa", "2024-02-10T07:15:00+13:00", "A crane fell on the quay of Port Awaroa on Saturday."),
    (
        "Lava closes road in Kehena",
        "2024-02-09T20:40:00-10:00",
        "Lava closed the coast road of Kehena on Friday.",
    ),
    ("Snow stops trains in Aomura", "2024-02-12T01:05:00+09:00", "Snow stopped all trains of Aomura on Monday."),
)


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("local-days")
    sync([_article(*story) for story in STORIES], folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


def _article(title: str, published: str, text: str) -> Article:
    place = title.rsplit(" ", 1)[-1]
    return new_article(
        title=title,
        text=text,
        source=place,
        url=f"https://{place.lower()}.example/a",
        published_at=datetime.fromisoformat(published),
    )


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("What fell on the quay of Port Awaroa?", "10 February 2024"),
        ("What closed the coast road of Kehena?", "9 February 2024"),
        ("What stopped the trains of Aomura?", "12 February 2024"),
    ],
)
def test_an_article_is_cited_with_its_local_day(chatbot: Chatbot, question: str, day: str) -> None:
    assert chatbot.ask(question).sentences[0].text.endswith(day)


@pytest.mark.parametrize(("day", "source"), [(10, "Awaroa"), (9, "Kehena"), (12, "Aomura")])
def test_a_range_of_days_is_of_local_days(chatbot: Chatbot, day: int, source: str) -> None:
    text = f"What happened? after:2024-02-{day:02} before:2024-02-{day + 1:02}"
    question = chatbot.understand(text, conversation=(), as_of=NOW)
    (hit,) = chatbot.search.hits(question, 9)
    assert chatbot.index.archive.article(hit.passage.article_id, 1).source == source


def test_as_of_is_an_instant(chatbot: Chatbot) -> None:
    before = chatbot.ask("What stopped the trains of Aomura?", as_of=datetime(2024, 2, 11, 16, tzinfo=UTC))
    after = chatbot.ask("What stopped the trains of Aomura?", as_of=datetime(2024, 2, 11, 17, tzinfo=UTC))
    assert (bool(before.sentences), bool(after.sentences)) == (False, True)


def test_a_timeline_dates_events_by_the_local_day(chatbot: Chatbot) -> None:
    events = timeline_of("What closed the coast road of Kehena?", chatbot.search, NOW)
    assert [event.happened.first.isoformat() for event in events if "Lava" in event.text] == ["2024-02-09"]
