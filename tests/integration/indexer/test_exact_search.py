"""Exact search among the passages that a scope allows, by the matrices that lie beside the segments."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.removing import Selection, purge, remove
from indexer.search.index import Index
from indexer.search.matrix import Matrix
from indexer.search.scope import Scope
from indexer.search.segments import FolderSegments, Segment
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


def test_an_index_of_an_older_dateline_has_no_matrix_and_finds_the_same(folder: Path) -> None:
    place = FolderSegments(folder / "vectors")
    told = read_signed(place.manifest)
    for one in told["segments"]:
        for name in ("passage-ids.i64", "vectors.f32"):
            (folder / "vectors" / one["folder"] / name).unlink()
    segments = [replace(Segment(**one), files=place.signed(one["folder"])) for one in told["segments"]]
    write_signed(place.manifest, told | {"segments": [asdict(one) for one in segments]})
    index = Index(folder, MODEL.fingerprint)
    assert not index.vectors.damaged
    assert not index.vectors.is_quick_to_compare
    assert dict(index.by_vector(QUESTION, 50, MARCH)) == pytest.approx(by_the_archive(index, MARCH), abs=1e-5)
    index.close()


def test_the_vector_of_a_purged_article_is_in_no_file(folder: Path) -> None:
    index = Index(folder, MODEL.fingerprint)
    ids = [passage.id for passage in index.archive.passages_of(article_ids(index.archive)[3], 1)]
    vector = index.archive.passage_vectors(MODEL.fingerprint, ids)[ids[0]]
    index.close()
    secrets = vector.astype("<f4").tobytes(), vector.astype("<f2").tobytes()

    def left() -> list[bytes]:
        files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
        return [secret for secret in secrets if any(secret in content for content in files)]

    assert left() == list(secrets)
    assert purge(folder, lambda archive: [article_ids(archive)[3]]).articles == 1
    assert left() == []


@given(st.sets(st.integers(0, 60), min_size=1), st.sets(st.integers(0, 60)))
def test_any_passages_are_compared_with_their_own_vectors(held: set[int], wanted: set[int]) -> None:
    matrix = Matrix(np.array(sorted(held)), np.array([[key, 1.0] for key in sorted(held)], dtype=np.float32))
    ids, scores = matrix.similarities(np.array([2.0, 0.5], dtype=np.float32), np.array(sorted(wanted), dtype=np.int64))
    assert ids.tolist() == sorted(held & wanted)
    assert scores.tolist() == [2.0 * key + 0.5 for key in ids.tolist()]
