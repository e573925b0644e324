"""What is done to an archive by processes that tests kill; each can be done again after it was killed."""

import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from corpus.fetching.fetcher import Fetcher
from indexer.compacting import compact
from indexer.doctor import fix
from indexer.following.rounds import Following
from indexer.following.sources import Source
from indexer.following.state import FollowState
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


def _compact(folder: Path) -> None:
    """Every passage gets into a graph."""
    compact(folder, graph_from=1)


def _follow(folder: Path) -> None:
    """One round over a folder with a file of news for each of some days."""
    news = folder.with_name(f"{folder.name}-news")
    news.mkdir(exist_ok=True)
    for day in range(1, 13):
        text = f"---\ntitle: Report of day {day}\nsource: Courier\npublished_at: 2023-04-{day:02}T08:00:00Z\n---\n"
        (news / f"{day}.md").write_text(f"{text}The walrus of day {day} was seen. The number was {day}.\n", "utf-8")
    Following(
        folder=folder,
        sources=lambda: [Source(str(news), is_folder=True)],
        model=word_hash_model(),
        fetcher=Fetcher(),
        state=FollowState(folder),
        every=timedelta(0),
        wait=lambda seconds: True,
    ).round()


OPERATIONS: Mapping[str, Callable[[Path], None]] = {
    "remove": _remove,
    "purge": _purge,
    "rebuild": _rebuild,
    "repair": _repair,
    "compact": _compact,
    "follow": _follow,
}
