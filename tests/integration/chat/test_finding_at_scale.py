"""Hundreds of mangled quotations of news: found where they were printed, declined where the article is left out."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from time import process_time

import pytest

from chat.gathering.finding import Finding, find_source_of
from corpus.article import Article
from indexer.search.index import Index
from indexer.sync import sync
from tests.altered_sentences import sample_articles, wikinews_articles
from tests.fakes import word_hash_model
from tests.mutated_quotations import Quoted, quotations, stand_in

MODEL = word_hash_model()


def quarter(article: Article) -> int:
    """0 and 1 are archived, 2 and 3 left out; 0 and 2 are for development, 1 and 3 are held out."""
    return int(hashlib.sha256(article.id.encode()).hexdigest(), 16) % 4


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """One version of each article: what a correction took out is not in the archive as it stands now."""
    found = list(wikinews_articles()) or list(sample_articles().values())
    versions = Counter(one.id for one in found)
    return [one for one in found if versions[one.id] == 1]


@pytest.fixture(scope="module")
def index(articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("data")
    sync([one for one in articles if quarter(one) in (0, 1)], folder, MODEL)
    opened = Index(folder, MODEL.fingerprint)
    yield opened
    opened.close()


def is_right(finding: Finding, quoted: Quoted) -> bool:
    """Whether it names the place that was quoted, or an article that printed the same words no later."""
    first = finding.first
    if first is None:
        return False
    if first.article.id != quoted.article.id:
        return bool(stand_in([quoted], [first.article])) and printed_at(first.article) <= printed_at(quoted.article)
    wanted = min(quoted.end - quoted.start, len(quoted.text))
    return min(first.end, quoted.end) - max(first.start, quoted.start) >= 0.8 * wanted


def printed_at(article: Article) -> float:
    assert article.published_at
    return article.published_at.timestamp()


@pytest.mark.parametrize("held_out", [False, True], ids=["development", "held out"])
def test_quotations_are_found_where_they_were_printed_and_strange_ones_are_declined(
    index: Index, articles: list[Article], held_out: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = quotations([one for one in articles if quarter(one) == held_out], 400, seed=1 + held_out)
    strange = quotations([one for one in articles if quarter(one) == 2 + held_out], 400, seed=11 + held_out)
    # An article that is left out may repeat a sentence of one that is not.
    repeated = stand_in(strange, list(index.archive.articles()))
    strange = [one for one in strange if one not in repeated]
    started = process_time()
    right = sum(is_right(find_source_of(one.text, index), one) for one in kept)
    declined = sum(find_source_of(one.text, index).first is None for one in strange)
    milliseconds = 1000 * (process_time() - started) / (len(kept) + len(strange))
    with capsys.disabled():
        print(
            f"\nfinding, {'held out' if held_out else 'development'}: {right} of {len(kept)} right, {declined} of "
            f"{len(strange)} declined ({len(repeated)} of 400 stand in the archive), {milliseconds:.0f} ms each at "
            f"{len(index.table):,} passages"
        )
    assert len(strange) >= 300
    assert right >= 0.95 * len(kept)
    assert declined >= 0.95 * len(strange)
    assert milliseconds < 50
