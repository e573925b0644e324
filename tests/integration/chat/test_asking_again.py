"""Standing questions over the sample, whose articles arrive day by day, with the real embedding model."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from chat.chatbot import Chatbot
from chat.standing.asking import StandingQuestions
from chat.standing.store import StandingStore
from corpus.article import Article
from corpus.readers import read_articles
from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.removing import remove
from indexer.search.index import Index
from indexer.storage.browsing import article_ids
from indexer.sync import sync
from tests.conftest import SAMPLE

FIRE = "How many people died in the fire on the ferry Grey Petrel?"
NAMED = (FIRE, "How many people were killed on the Grey Petrel?")
# Before there is such a fire, these are answered with the dead of a road accident.
UNNAMED = ("How many people died in the ferry fire?", "What is the death toll of the ferry fire?")
EXPECTED = (
    ("15 March", "answer", "four"),
    ("15 March", "figure", "seven"),
    ("16 March", "figure", "nine"),
    ("17 March", "correction", "November 2021"),
    ("18 March", "figure", "eleven"),
    ("03 April", "figure", "twelve"),
)


def appeared(article: Article) -> datetime:
    moment = article.updated_at or article.published_at
    assert moment
    return moment


@dataclass
class Newsroom:
    """An archive to which articles are added, and its standing questions at the time of the newest of them."""

    folder: Path
    model: EmbeddingModel
    now: datetime = datetime(2023, 1, 1, tzinfo=UTC)

    def open(self) -> tuple[Index, StandingQuestions]:
        index = Index(self.folder, self.model.fingerprint)
        chatbot = Chatbot(index, self.model, None, clock=lambda: self.now)
        return index, StandingQuestions(chatbot, StandingStore(self.folder), lambda: self.now)

    def add(self, articles: Sequence[Article]) -> None:
        sync(articles, self.folder, self.model)
        self.now = max(map(appeared, articles)) + timedelta(minutes=1)


@pytest.fixture(scope="module")
def model() -> EmbeddingModel:
    return open_embedding()


@pytest.fixture
def newsroom(sample_data: Callable[[], Path], model: EmbeddingModel) -> Newsroom:
    """The sample without the news of Port Ellery, whose vectors are kept."""
    folder = sample_data()
    local = ("The Ellery Courier", "Harbour Gazette", "Coastal Press Agency")
    remove(folder, lambda archive: [id for source in local for id in article_ids(archive, source=source)])
    return Newsroom(folder, model)


@pytest.fixture(scope="module")
def arrivals() -> list[Article]:
    """The news of Port Ellery in the order in which it appeared; a correction when it was made."""
    found = [one for one in read_articles([SAMPLE / "port-ellery"]) if isinstance(one, Article)]
    return sorted(found, key=appeared)


def by_moment(articles: Sequence[Article]) -> Iterator[list[Article]]:
    return (list(group) for _, group in groupby(articles, key=appeared))


def test_a_ferry_fire_is_reported_at_each_new_toll_and_at_the_correction_and_at_no_other_time(
    newsroom: Newsroom, arrivals: list[Article]
) -> None:
    index, standing = newsroom.open()
    asked = [standing.save(text) for text in NAMED]
    noticed: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for articles in by_moment(arrivals):
        newsroom.add(articles)
        for change in standing.ask_again():
            day = f"{newsroom.now:%d %B}"
            noticed[change.question_id] += [(day, str(one.kind), one.text) for one in change.reasons]
        assert standing.ask_again() == []
        if noticed and len(asked) == len(NAMED):
            asked += [standing.save(text) for text in UNNAMED]
    index.close()
    for one in asked:
        expected = EXPECTED if one.text in NAMED else EXPECTED[1:]
        assert [(day, kind) for day, kind, _ in noticed[one.id]] == [(day, kind) for day, kind, _ in expected], one.text
        for (_, _, text), (_, _, word) in zip(noticed[one.id], expected, strict=True):
            assert word in text
