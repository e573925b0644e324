"""What is followed: feeds and sitemaps by address, from lists of them, and folders of news."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.collecting.feed_lists import feed_addresses
from corpus.readers import news_files


@dataclass(frozen=True, slots=True)
class Source:
    """One feed or sitemap by its address, or one folder by its path."""

    name: str
    is_folder: bool = False


def sources_of(named: Iterable[str]) -> list[Source]:
    """The sources that arguments name: addresses, folders, or files with lists of feeds (OPML, or a line each).

    Raises FeedListError for a list that cannot be read.
    """
    found: dict[str, Source] = {}
    for one in named:
        if Path(one).is_dir():
            found[one] = Source(one, is_folder=True)
        else:
            found |= {address: Source(address) for address in feed_addresses(one)}
    return list(found.values())


def files_in(folder: Path) -> dict[str, list[int]]:
    """Each file of news under a folder with its time of change and its size."""
    found: dict[str, list[int]] = {}
    for path in news_files(folder):
        if isinstance(path, Path):
            with suppress(FileNotFoundError):  # it was there a moment ago
                stat = path.stat()
                found[str(path)] = [stat.st_mtime_ns, stat.st_size]
    return found


def changed_files(known: Mapping[str, Any], found: Mapping[str, Any]) -> list[Path]:
    """The files that are new or have changed since they were read."""
    return [Path(path) for path, state in found.items() if known.get(path) != state]
