"""Temporary folders: nothing is left of them, however a process ends."""

import gc
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.search.temporary import TemporaryFolder, remove_abandoned

# Makes a folder with a file in it, says so, and waits to be ended.
_HOLD = """
import sys, time
from indexer.search.temporary import TemporaryFolder
folder = TemporaryFolder()
(folder.path / "words").write_text("walrus")
print(folder.path, flush=True)
if sys.argv[1:] == ["wait"]:
    time.sleep(600)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, in this process and those that it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@contextmanager
def holding() -> "Iterator[subprocess.Popen[str]]":
    """Another process with a folder, which is killed at the end."""
    with subprocess.Popen([sys.executable, "-c", _HOLD, "wait"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.send_signal(signal.SIGKILL)


def test_a_folder_goes_when_it_is_closed_or_collected(place: Path) -> None:
    closed, collected = TemporaryFolder(), TemporaryFolder()
    assert closed.path.is_dir()
    closed.close()
    del collected
    gc.collect()
    assert [*place.iterdir()] == []


def test_a_folder_goes_with_its_process(place: Path) -> None:
    subprocess.run([sys.executable, "-c", _HOLD], check=True, stdout=subprocess.DEVNULL)
    assert [*place.iterdir()] == []


def test_the_folder_of_a_killed_process_goes_with_the_next_one_and_that_of_a_living_one_stays(place: Path) -> None:
    with holding():
        with holding():
            assert len(folders_in(place)) == 2
        mine = TemporaryFolder()  # the inner process was killed
        left = folders_in(place)
        assert mine.path in left
        assert [(path / "words").exists() for path in left].count(True) == 1
        assert len(left) == 2
    mine.close()
    remove_abandoned(place)
    assert [*place.iterdir()] == []


def folders_in(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.is_dir()]


def test_what_others_named_like_it_stays(place: Path) -> None:
    (place / "dateline-notes").mkdir()
    (place / "dateline-link").symlink_to(place / "dateline-notes")
    TemporaryFolder().close()
    assert sorted(path.name for path in place.iterdir()) == ["dateline-link", "dateline-notes"]
