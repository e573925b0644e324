"""What may stand among the best hits: a wire story once, and nothing from after the as-of moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.question import Question, understand
from chat.retrieval import RetrievalSettings, retrieve
from corpus.article import Article
from indexer.index import Index
from indexer.scope import Scope
from indexer.sync import sync
from tests.altered_sentences import sample_articles
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
STORY = """\
PORT ELLERY (CPA) - Four people died when a fire broke out on the ferry Grey Petrel on Wednesday night, the coast guard
said. Another 31 passengers were taken ashore by fishing boats from Skerry Head.

"The engine room was burning when we came alongside," said Ines Quarrie, who skippers the trawler Marigold. She and her
crew of five pulled eleven passengers from the water before the first lifeboat arrived.

The cause of the ferry fire is not known. The Grey Petrel was built in 1994 and was inspected in January, the transport
ministry said. Services between Port Ellery and the islands are suspended until Saturday.
"""
DAYS = [datetime(2023, 3, 1, tzinfo=UTC) + timedelta(days=n) for n in range(40)]


def copies() -> list[Article]:
    """The agency's own print and twenty copies, each under a headline, a byline and a closing line of its paper."""
    prints = [article("Ferry fire kills four", STORY, source="CPA", day="2023-03-15")]
    for number in range(20):
        body = STORY.replace("PORT ELLERY (CPA) - ", "" if number % 2 else "By our staff\n\n")
        text = f"{body}\nReaders of edition {number} may write to the editor."
        prints.append(article(f"Grey Petrel burns {number}", text, source=f"Paper {number}", day="2023-03-16"))
    return prints


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("wired")
    sync([*reversed(copies()), *sample_articles().values()], folder, MODEL)
    opened = Index(folder, MODEL.fingerprint)
    yield opened
    opened.close()


QUESTIONS = [
    "How many people died in the fire on the ferry Grey Petrel?",
    "Grey Petrel",
    "What did Ines Quarrie say about the engine room?",
    "the cause of the ferry fire",
    '"pulled eleven passengers from the water"',
]


def asked(text: str) -> Question:
    return understand(text, as_of=datetime(2024, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("text", QUESTIONS)
def test_of_twenty_copies_of_one_story_the_top_ten_hold_the_first_print_alone(wired: Index, text: str) -> None:
    hits = retrieve(asked(text), wired, MODEL.embedding, 10)
    found = [wired.archive.article(hit.passage.article_id, hit.passage.version) for hit in hits]
    of_the_story = {one.source for one in found if "Grey Petrel on Wednesday" in one.text}
    assert of_the_story == {"CPA"}
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_without_the_collapse_the_copies_fill_the_top_ten(wired: Index) -> None:
    hits = retrieve(asked(QUESTIONS[0]), wired, MODEL.embedding, 10, RetrievalSettings(collapse_copies=False))
    assert len({hit.passage.article_id for hit in hits}) > 5


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Sixty stories of forty days, a third of them corrected some days later."""
    folder = tmp_path_factory.mktemp("corrected")
    articles = []
    for number in range(60):
        day, later = DAYS[number * 7 % 40], DAYS[min(39, number * 7 % 40 + number % 5)]
        url = f"https://courier.example/{number}"
        text = f"The ferry to island {number} carried {number + 3} people."
        articles.append(article(f"Ferry {number}", text, url=url, day=day.date().isoformat()))
        if number % 3 == 0:
            text = f"Corrected: the ferry to island {number} carried {number + 4} people."
            days = {"day": day.date().isoformat(), "updated": later.date().isoformat()}
            articles.append(article(f"Ferry {number}", text, url=url, **days))
    sync(articles, folder, MODEL)
    opened = Index(folder, MODEL.fingerprint)
    yield opened
    opened.close()


def stands(one: Article, moment: datetime) -> bool:
    return max(stamp for stamp in (one.published_at, one.updated_at) if stamp) <= moment


moments = st.integers(-4 * 24, 45 * 24).map(lambda hours: DAYS[0] + timedelta(hours=hours))
words = st.lists(st.sampled_from("ferry island people carried corrected 7 12 latest March".split()), min_size=1)


@settings(deadline=None, max_examples=60)
@given(moment=moments, words=words, recent=st.booleans())
def test_nothing_published_after_the_as_of_moment_is_ever_evidence(
    corrected: Index, moment: datetime, words: list[str], recent: bool
) -> None:
    text = " ".join(words) + (" this week" if recent else "")
    for hit in retrieve(understand(text, as_of=moment), corrected, MODEL.embedding, 100):
        assert stands(corrected.archive.article(hit.passage.article_id, hit.passage.version), moment)


@settings(deadline=None, max_examples=60)
@given(moment=moments)
def test_as_of_a_moment_every_article_stands_in_the_last_version_before_it(corrected: Index, moment: datetime) -> None:
    table = corrected.table
    mask = table.allowed(Scope(as_of=moment))
    allowed = {table.article_of(row) for row in range(len(table)) if mask[row]}
    last: dict[str, int] = {}
    for one in corrected.archive.articles():
        if stands(one, moment):
            last[one.id] = max(one.version, last.get(one.id, 0))
    assert allowed == set(last.items())
