"""Which passages may be searched: the moment from which the archive is looked at, a range of dates, sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from indexer.archive import Archive, Integers

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search is limited to; None and empty mean no limit."""

    as_of: datetime | None = None
    published_from: datetime | None = None
    published_before: datetime | None = None
    sources: tuple[str, ...] = ()


class PassageTable:
    """What a scope asks about each passage, in memory: some 50 bytes a passage."""

    def __init__(self, archive: Archive) -> None:
        self.articles: list[tuple[str, str]]
        self.articles, rows = archive.passage_table()
        self.passage_ids: Integers = rows[:, 0]
        self._article_rows, self._versions = rows[:, 1], rows[:, 2]
        self._published, self._stood_from, self._stood_until = rows[:, 3], rows[:, 4], rows[:, 5]
        sources = sorted({source for _, source in self.articles})
        self._source_codes = {source: code for code, source in enumerate(sources)}
        codes = np.array([self._source_codes[source] for _, source in self.articles], dtype=np.int64)
        self._sources = codes[self._article_rows] if len(rows) else np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.passage_ids)

    def allowed(self, scope: Scope) -> Mask:
        """One bit a passage. An article without a date stands at every moment, but in no range of dates."""
        as_of = _seconds(scope.as_of, np.iinfo(np.int64).max - 1)
        mask: Mask = (self._published <= as_of) & (self._stood_from <= as_of) & (as_of < self._stood_until)
        if scope.published_from or scope.published_before:
            low = _seconds(scope.published_from, np.iinfo(np.int64).min + 2)
            high = _seconds(scope.published_before, np.iinfo(np.int64).max)
            mask &= (self._published >= low) & (self._published < high)
        if scope.sources:
            codes = [self._source_codes[source] for source in scope.sources if source in self._source_codes]
            mask &= np.isin(self._sources, codes)
        return mask

    def rows_of(self, passage_ids: Sequence[int]) -> Integers:
        """The row of each passage; -1 for one that came later than this table."""
        wanted = np.asarray(passage_ids, dtype=np.int64)
        rows = np.searchsorted(self.passage_ids, wanted)
        rows[rows == len(self)] = 0
        known = len(self) > 0 and self.passage_ids[rows] == wanted
        return np.where(known, rows, -1)

    def article_of(self, row: int) -> tuple[str, int]:
        """The article id and the version of the passage in a row."""
        return self.articles[int(self._article_rows[row])][0], int(self._versions[row])

    def published_at(self, row: int) -> int | None:
        """When the article of the passage in a row was published, in seconds since 1970."""
        seconds = int(self._published[row])
        return None if seconds <= np.iinfo(np.int64).min + 1 else seconds

    def source_of(self, row: int) -> str:
        """The publisher of the passage in a row."""
        return self.articles[int(self._article_rows[row])][1]


def _seconds(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else int(moment.timestamp())
