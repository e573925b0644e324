"""Two processes at once, folders that cannot be written, a full disk, an end from outside."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from indexer.doctor import examine
from indexer.errors import ArchiveError, IndexerError
from indexer.search.index import Index
from indexer.storage.archive import Archive
from indexer.storage.browsing import summary_of
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing
from indexer.sync import sync
from tests.articles import article
from tests.fakes import WordHashEmbedding, word_hash_model
from tests.published import TORTURE, publish

MODEL = word_hash_model()
MOUNTS = os.geteuid() == 0 and shutil.which("mount") is not None
ADD = """
import sys
from pathlib import Path
from indexer import __main__ as command
from indexer.sync import sync
from tests.fakes import word_hash_model
from tests.reliability.test_archive_states import walrus

command.app = lambda: sync(map(walrus, range(int(sys.argv[2]))), Path(sys.argv[1]), word_hash_model())
command.main()
"""
WORDS = "tram harbour ferry fog council bridge school market storm river budget choir strike quay mayor".split()


def walrus(number: int) -> Article:
    words = " ".join(random.Random(number).sample(WORDS, 6))
    return article(f"Title {number}", f"The walrus of {number} saw {words}.")


@contextmanager
def adding(folder: Path, count: int, **how: Any) -> "Iterator[subprocess.Popen[str]]":
    """Another process that adds so many articles; it ends with the test, whatever happens."""
    command = [sys.executable, "-c", ADD, str(folder), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def held(folder: Path) -> int:
    archive = Archive(folder / FILE_NAME)
    count = summary_of(archive).articles
    archive.close()
    return count


@contextmanager
def small_disk(folder: Path, megabytes: int) -> "Iterator[Callable[[str], None]]":
    """A disk of its own in this folder; yields what changes how it is mounted."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs"]
    if not (MOUNTS and subprocess.run(["mount", *options, folder], capture_output=True).returncode == 0):
        pytest.skip("only root can make a disk, and not everywhere")

    def remount(how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)

    try:
        yield remount
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def found(folder: Path, words: str) -> tuple[int, int]:
    """How many passages are found by their words and by their vectors."""
    index = Index(folder, MODEL.fingerprint)
    hits = index.by_words(words, 50), index.by_vector(MODEL.embedding.get_query_embedding(words), 50)
    index.close()
    return len(hits[0]), len(hits[1])


def test_what_another_process_adds_is_searched_once_it_has_ended(tmp_path: Path) -> None:
    sync([article()], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    with adding(tmp_path, 20) as writer:
        writer.communicate(timeout=120)
    assert writer.returncode == 0
    index.refresh()
    assert len(index.by_words("walrus", 50)) == 20
    assert len(index.by_vector(MODEL.embedding.get_query_embedding("walrus"), 50)) == 21
    index.close()


def test_a_second_writer_ends_with_one_line_that_names_the_first(tmp_path: Path) -> None:
    sync([article()], tmp_path, MODEL)
    with writing(tmp_path), adding(tmp_path, 1) as second:
        told = second.communicate(timeout=120)[1]
    assert second.returncode == 1
    assert told.startswith(f"error: process {os.getpid()} is writing")
    assert told.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_add_that_is_told_to_end_says_so_and_goes_on_when_run_again(number: signal.Signals, tmp_path: Path) -> None:
    sync([article("Whale", "The walrus slept.")], tmp_path, MODEL)
    with adding(tmp_path, 100_000) as writer:
        while held(tmp_path) < 100:
            time.sleep(0.05)
        assert found(tmp_path, "slept") == (1, 1)  # a page that is opened while it adds
        writer.send_signal(number)
        told = writer.communicate(timeout=60)[1]
    assert (writer.returncode, told) == (128 + number, "stopped; run the same command again to go on\n")
    assert found(tmp_path, "slept")[0] == 1
    kept = held(tmp_path) - 1
    report = sync(map(walrus, range(kept + 3)), tmp_path, MODEL)
    assert (report.kept, report.added) == (kept, 3)


@pytest.mark.parametrize("megabytes", range(2, 14) if TORTURE else (4,))
def test_a_full_disk_is_named_the_old_index_serves_and_the_add_goes_on(megabytes: int, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, megabytes) as remount:
        sync([article("Whale", "The walrus slept.")], disk, MODEL)
        with adding(disk, 20_000) as writer:
            told = writer.communicate(timeout=300)[1]
        assert writer.returncode == 1
        assert told.startswith("error:"), told
        assert told.count("\n") == 1
        assert found(disk, "slept")[0] == 1
        remount("size=400m")
        report = sync([walrus(0), article("Last", "The end.")], disk, MODEL)
        assert (report.kept, report.added) == (1, 1)


def test_what_may_not_grow_is_named_and_the_add_goes_on(tmp_path: Path) -> None:
    """SQLite is told of too large a file in the way of a full disk."""
    sync([article("Whale", "The walrus slept.")], tmp_path, MODEL)
    limit = (1_000_000, 1_000_000)
    with adding(tmp_path, 20_000, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)) as writer:
        told = writer.communicate(timeout=120)[1]
    assert writer.returncode == 1
    assert told.startswith("error:"), told
    assert told.count("\n") == 1
    assert found(tmp_path, "slept")[0] == 1
    assert sync([walrus(0)], tmp_path, MODEL).kept == 1


def test_a_disk_that_became_read_only_is_searched_and_named_when_it_is_to_be_written(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 40) as remount:
        sync([article("Whale", "The walrus slept.")], disk, MODEL)
        before = found(disk, "slept")
        remount("ro")
        assert found(disk, "slept") == before == (1, 1)
        assert not [finding for finding in examine(disk) if finding.advice]
        with pytest.raises(ArchiveError, match=rf"{disk} cannot be written .*mend that or choose another folder"):
            sync([article()], disk, MODEL)
        command = [sys.executable, "-m", "indexer", "remove", "--source", "The Ellery Courier", "--data", str(disk)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)
        assert told.stderr.startswith(f"error: {disk} cannot be written")
        remount("rw")
        assert sync([article()], disk, MODEL).added == 1


# Takes its own right to write away, and what root may do besides; it has used everything before, for it may then
# not be allowed to import it.
_WITHOUT_PERMISSION = """
import json, os, sys
from pathlib import Path
from indexer.errors import IndexerError
from indexer.sync import sync
from tests.articles import article
from tests.reliability.test_archive_states import MODEL, found

folder = Path(sys.argv[1])
sync([article("Whale", "The walrus slept.")], folder, MODEL)
found(folder, "slept")
for path in (folder, *folder.rglob("*")):
    path.chmod(path.stat().st_mode & 0o555)
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
told = [found(folder, "slept")]
try:
    sync([article()], folder, MODEL)
except IndexerError as error:
    told.append(str(error))
print(json.dumps(told))
"""


def test_a_folder_that_may_not_be_written_is_searched_and_named_when_it_is_to_be_written() -> None:
    with tempfile.TemporaryDirectory() as place:  # one that another user may enter
        Path(place).chmod(0o755)
        folder = Path(place) / "data"
        run = [sys.executable, "-c", _WITHOUT_PERMISSION, str(folder)]
        told = subprocess.run(run, capture_output=True, text=True, check=False)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)
    assert told.returncode == 0, told.stderr
    hits, refusal = json.loads(told.stdout)
    assert hits == [1, 1]
    assert refusal.startswith(f"{folder} cannot be written")


def test_an_archive_that_is_only_being_made_is_none_yet(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(ArchiveError, match=r"no archive at .* yet; make one with"):
        Archive(tmp_path / FILE_NAME)
    assert sync([article()], tmp_path, MODEL).added == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexerError, match="file"):
        sync([article()], tmp_path / "file" / "data", MODEL)


def test_ten_times_the_same_articles_embed_nothing_and_take_no_room(tmp_path: Path) -> None:
    url = "https://courier.example/title-0"
    articles = [walrus(number) for number in range(2_000 if TORTURE else 50)]
    articles += [article("Title 0", "Corrected.", url=url, updated="2023-04-01")]
    model = word_hash_model()
    assert isinstance(model.embedding, WordHashEmbedding)
    sync(articles, tmp_path, model)
    before, embedded = _bytes_under(tmp_path), len(model.embedding.embedded)
    for turn in range(10):
        report = sync(random.Random(turn).sample(articles, len(articles)), tmp_path, model)
        assert (report.kept, report.embedded) == (len(articles), 0)
    after = _bytes_under(tmp_path)
    publish("the same articles added ten times", f"{len(articles):,} articles", f"{before:,} bytes became {after:,}")
    assert len(model.embedding.embedded) == embedded
    assert after <= 1.01 * before


def _bytes_under(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_what_the_command_cannot_do_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "indexer", "status", "--data", str(tmp_path), "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)
    sync([article()], tmp_path, MODEL)
    assert json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["articles"] == 1
