"""What is done to an archive by processes that tests kill; each can be done again after it was killed."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from indexer.doctor import fix
from indexer.rebuilding import rebuild
from indexer.removing import purge, remove
from indexer.search.derived import KEYWORDS_FOLDER, VECTORS_FOLDER
from indexer.storage.archive import Archive
from tests.fakes import word_hash_model

PURGED_WORDS = "The number was 3."  # are in no article that stays


def _chosen(archive: Archive) -> list[str]:
    """Every third article, of those that are still there."""
    return [one.id for one in archive.articles() if int(one.title.split()[1]) % 3 == 0]


def _remove(folder: Path) -> None:
    remove(folder, _chosen)


def _purge(folder: Path) -> None:
    purge(folder, _chosen)


def _rebuild(folder: Path) -> None:
    rebuild(folder, word_hash_model("another"))


def _repair(folder: Path) -> None:
    """Both derived indexes are lost and made again."""
    shutil.rmtree(folder / KEYWORDS_FOLDER, ignore_errors=True)
    shutil.rmtree(folder / VECTORS_FOLDER, ignore_errors=True)
    fix(folder)


OPERATIONS: Mapping[str, Callable[[Path], None]] = {
    "remove": _remove,
    "purge": _purge,
    "rebuild": _rebuild,
    "repair": _repair,
}
