"""An add is killed at random and at aimed points; what is resumed equals what was never interrupted."""

import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from indexer.sync import sync
from tests.fakes import WordHashEmbedding, word_hash_model
from tests.published import TORTURE, publish, so_many
from tests.reliability.workshop import ARTICLES, Workshop, articles, fill

RANDOM_KILLS = so_many(200, 7)
IN_A_ROW = 4  # so many times an add is killed before it may finish
Point = tuple[str, str, int]
# A function of the indexer, whether it is killed as it begins or ends, and at the how manieth time.
AIMED: tuple[Point, ...] = (
    ("keep_vectors", "call", 1),
    ("keep_vectors", "return", 1),
    ("add", "return", 1),
    ("add", "call", 7),
    ("join_cluster", "return", 1),
    ("_commit", "call", 1),
    ("_sign", "call", 1),
    ("_sign", "return", 1),
    ("_write_graph", "call", 1),
    ("upsert", "return", 1),
    ("_check_graph", "call", 1),
    ("write_signed", "call", 2),
    ("write_signed", "return", 2),
)
ONCE = (
    "join_cluster leave_clusters _commit _sign write_fresh _write_graph upsert _check_graph _holds _swap remove_unnamed"
)
OFTEN = {"_unit_vectors": (3, 400), "keep_vectors": (2, 4), "add": (2, 300, 1_300), "_number_versions": (700,)}
OFTEN |= {"_add": (1, 3), "checksums": (1, 2), "write_signed": (1, 2), "reload": (2,)}
if TORTURE:
    AIMED = tuple((name, event, 1) for name in ONCE.split() for event in ("call", "return")) + tuple(
        (name, event, count) for name, counts in OFTEN.items() for count in counts for event in ("call", "return")
    )


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a third of the articles."""
    folder = tmp_path_factory.mktemp("begun") / "data"
    fill(folder, ARTICLES // 3)
    return folder


@pytest.fixture(scope="module")
def whole(workshop: Workshop, begun: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], float]:
    """What an add that nothing interrupts makes of it, and the seconds that it takes."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    shutil.copytree(begun, folder)
    status, seconds = workshop.add(folder)
    assert status == 0
    found = workshop.look(folder)
    assert found["recall"] >= 0.99
    assert found["by words"] == found["in vectors"] == len(found["rows"]) == ARTICLES
    return found, seconds


def test_what_was_killed_at_aimed_points_serves_and_resumed_equals_what_was_never_interrupted(
    workshop: Workshop, begun: Path, whole: tuple[dict[str, Any], float], tmp_path: Path
) -> None:
    for number, point in enumerate(AIMED):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(begun, folder)
        assert workshop.add(folder, *point)[0] == -signal.SIGKILL, point
        served = workshop.look(folder)  # a page opened on what the killed process left
        assert served["by words"] == served["in vectors"] == len(served["rows"]) >= ARTICLES // 3, point
        assert workshop.add(folder)[0] == 0, point
        assert workshop.look(folder) == whole[0], point
        shutil.rmtree(folder)
    publish(
        "add, killed at aimed points", f"{len(AIMED)} kills", f"all served, and equal when resumed; {_recall(whole)}"
    )


def test_what_was_killed_anywhere_again_and_again_and_resumed_equals_what_was_never_interrupted(
    workshop: Workshop, begun: Path, whole: tuple[dict[str, Any], float], tmp_path: Path
) -> None:
    chosen, seconds = random.Random(11), whole[1]
    kills = rounds = 0
    while kills < RANDOM_KILLS:
        folder = tmp_path / f"killed-{rounds}"
        shutil.copytree(begun, folder)
        killed = 0
        while killed < IN_A_ROW and workshop.add(folder, seconds=chosen.uniform(0, seconds))[0] == -signal.SIGKILL:
            killed += 1
        assert workshop.add(folder)[0] == 0, killed
        assert workshop.look(folder) == whole[0], killed
        shutil.rmtree(folder)
        kills, rounds = kills + killed, rounds + 1
    publish("add, killed anywhere", f"{kills} kills in {rounds} runs", f"all equal when resumed; {_recall(whole)}")


def _recall(whole: tuple[dict[str, Any], float]) -> str:
    return f"recall@10 {whole[0]['recall']:.3f}"


def test_what_was_embedded_before_a_kill_is_not_embedded_again(workshop: Workshop, tmp_path: Path) -> None:
    assert workshop.add(tmp_path, "keep_vectors", "return", 1)[0] == -signal.SIGKILL
    model = word_hash_model()
    report = sync(articles(60), tmp_path, model)
    assert isinstance(model.embedding, WordHashEmbedding)
    assert (report.embedded, model.embedding.embedded) == (0, [])
