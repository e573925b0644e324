"""Adds to the archive and removes from it, for the archive tab: what was read waits until a reader confirms it."""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.collecting.at_address import read_address
from corpus.fetching.fetcher import Fetcher
from corpus.findings import Findings, summarise
from corpus.readers import read_articles
from indexer.adding import Report
from indexer.embedding.model import EmbeddingModel
from indexer.removing import remove
from indexer.sync import sync

_MOST_WAITING = 8  # readings that nobody has confirmed yet


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, with what a check finds in it."""

    records: tuple[Article | Unreadable, ...]
    findings: Findings

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self.records)


class Keeper:
    """Changes one archive; readings wait here by a name that nobody can guess."""

    def __init__(
        self, folder: Path, model: EmbeddingModel, chroma: str | None = None, fetcher: Fetcher | None = None
    ) -> None:
        self._folder = folder
        self._model = model
        self._chroma = chroma
        self._fetcher = fetcher or Fetcher()
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, Reading] = OrderedDict()

    def read_files(self, paths: Sequence[Path]) -> tuple[str, Reading]:
        """Read uploaded files, which are deleted; the name of the reading, and the reading."""
        try:
            return self._kept(read_articles(paths))
        finally:
            for path in paths:
                path.unlink(missing_ok=True)

    def read_address(self, address: str) -> tuple[str, Reading]:
        """Read the article or the feed at an address."""
        try:
            return self._kept(read_address(address, self._fetcher))
        except CorpusError as error:
            return self._kept([Unreadable(Path(address), str(error), trouble=error.trouble)])

    def _kept(self, found: Iterable[Article | Unreadable]) -> tuple[str, Reading]:
        records = tuple(found)
        name, reading = uuid.uuid4().hex, Reading(records, summarise(records))
        with self._lock:
            self._waiting[name] = reading
            while len(self._waiting) > _MOST_WAITING:
                self._waiting.popitem(last=False)
        return name, reading

    def waiting(self, name: str) -> Reading | None:
        """The reading of this name; None when there is none any more."""
        return self._waiting.get(name)

    def forget(self, name: str) -> None:
        """Drop a reading."""
        with self._lock:
            self._waiting.pop(name, None)

    def add(self, reading: Reading, progress: Callable[[int], object]) -> Report:
        """Add what was read; `progress` is told how many records have been seen. Raises IndexerError."""
        return sync(reading.records, self._folder, self._model, chroma=self._chroma, progress=progress)

    def remove(self, article_id: str) -> int:
        """Remove an article with all its versions; returns how many articles. Raises IndexerError."""
        return remove(
            self._folder, lambda archive: [article_id] if archive.fingerprints(article_id) else [], self._chroma
        )
