"""How much of an archive speaks of a question's subject."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chat.gathering.coverage import Coverage, subject_coverage
from chat.understanding.understand import understand
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
SUBJECTS = ("Grey Petrel", "Bo Lund", "Gannet Rock")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("archive")
    sync(
        [
            article(
                f"Report {number}",
                f"Number {number}. "
                + " ".join(f"They spoke of {name}." for at, name in enumerate(SUBJECTS) if number % (at + 2) == 0),
                day=f"2023-03-{number + 1:02d}",
            )
            for number in range(24)
        ],
        folder,
        MODEL,
    )
    opened = Index(folder, MODEL.fingerprint)
    yield opened
    opened.close()


def coverage(text: str, index: Index, as_of: datetime = datetime(2024, 1, 1, tzinfo=UTC)) -> Coverage:
    return subject_coverage(understand(text, as_of=as_of), index)


@pytest.mark.parametrize("names", [*((one,) for one in SUBJECTS), SUBJECTS[:2], SUBJECTS])
def test_the_count_is_that_of_the_articles_with_all_names(index: Index, names: tuple[str, ...]) -> None:
    holding = [one for one in index.archive.articles() if all(name in one.text for name in names)]
    days = sorted(one.published_at.date() for one in holding if one.published_at)
    found = coverage(f"What was said of {' and of '.join(names)}?", index)
    assert (found.articles, found.first_day, found.last_day) == (len(holding), days[0], days[-1])


def test_a_subject_that_nobody_mentions_has_no_articles(index: Index) -> None:
    assert coverage("What was said of Ulan Bator?", index) == Coverage(0, None, None, ("Ulan", "Bator"))


def test_articles_of_after_the_as_of_moment_are_not_counted(index: Index) -> None:
    found = coverage("What was said of Bo Lund?", index, as_of=datetime(2023, 3, 8, tzinfo=UTC))
    assert (found.articles, found.last_day) == (3, date(2023, 3, 7))


def test_a_question_without_names_is_about_its_rarest_words(index: Index) -> None:
    assert coverage("what of the walrus?", index).articles == 0


@pytest.mark.parametrize(
    ("asked", "words", "articles"),
    [
        ("上海地震", ("上海地震",), 0),
        ("地震", ("地震",), 1),
        ("大桥通车", ("大桥通车",), 1),
        ("น้ำท่วมเชียงใหม่", ("น้ำท่วมเชียงใหม่",), 0),
        ("น้ำท่วม", ("น้ำท่วม",), 1),
        ("दिल्ली", ("दिल्ली",), 1),
    ],
)
def test_a_word_of_any_script_is_whole_and_mentioned_only_as_a_whole(
    tmp_path: Path, asked: str, words: tuple[str, ...], articles: int
) -> None:
    stories = [
        article("大桥通车", "工程师说，大桥可以抵御八级地震。", url="https://a.example/1", language="zh"),
        article("ข่าว", "ฝนตกหนักทำให้น้ำท่วมตลาดริมคลอง", url="https://a.example/2", language="th"),
        article("समाचार", "दिल्ली में भारी बारिश हुई।", url="https://a.example/3", language="hi"),
    ]
    sync(stories, tmp_path, MODEL)
    with closing(Index(tmp_path, MODEL.fingerprint)) as opened:
        found = coverage(asked, opened, as_of=datetime(2026, 1, 1, tzinfo=UTC))
    assert (found.words, found.articles) == (words, articles)
