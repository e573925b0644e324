"""What changes an archive is killed anywhere; done again, it leaves what an undisturbed one leaves."""

import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.sync import sync
from tests.fakes import word_hash_model
from tests.published import publish, so_many
from tests.reliability.operations import OPERATIONS, PURGED_WORDS
from tests.reliability.workshop import ARTICLES, Workshop, articles

KILLS = so_many(25, 2)  # of each operation
IN_A_ROW = 3


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun") / "data"
    sync(articles(ARTICLES), folder, word_hash_model())
    return folder


@pytest.fixture
def copied(begun: Path, tmp_path: Path) -> Callable[[], Path]:
    """Gives a copy of the archive of one's own."""
    names = iter(range(1_000))
    return lambda: Path(shutil.copytree(begun, tmp_path / f"data-{next(names)}"))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_was_killed_and_done_again_equals_what_was_never_disturbed(
    operation: str, workshop: Workshop, copied: Callable[[], Path]
) -> None:
    undisturbed = copied()
    status, seconds = workshop.do(undisturbed, operation)
    assert status == 0
    expected, chance = workshop.look(undisturbed), random.Random(operation)
    kills = rounds = 0
    while kills < KILLS:
        folder, killed = copied(), 0
        while killed < IN_A_ROW and _was_killed(workshop.do(folder, operation, chance.uniform(0.0, seconds))):
            killed += 1
            assert _serves(workshop.look(folder))
        assert workshop.do(folder, operation)[0] == 0
        assert workshop.look(folder) == expected
        if operation == "purge":
            assert files_with(folder, PURGED_WORDS) == []
        shutil.rmtree(folder)
        kills, rounds = kills + killed, rounds + 1
    publish(f"{operation}, killed anywhere", f"{kills} kills in {rounds} runs", "all equal to an undisturbed run")


def _was_killed(ended: tuple[int, float]) -> bool:
    return ended[0] == -signal.SIGKILL


def _serves(found: dict[str, Any]) -> bool:
    """Whether a page that was opened on the folder finds all that the archive holds."""
    return bool(found["by words"] == found["in vectors"] == len(found["rows"]) > 0)


def files_with(folder: Path, words: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]
