"""Two processes at once, folders that cannot be written, a full disk, an end from outside."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.archive import FILE_NAME, Archive
from indexer.errors import IndexerError
from indexer.index import Index
from indexer.lock import writing
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
ADD = """
import sys
from pathlib import Path
from indexer import __main__ as command
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

command.app = lambda: sync((article(f"Title {n}", f"The text of walrus {n}.") for n in range(int(sys.argv[2]))),
                           Path(sys.argv[1]), word_hash_model())
command.main()
"""


def adding(folder: Path, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", ADD, str(folder), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def held(folder: Path) -> int:
    archive = Archive(folder / FILE_NAME)
    count = archive.summary().articles
    archive.close()
    return count


def test_what_another_process_adds_is_searched_within_seconds_of_its_end(tmp_path: Path) -> None:
    sync([article()], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    writer = adding(tmp_path, 20)
    writer.communicate(timeout=120)
    assert writer.returncode == 0
    ended = time.monotonic()
    index.refresh()
    assert len(index.by_words("walrus", 50)) == 20
    assert len(index.by_vector(MODEL.embedding.get_query_embedding("walrus"), 50)) == 21
    assert time.monotonic() - ended < 5
    index.close()


def test_a_second_writer_ends_with_one_line_that_names_the_first(tmp_path: Path) -> None:
    sync([article()], tmp_path, MODEL)
    with writing(tmp_path):
        second = adding(tmp_path, 1)
        told = second.communicate(timeout=120)[1]
    assert second.returncode == 1
    assert told.startswith(f"error: process {os.getpid()} is writing")
    assert told.count("\n") == 1


def test_an_add_that_is_told_to_end_says_so_and_goes_on_when_run_again(tmp_path: Path) -> None:
    writer = adding(tmp_path, 100_000)
    while not (tmp_path / FILE_NAME).exists() or held(tmp_path) < 100:
        time.sleep(0.05)
    writer.send_signal(signal.SIGTERM)
    told = writer.communicate(timeout=60)[1]
    assert (writer.returncode, told) == (143, "stopped; run the same command again to go on\n")
    kept = held(tmp_path)
    report = sync([article(f"Title {n}", f"The text of walrus {n}.") for n in range(kept + 3)], tmp_path, MODEL)
    assert (report.kept, report.added) == (kept, 3)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only root makes a small disk")
def test_a_full_disk_is_named_the_old_index_serves_and_the_add_goes_on(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        sync([article("Whale", "The walrus slept.")], disk, MODEL)
        writer = adding(disk, 20_000)
        told = writer.communicate(timeout=300)[1]
        assert writer.returncode == 1
        assert told.startswith("error:"), told
        assert told.count("\n") == 1
        index = Index(disk, MODEL.fingerprint)
        assert index.by_words("slept", 5)
        index.close()
        subprocess.run(["mount", "-o", "remount,size=400m", disk], check=True)
        report = sync([article("Title 0", "The text of walrus 0."), article("Last", "The end.")], disk, MODEL)
        assert (report.kept, report.added) == (1, 1)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexerError, match="file"):
        sync([article()], tmp_path / "file" / "data", MODEL)


def test_ten_times_the_same_articles_embed_nothing_and_take_no_room(tmp_path: Path) -> None:
    articles = [article(f"Title {n}", f"The text of walrus {n}.") for n in range(50)]
    model = word_hash_model()
    sync(articles, tmp_path, model)
    before = _bytes_under(tmp_path)
    for turn in range(10):
        assert sync(articles[turn:] + articles[:turn], tmp_path, model).embedded == 0
    assert _bytes_under(tmp_path) <= 1.01 * before


def _bytes_under(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_what_the_command_cannot_do_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "indexer", "status", "--data", str(tmp_path), "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)
    sync([article()], tmp_path, MODEL)
    assert json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["articles"] == 1
