"""The keyword index as writers and readers use it at once."""

import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import IndexerError
from indexer.search.keywords import KeywordIndex
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model


def test_the_index_is_made_anew_while_an_open_one_is_reloaded(tmp_path: Path) -> None:
    folder = tmp_path / "keywords"
    opened = KeywordIndex.create(folder)
    done = threading.Event()

    def reload() -> None:  # makes a lock in the folder, each time
        while not done.is_set():
            opened.reload()

    readers = [threading.Thread(target=reload) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(100):
            assert KeywordIndex.create(folder).passages == 0
    finally:
        done.set()
        for reader in readers:
            reader.join()


def test_nothing_of_the_index_before_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "keywords"
    KeywordIndex.create(folder)
    (folder / "leftover.idx").write_bytes(b"words of a removed article")
    KeywordIndex.create(folder)
    assert not (folder / "leftover.idx").exists()


class Unreadable(Archive):
    """An archive on a disk that fails."""

    def titles(self, passage_ids: Sequence[int]) -> dict[int, str]:
        raise OSError("input/output error")


def test_after_a_failure_the_index_can_be_written_at_once(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    keywords = KeywordIndex.create(tmp_path / "made anew")
    with closing(Unreadable(tmp_path / FILE_NAME)) as archive, pytest.raises(IndexerError) as failure:
        keywords.catch_up(archive)
    with closing(Archive(tmp_path / FILE_NAME)) as archive:
        assert keywords.catch_up(archive) == 1
    keywords.finish()
    assert "input/output error" in str(failure.value)  # which holds the frames of what failed
