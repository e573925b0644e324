import time
from pathlib import Path

import pytest

from corpus.duplicates import Clusters
from corpus.signatures import signature
from tests.planted_duplicates import Planted, planted_pairs, sample_texts

ROOT = Path(__file__).resolve().parents[3]
Pair = tuple[str, str]


@pytest.fixture(scope="module")
def planted() -> list[Planted]:
    return planted_pairs(sample_texts(ROOT / "corpus" / "sample"), seed=2022, count=300)


@pytest.fixture(scope="module")
def found(planted: list[Planted]) -> set[Pair]:
    clusters = Clusters()
    for number, pair in enumerate(planted):
        clusters.add(f"{number:03}a", signature(pair.one))
        clusters.add(f"{number:03}b", signature(pair.other))
    return {(one, other) for each in clusters for one in each.article_ids for other in each.article_ids if one < other}


def test_planted_copies_are_found_and_stories_of_one_template_are_kept_apart(
    planted: list[Planted], found: set[Pair]
) -> None:
    truth = {(f"{number:03}a", f"{number:03}b") for number, pair in enumerate(planted) if pair.same}
    right = len(truth & found)
    precision, recall = right / len(found), right / len(truth)
    assert len(truth) == 300 == len(planted) - len(truth)
    assert 2 * precision * recall / (precision + recall) >= 0.95


def test_every_kind_of_copy_is_found(planted: list[Planted], found: set[Pair]) -> None:
    for kind in {pair.kind for pair in planted if pair.same}:
        numbers = [number for number, pair in enumerate(planted) if pair.kind == kind]
        assert sum((f"{number:03}a", f"{number:03}b") in found for number in numbers) >= 0.9 * len(numbers), kind


def test_ten_thousand_copies_of_one_notice_are_clustered_in_linear_time() -> None:
    notice = signature(" ".join(f"word{number}" for number in range(200)))
    clusters = Clusters()
    started = time.process_time()
    for number in range(10_000):
        clusters.add(f"{number:05}", notice)
    assert [len(cluster.article_ids) for cluster in clusters] == [10_000]
    assert time.process_time() - started < 10
