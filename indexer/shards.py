"""Shards to add with Ray: local files, and files at addresses that fsspec reads, such as s3://bucket/day.jsonl."""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.article import Unreadable
from corpus.readers import files_under
from indexer.errors import IndexerError
from indexer.search.temporary import TemporaryFolder

_DONE = "shards.log"  # in the data folder: a line for each shard that was added
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Shard:
    """A file to read, and what it is known by: one that was written to since is another shard."""

    place: str  # a local path or an address
    state: tuple[str | int, ...]

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The shard as a local file, a copy of what is at an address; raises OSError and what fsspec raises."""
        if not is_address(self.place):
            yield Path(self.place)
            return
        import fsspec

        folder = TemporaryFolder()
        try:
            copy = folder.path / (PurePosixPath(self.place).name or "shard")
            with fsspec.open(self.place, "rb") as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            yield copy
        finally:
            folder.close()


def is_address(place: str) -> bool:
    """Whether a place is an address and no local path."""
    return _ADDRESS.match(place) is not None


def shards_at(places: Iterable[str]) -> Iterator[Shard | Unreadable]:
    """The files at places, in order: local files and folders; files, folders and patterns at addresses.

    Raises IndexerError for an address that cannot be asked.
    """
    for place in places:
        if is_address(place):
            yield from _shards_at_address(place)
        else:
            found = files_under([Path(place)])
            yield from (one if isinstance(one, Unreadable) else _local_shard(one) for one in found)


def _local_shard(path: Path) -> Shard:
    try:
        state = path.stat()
    except OSError:  # its reader says why
        return Shard(str(path), (str(path.absolute()), -1, -1))
    return Shard(str(path), (str(path.absolute()), state.st_size, state.st_mtime_ns))


def _shards_at_address(address: str) -> Iterator[Shard]:
    try:
        import fsspec.core
    except ImportError as error:
        raise IndexerError("an address needs fsspec; install it with: pip install -e '.[ray]'") from error
    try:
        system, root = fsspec.core.url_to_fs(address)
        found: dict[str, Any] = (
            system.glob(root, detail=True) if re.search(r"[*?[]", root) else system.find(root, detail=True)
        )
    except Exception as error:  # each kind of storage has errors of its own
        raise IndexerError(f"{_without_password(address)} cannot be asked: {error or type(error).__name__}") from error
    files = {path: details for path, details in found.items() if details.get("type") != "directory"}
    if not files:
        raise IndexerError(f"there is no file at {_without_password(address)}")
    for path, details in sorted(files.items()):
        changed = next((details[name] for name in ("ETag", "mtime", "created", "LastModified") if name in details), "")
        place: str = system.unstrip_protocol(path)
        yield Shard(place, (place, int(details.get("size") or -1), str(changed)))


def _without_password(address: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", address)


def done_shards(folder: Path) -> frozenset[tuple[str | int, ...]]:
    """The states of the shards that were added to the archive in a data folder."""
    path = folder / _DONE
    if not path.is_file():
        return frozenset()
    with path.open(encoding="utf-8") as file:
        return frozenset(tuple(json.loads(line)) for line in file)


def note_done(folder: Path, shard: Shard) -> None:
    """Note that a shard was added, on disk."""
    with (folder / _DONE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(shard.state) + "\n")
        file.flush()
        os.fsync(file.fileno())
