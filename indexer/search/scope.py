"""Which passages may be searched: the as-of moment, a range of dates, sources and authors."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from indexer.storage.archive import Archive
from indexer.storage.rows import ArticleRow, Integers

_UNKNOWN = int(np.iinfo(np.int64).min) + 1  # an unknown moment in the archive's table

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search is limited to; None and empty mean no limit."""

    as_of: datetime | None = None
    published_from: datetime | None = None
    published_before: datetime | None = None
    sources: tuple[str, ...] = ()  # the article is from any of these
    agencies: tuple[str, ...] = ()  # or by one of these
    authors: tuple[str, ...] = ()
    section: str | None = None


class PassageTable:
    """The columns that a scope filters on, in memory: about 50 bytes a passage."""

    def __init__(self, archive: Archive, through: int | None = None) -> None:
        """Of the whole archive, or of its state at a sequence number without what was removed since."""
        self.articles, rows = archive.passage_table(through)
        self.passage_ids: Integers = rows[:, 0]
        self._article_rows, self._versions = rows[:, 1], rows[:, 2]
        self._published, self._stood_from, self._stood_until = rows[:, 3], rows[:, 4], rows[:, 5]
        self._rows_by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, article in enumerate(self.articles):
            for kind, names in _names_of(article):
                for name in names:
                    self._rows_by_name[kind, name].append(at)

    def __len__(self) -> int:
        return len(self.passage_ids)

    def allowed(self, scope: Scope) -> Mask:
        """One bit a passage. An undated article is visible at every as-of moment but in no range of dates."""
        as_of = _seconds(scope.as_of, np.iinfo(np.int64).max - 1)
        mask: Mask = (self._published <= as_of) & (self._stood_from <= as_of) & (as_of < self._stood_until)
        if scope.published_from or scope.published_before:
            low = _seconds(scope.published_from, np.iinfo(np.int64).min + 2)
            high = _seconds(scope.published_before, np.iinfo(np.int64).max)
            mask &= (self._published >= low) & (self._published < high)
        for wanted in (
            [*(("source", name) for name in scope.sources), *(("agency", name) for name in scope.agencies)],
            [("author", name) for name in scope.authors],
            [("section", scope.section)] if scope.section else [],
        ):
            if wanted:
                mask &= self._named(wanted)
        return mask

    def _named(self, wanted: Sequence[tuple[str, str]]) -> Mask:
        fits = np.zeros(len(self.articles), dtype=np.bool_)
        for one in wanted:
            fits[self._rows_by_name.get(one, [])] = True
        mask: Mask = fits[self._article_rows]
        return mask

    def names(self, kind: str) -> tuple[str, ...]:
        """The sources, agencies, authors or sections in the archive, most frequent first."""
        found = [(-len(rows), name) for (of, name), rows in self._rows_by_name.items() if of == kind]
        return tuple(name for _, name in sorted(found))

    @property
    def last_published(self) -> datetime | None:
        """When the newest article was published."""
        newest = int(self._published.max(initial=_UNKNOWN))
        return None if newest == _UNKNOWN else datetime.fromtimestamp(newest, UTC)

    def rows_of(self, passage_ids: Sequence[int]) -> Integers:
        """The row of each passage; -1 for one added after this table was made."""
        wanted = np.asarray(passage_ids, dtype=np.int64)
        rows = np.searchsorted(self.passage_ids, wanted)
        rows[rows == len(self)] = 0
        known = len(self) > 0 and self.passage_ids[rows] == wanted
        return np.where(known, rows, -1)

    def article_of(self, row: int) -> tuple[str, int]:
        """The article id and the version of the passage in a row."""
        return self.articles[int(self._article_rows[row])].article_id, int(self._versions[row])

    def cluster_of(self, row: int) -> str:
        """The cluster of syndicated copies to which the passage in a row belongs."""
        return self.articles[int(self._article_rows[row])].cluster_id

    def opens_its_article(self, row: int) -> bool:
        """Whether the passage in a row is the first of its version."""
        return row == 0 or self._version_of(row - 1) != self._version_of(row)

    def _version_of(self, row: int) -> tuple[int, int]:
        return int(self._article_rows[row]), int(self._versions[row])

    def published_at(self, row: int) -> int | None:
        """When the article of the passage in a row was published, in seconds since 1970."""
        seconds = int(self._published[row])
        return None if seconds == _UNKNOWN else seconds

    def newest_stories(self, mask: Mask, limit: int) -> tuple[tuple[str, int], ...]:
        """The article id and version of the newest copy of each story that the mask allows, newest first."""
        rows = np.flatnonzero(mask & (self._published != _UNKNOWN))
        found: dict[str, tuple[str, int]] = {}
        for row in rows[np.argsort(-self._published[rows], kind="stable")].tolist():
            found.setdefault(self.cluster_of(row), self.article_of(row))
            if len(found) == limit:
                break
        return tuple(found.values())

    def source_of(self, row: int) -> str:
        """The publisher of the passage in a row."""
        return self.articles[int(self._article_rows[row])].source


def _names_of(article: ArticleRow) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("source", (article.source,)),
        ("agency", (article.agency,) if article.agency else ()),
        ("author", article.authors),
        ("section", (article.section,) if article.section else ()),
    )


def _seconds(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else int(moment.timestamp())
