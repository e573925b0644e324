"""What is kept in step change by change is what a rebuild of everything gives, and costs what the change costs."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.sentences import Span
from corpus.signatures import signature
from indexer.compacting import compact
from indexer.doctor import examine
from indexer.removing import Selection, remove
from indexer.search.building import compact as build_graphs
from indexer.search.derived import segment_place
from indexer.search.generation import read_generation
from indexer.search.index import Index
from indexer.search.scope import PassageTable, Scope
from indexer.storage.archive import Archive
from indexer.storage.clusters import are_clusters_whole, cluster_articles
from indexer.storage.file import FILE_NAME
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
WORDS = "harbour council bridge school market storm river budget choir strike quay mayor ferry tram fog walrus".split()
SOURCES = ("Bee", "Gazette", "Courier")
FIRST = datetime(2015, 1, 1, tzinfo=UTC)


def text_of(story: int, variant: int) -> str:
    """Variants 0 and 1 contradict each other, as a report and its update do; 2 is a copy of both, 3 and 4 of one."""
    chosen = random.Random(story)
    sentences = [f"The {' '.join(chosen.choices(WORDS, k=9))} was seen at the quay." for _ in range(9)]
    sentences[7] = f"At the harbour gate {'two' if variant in (0, 3) else 'five'} visitors from the islands were hurt."
    return " ".join(sentences[:6] if variant == 2 else sentences[variant // 3 :])


def report(number: int, story: int, variant: int, day: int, version: int = 0) -> Article:
    at = FIRST + timedelta(days=day)
    return article(
        f"Quay report {number}",
        text_of(story, variant),
        url=f"https://courier.example/{number}",
        source=SOURCES[number % 3],
        day=at.date().isoformat(),
        updated=(at + timedelta(days=version)).date().isoformat() if version else None,
    )


REPORTS = st.builds(
    report, st.integers(0, 11), st.integers(0, 2), st.integers(0, 4), st.integers(0, 3_000), st.integers(0, 3)
)
CHANGES = st.lists(
    st.one_of(
        st.lists(REPORTS, min_size=1, max_size=4),
        st.builds(lambda number: f"https://courier.example/{number}", st.integers(0, 11)),
    ),
    min_size=1,
    max_size=6,
)


@contextmanager
def temporary_archive() -> Iterator[tuple[Path, Archive]]:
    with tempfile.TemporaryDirectory() as place:
        sync([], Path(place), MODEL)
        with closing(Archive(Path(place) / FILE_NAME)) as archive:
            yield Path(place), archive


def change(folder: Path, archive: Archive, what: list[Article] | str) -> None:
    if isinstance(what, list):
        sync(what, folder, MODEL)
    elif archive.select("SELECT 1 FROM articles WHERE url = ?", (what,)).fetchone():
        remove(folder, Selection(address=what))


def clusters_in(archive: Archive) -> dict[str, str]:
    rows = archive.select(
        "SELECT DISTINCT article_id, coalesce(cluster_id, article_id) "
        "FROM articles LEFT JOIN clusters USING (article_id)"
    )
    return dict(rows.fetchall())


def content(table: PassageTable) -> object:
    moments = [None, *(FIRST + timedelta(days=days) for days in (0, 500, 1_000, 2_000, 3_100))]
    return (
        [
            (table.article_of(row), table.cluster_of(row), table.source_of(row), table.published_at(row))
            for row in range(len(table))
        ],
        [table.opens_its_article(row) for row in range(len(table))],
        {kind: table.names(kind) for kind in ("source", "agency", "author", "section")},
        [table.allowed(Scope(as_of=moment)).tolist() for moment in moments],
        [table.allowed(Scope(sources=(name,), published_from=moments[2])).tolist() for name in SOURCES],
        (table.passage_ids.tolist(), table.last_published, table.undated_articles()),
    )


@settings(max_examples=15)
@given(CHANGES)
def test_clusters_kept_step_by_step_are_those_of_clustering_everything_again(
    changes: list[list[Article] | str],
) -> None:
    with temporary_archive() as (folder, archive):
        for what in changes:
            change(folder, archive, what)
            assert are_clusters_whole(archive)
        kept = clusters_in(archive)
        keys = set(archive.select("SELECT key, signature_hash FROM signature_keys"))
        cluster_articles(archive)
        assert clusters_in(archive) == kept
        assert set(archive.select("SELECT key, signature_hash FROM signature_keys")) == keys


@settings(max_examples=15)
@given(CHANGES)
def test_a_table_brought_to_each_state_is_the_table_of_that_state(changes: list[list[Article] | str]) -> None:
    with temporary_archive() as (folder, archive):
        table = PassageTable(archive)
        for what in changes:
            before, allowed = table, table.allowed(Scope(sources=("Bee",))).tolist()
            change(folder, archive, what)
            table = table.brought_to(archive)
            assert content(table) == content(PassageTable(archive))
            before._masks.clear()
            assert before.allowed(Scope(sources=("Bee",))).tolist() == allowed  # one who asks meanwhile has the old one


def copies_of_one_story() -> list[Article]:
    return [report(number, 0, (1, 2, 4)[number % 3], day=number) for number in range(6)]


def test_a_copy_that_is_corrected_into_another_story_leaves_its_cluster(tmp_path: Path) -> None:
    sync(copies_of_one_story(), tmp_path, MODEL)
    with closing(Archive(tmp_path / FILE_NAME)) as archive:
        assert len(set(clusters_in(archive).values())) == 1
        table = PassageTable(archive)
        sync([report(0, 1, 0, day=0, version=2)], tmp_path, MODEL)
        first, *others = (report(number, 0, 0, day=0).id for number in range(6))
        found = clusters_in(archive)
        assert found[first] == first
        assert {found[one] for one in others} == {others[0]}
        later = table.brought_to(archive)
        assert {later.cluster_of(row) for row in range(len(later))} == {first, others[0]}


def test_an_archive_of_an_older_dateline_is_clustered_once(tmp_path: Path) -> None:
    sync(copies_of_one_story(), tmp_path, MODEL)
    with closing(Archive(tmp_path / FILE_NAME)) as archive:
        before = clusters_in(archive)
        with archive.transaction() as connection:
            connection.execute("DELETE FROM state WHERE name = 'clusters_sum'")
            connection.execute("DELETE FROM clusters")
            connection.execute("DELETE FROM signature_keys")
        sync([], tmp_path, MODEL)
        assert clusters_in(archive) == before
        assert not [finding for finding in examine(tmp_path) if finding.advice]


def steps_of_one_more(archive: Archive, number: int) -> int:
    """How many steps SQLite takes to add an article and to bring an open table up to it."""
    table, steps = PassageTable(archive), 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    archive._connection().set_progress_handler(count, 1)
    add(archive, number)
    table.brought_to(archive)
    archive._connection().set_progress_handler(None, 1)
    return steps


def add(archive: Archive, number: int) -> None:
    chosen = random.Random(number)
    text = " ".join(f"word{chosen.randrange(10**6)}" for _ in range(80))
    one = article(f"Report {number}", text, source=SOURCES[number % 3])
    archive.add(one, [(Span(0, len(text)), b"")], signature(text).pack())


def test_the_work_of_one_more_article_does_not_grow_with_the_archive() -> None:
    with temporary_archive() as (_, archive):
        steps, number = [], 0
        for count in (50, 400):
            while number < count:
                add(archive, number)
                number += 1
            steps.append(steps_of_one_more(archive, 5_000 + count))
    assert steps[1] <= 1.2 * steps[0]


@pytest.fixture(scope="module")
def of_many_years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, Index]]:
    """The same articles in segments by year, some with graphs, and in one segment."""
    chosen = random.Random(3)
    articles = [
        article(
            f"Report {number}",
            f"The {' '.join(chosen.choices(WORDS, k=8))} of {number}.",
            source=SOURCES[number % 3],
            day=(FIRST + timedelta(days=chosen.randrange(2_500))).date().isoformat(),
        )
        for number in range(240)
    ]
    by_year, in_one = (tmp_path_factory.mktemp(name) for name in ("years", "one"))
    for first in range(0, 240, 60):
        sync(articles[first : first + 60], by_year, MODEL)
        compact(by_year, graph_from=25 if first < 180 else 60)
    sync(articles, in_one, MODEL)
    opened = Index(by_year, MODEL.fingerprint), Index(in_one, MODEL.fingerprint)
    yield opened
    for index in opened:
        index.close()


def test_an_archive_of_many_years_has_segments_of_single_years(of_many_years: tuple[Index, Index]) -> None:
    by_year, in_one = of_many_years
    assert len(by_year.vectors.generation.segments) > 3
    assert any(len(one.years) == 1 and not one.is_fresh for one in by_year.vectors.generation.segments)
    assert len(in_one.vectors.generation.segments) == 1


days = st.integers(-100, 2_700).map(lambda number: FIRST + timedelta(days=number))


@settings(max_examples=100)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    first=st.none() | days,
    before=st.none() | days,
    as_of=st.none() | days,
    sources=st.sampled_from([(), ("Bee",)]),
)
def test_segments_by_year_find_what_one_segment_finds(
    of_many_years: tuple[Index, Index],
    words: list[str],
    first: datetime | None,
    before: datetime | None,
    as_of: datetime | None,
    sources: tuple[str, ...],
) -> None:
    scope = Scope(as_of=as_of, published_from=first, published_before=before, sources=sources)
    vector = MODEL.embedding.get_query_embedding(" ".join(words))
    found = [shown(index, index.by_vector(vector, 300, scope)) for index in of_many_years]
    assert found[0].keys() == found[1].keys()
    assert found[0] == pytest.approx(found[1], abs=1e-3)


def shown(index: Index, hits: list[tuple[int, float]]) -> dict[str, float]:
    passages = index.archive.passages([passage_id for passage_id, _ in hits])
    return {passages[key].article_id: score for key, score in hits}


def test_a_bounded_question_searches_only_the_segments_of_its_years(of_many_years: tuple[Index, Index]) -> None:
    index, _ = of_many_years
    years = Scope(
        published_from=datetime(2016, 3, 1, tzinfo=UTC), published_before=datetime(2016, 4, 1, tzinfo=UTC)
    ).years
    touched = index.vectors.passages_in(years)
    assert 0 < touched < 0.6 * len(index.table)


def test_a_page_stays_open_on_what_it_has_while_segments_are_merged(tmp_path: Path) -> None:
    sync([report(number, 20 + number, 0, day=number) for number in range(40)], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    vector = np.asarray(MODEL.embedding.get_query_embedding("harbour"))
    before = index.by_vector(vector.tolist(), 40)
    assert compact(tmp_path, graph_from=10) == 1
    assert index.by_vector(vector.tolist(), 40) == before
    index.refresh()
    assert [one.is_fresh for one in index.vectors.generation.segments] == [False]
    assert dict(index.by_vector(vector.tolist(), 40)) == pytest.approx(dict(before), abs=1e-3)
    index.close()


def test_graphs_that_are_due_are_built_some_at_a_time(tmp_path: Path) -> None:
    sync([report(number, 20 + number, 0, day=number % 2 * 400 + number) for number in range(80)], tmp_path, MODEL)
    with closing(Archive(tmp_path / FILE_NAME)) as archive, closing(segment_place(tmp_path, archive)) as place:
        segments = []
        for _ in range(3):
            build_graphs(place, archive, MODEL.fingerprint, graph_from=10, largest=25, most=25)
            parts = read_generation(place.manifest, MODEL.fingerprint).segments
            segments.append([(one.passages, one.is_fresh) for one in parts])
        assert np.array_equal(
            np.sort(np.concatenate([place.passage_ids(one.folder) for one in parts])), archive.passage_ids()
        )
    assert segments == [
        [(25, False), (15, True), (40, True)],
        [(25, False), (15, False), (25, False), (15, True)],
        [(25, False), (15, False), (25, False), (15, False)],
    ]
