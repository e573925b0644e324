"""Exact search among the passages that a scope allows, by the matrices that lie beside the segments."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.removing import Selection, purge, remove
from indexer.search.index import Index
from indexer.search.matrix import Matrix
from indexer.search.scope import Scope
from indexer.storage.browsing import article_ids
from indexer.storage.checksums import read_signed, write_signed
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
QUESTION = MODEL.embedding.get_query_embedding("the walrus of fog 7")
MARCH = Scope(
    published_from=datetime(2023, 3, 5, tzinfo=UTC),
    published_before=datetime(2023, 3, 25, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two segments, and one article of the first removed since."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    for some in (range(24), range(24, 29)):
        sync(
            [article(f"Fog {n}", f"Fog and a walrus, told {n}.", day=f"2023-03-{n + 1:02d}") for n in some],
            folder,
            MODEL,
        )
    remove(folder, Selection(address="https://courier.example/fog-7"))
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    index = Index(folder, MODEL.fingerprint)
    yield index
    index.close()


def by_the_archive(index: Index, scope: Scope) -> dict[int, float]:
    allowed = index.table.passage_ids[index.table.allowed(scope)].tolist()
    held = index.archive.passage_vectors(MODEL.fingerprint, allowed)
    return {key: float(one @ np.asarray(QUESTION, np.float32)) for key, one in held.items()}


def test_a_scope_is_searched_exactly_and_nothing_outside_it_or_removed_is_found(index: Index) -> None:
    assert len(index.vectors.generation.segments) == 2
    assert index.vectors.is_quick_to_compare
    hits, exact = index.by_vector(QUESTION, 50, MARCH), by_the_archive(index, MARCH)
    assert len(hits) == 19
    assert dict(hits) == pytest.approx(exact, abs=1e-5)
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    assert index.by_vector(QUESTION, 3, MARCH) == hits[:3]


def test_an_index_of_an_older_dateline_is_built_again_without_embedding(folder: Path) -> None:
    manifest = folder / "vectors" / "generation.json"
    told = read_signed(manifest)
    before = {one["folder"] for one in told["segments"]}
    segments = [{name: one[name] for name in ("folder", "passages")} for one in told["segments"]]
    write_signed(manifest, {"model": told["model"], "sequence": told["sequence"], "segments": segments})
    model = word_hash_model()
    assert sync([], folder, model).embedded == 0
    index = Index(folder, MODEL.fingerprint)
    assert not index.vectors.damaged
    assert not before & {one.folder for one in index.vectors.generation.segments}
    assert dict(index.by_vector(QUESTION, 50, MARCH)) == pytest.approx(by_the_archive(index, MARCH), abs=1e-5)
    index.close()


def test_the_vector_of_a_purged_article_is_in_no_file(folder: Path) -> None:
    index = Index(folder, MODEL.fingerprint)
    ids = [passage.id for passage in index.archive.passages_of(article_ids(index.archive)[3], 1)]
    vector = index.archive.passage_vectors(MODEL.fingerprint, ids)[ids[0]]
    index.close()
    codes = np.rint(vector / (np.abs(vector).max() / 127)).astype(np.int8)
    secrets = vector.astype("<f2").tobytes(), codes.tobytes()

    def left() -> list[bytes]:
        files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
        return [secret for secret in secrets if any(secret in content for content in files)]

    assert left() == list(secrets)
    assert purge(folder, lambda archive: [article_ids(archive)[3]]).articles == 1
    assert left() == []


@given(st.sets(st.integers(0, 60), min_size=1), st.sets(st.integers(0, 60)))
def test_any_passages_are_compared_with_their_own_vectors(held: set[int], wanted: set[int]) -> None:
    vectors = np.array([[key, 1.0] for key in sorted(held)], dtype=np.float32)
    with tempfile.TemporaryDirectory() as place:
        Matrix.write(Path(place), [(sorted(held), vectors)])
        matrix = Matrix.open(Path(place))
        ids, scores = matrix.similarities(np.array([2.0, 0.5], np.float32), np.array(sorted(wanted), dtype=np.int64))
    assert ids.tolist() == sorted(held & wanted)
    assert scores.tolist() == [2.0 * key + 0.5 for key in ids.tolist()]


@settings(max_examples=20)
@given(st.integers(1, 3000), st.integers(1, 200), st.integers(0, 1000))
def test_by_int8_and_exact_comparison_the_nearest_are_those_of_float16(count: int, limit: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    vectors = chance.standard_normal((count, 32)).astype(np.float32)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)
    with tempfile.TemporaryDirectory() as place:
        Matrix.write(Path(place), [(list(range(count)), vectors)])
        matrix = Matrix.open(Path(place))
        ids, scores = matrix.nearest(vectors[0], limit)
        rows = np.flatnonzero(chance.integers(0, 2, count))
        some, _ = matrix.nearest(vectors[0], limit, rows)
    exact = vectors @ vectors[0]
    assert sorted(scores) == pytest.approx(sorted(np.sort(exact)[-limit:]), abs=1e-5)
    assert set(ids.tolist()) <= set(range(count))
    assert sorted(exact[some]) == pytest.approx(sorted(np.sort(exact[rows])[-limit:]), abs=1e-5)
