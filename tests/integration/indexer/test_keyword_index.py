"""The keyword index as writers and readers use it at once."""

import threading
from pathlib import Path

from indexer.search.keywords import KeywordIndex


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
