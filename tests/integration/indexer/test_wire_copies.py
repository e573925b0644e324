"""What may stand among the best hits: a wire story once, and nothing from after the as-of moment."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.chatbot import Chatbot
from chat.gathering.retrieval import Hit, RetrievalSettings, retrieve
from chat.publishing.plain_data import answer_data
from chat.publishing.terminal import source_lines
from chat.understanding.question import Question
from chat.understanding.understand import understand
from corpus.article import Article
from indexer.removing import Selection, remove
from indexer.search.index import Index
from indexer.search.scope import Scope
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
    copies = [article("Ferry fire kills four", STORY, source="CPA", day="2023-03-15")]
    for number in range(20):
        body = STORY.replace("PORT ELLERY (CPA) - ", "" if number % 2 else "By our staff\n\n")
        text = f"{body}\nReaders of edition {number} may write to the editor."
        copies.append(article(f"Grey Petrel burns {number}", text, source=f"Paper {number}", day="2023-03-16"))
    return copies


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


def of_the_story(index: Index, question: Question) -> Hit:
    return next(hit for hit in retrieve(question, index, MODEL.embedding, 10) if "Grey Petrel" in hit.passage.text)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_one_print_that_is_found_names_the_first_of_the_others_and_counts_the_rest(wired: Index, text: str) -> None:
    hit = of_the_story(wired, asked(text))
    assert [one.source for one in hit.copies.listed] == [f"Paper {number}" for number in range(19, 11, -1)]
    assert (hit.copies.more, len(hit.copies)) == (12, 20)
    assert hit.passage.article_id not in {one.article_id for one in hit.copies.listed}
    assert hit.why[-1] == "syndicated copies: 20"
    others = [other for other in retrieve(asked(text), wired, MODEL.embedding, 10) if other != hit]
    assert all("Grey Petrel on Wednesday" not in other.passage.text or other.copies == hit.copies for other in others)


def test_without_the_collapse_each_print_names_the_others(wired: Index) -> None:
    hits = retrieve(asked(QUESTIONS[0]), wired, MODEL.embedding, 5, RetrievalSettings(collapse_copies=False))
    assert {len(hit.copies) for hit in hits} == {20}
    assert all(hit.passage.article_id not in {one.article_id for one in hit.copies.listed} for hit in hits)


def test_an_answer_tells_once_an_article_who_else_printed_it(wired: Index) -> None:
    turn = Chatbot(wired, MODEL, None, clock=lambda: datetime(2024, 1, 1, tzinfo=UTC)).turn(QUESTIONS[0])
    answer = turn.answer
    told = [line for line in source_lines(answer) if "Also printed by" in line]
    assert len(told) == 1
    assert told[0].startswith("      Also printed by Paper 19, 16 March 2023; Paper 18, 16 March 2023; ")
    assert told[0].endswith("; and 12 more")
    data = next(one for one in answer_data(turn.question, answer)["evidence"] if one["source"] == "CPA")
    first = data["also_printed_by"][0]
    assert (len(data["also_printed_by"]), data["more_prints"]) == (8, 12)
    assert wired.archive.article(first["article"], first["version"]).title == first["title"] == "Grey Petrel burns 19"
    assert first["published_at"] == "2023-03-16T00:00:00+00:00"
    assert first["url"] == "https://courier.example/grey-petrel-burns-19"


def test_of_the_syndicated_copies_only_those_that_stood_are_named_and_each_as_it_stood(tmp_path: Path) -> None:
    address, away = "https://bee.example/1", "https://gazette.example/1"
    sync(
        [
            article("Ferry fire kills four", STORY, source="CPA", day="2023-03-15"),
            article("Ferry burns", f"{STORY}\nFrom our wires.", source="Bee", day="2023-03-18", url=address),
            article(
                "Ferry burns, mended",
                f"{STORY}\nMended.",
                source="Bee",
                day="2023-03-18",
                updated="2023-03-20",
                url=address,
            ),
            article("Ferry in flames", STORY, source="Courier", day="2023-03-16"),
            article("Ferry lost", STORY, source="Gazette", day="2023-03-17", url=away),
            replace(article("Ferry", STORY, source="Post", url="https://post.example/1"), published_at=None),
        ],
        tmp_path,
        MODEL,
    )
    remove(tmp_path, Selection(address=away))
    index = Index(tmp_path, MODEL.fingerprint)
    told = {}
    for day in (15, 16, 19, 21):
        question = understand("the fire on the ferry Grey Petrel", as_of=datetime(2023, 3, day, 12, tzinfo=UTC))
        hit = of_the_story(index, question)
        told[day] = [(one.source, one.title) for one in hit.copies.listed]
        of_courier = retrieve(replace(question, sources=("Courier",)), index, MODEL.embedding, 3)
        assert not any(one.copies for one in of_courier)
    index.close()
    undated, courier = ("Post", "Ferry"), ("Courier", "Ferry in flames")
    assert told == {
        15: [undated],
        16: [courier, undated],
        19: [courier, ("Bee", "Ferry burns"), undated],
        21: [courier, ("Bee", "Ferry burns, mended"), undated],
    }


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
