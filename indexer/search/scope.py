"""Which passages may be searched: the as-of moment, a range of dates, sources and authors."""

import copy
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from indexer.storage.archive import Archive
from indexer.storage.rows import ArticleRow, Integers
from indexer.storage.table_rows import (
    UNKNOWN,
    VersionRow,
    articles_after,
    clusters_after,
    last_key,
    passage_rows,
    version_rows,
)

_MANY = 20_000  # changed articles, from which on reading everything is as quick
_MASKS = 8  # kept: one question asks several times for the same scope
_A_DAY = timedelta(days=1)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Years:
    """Years of publication, from one through another."""

    first: int = 0
    last: int = MAXYEAR
    undated: bool = True  # whether undated articles count

    def touch(self, years: Sequence[int]) -> bool:
        """Whether any of the years is among them; 0 stands for undated articles."""
        return any(self.first <= year <= self.last if year else self.undated for year in years)


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
    looks_back: bool = False  # from a moment in the past: an undated article may have come later

    @property
    def years(self) -> Years:
        """The years, in UTC, in which what it allows was published; a publisher's day begins up to a day earlier."""
        first, before = self.published_from, self.published_before
        ends = [moment.year for moment in (self.as_of, before and _shifted(before, _A_DAY)) if moment]
        return Years(
            first=_shifted(first, -_A_DAY).year if first else 0,
            last=min(ends, default=MAXYEAR),
            undated=not (first or before),
        )


class PassageTable:
    """The columns that a scope filters on, in memory: 12 bytes a passage and some 300 a version of an article.

    A table never changes; that of a later state shares what is the same.
    """

    def __init__(self, archive: Archive, through: int | None = None) -> None:
        """Of the whole archive, or of its state at a sequence number without what was removed since."""
        self._read_at, self._removed_at = archive.sequence(), archive.last_removal()
        self.articles: list[ArticleRow] = []  # a later table appends to it
        self._rows_by_name: dict[tuple[str, str], list[int]] = defaultdict(list)  # and to its lists
        self._keys: Integers = np.empty(0, dtype=np.int64)
        self._numbers: Integers = np.empty((5, 0), dtype=np.int64)  # of VersionRow
        self.passage_ids: Integers = np.empty(0, dtype=np.int64)
        self._article_rows = np.empty(0, dtype=np.int32)  # of each passage
        self._newest = UNKNOWN
        self._masks: dict[Scope, Mask] = {}
        self._append(archive, list(version_rows(archive, last_key(archive, through))))

    def brought_to(self, archive: Archive, through: int | None = None) -> "PassageTable":
        """The table of a later state: only changes are read, unless something was removed or very much added."""
        read_at, last, known = archive.sequence(), last_key(archive, through), self._last_key
        if archive.last_removal() != self._removed_at or read_at < self._read_at or last < known:
            return PassageTable(archive, through)
        article_ids = articles_after(archive, known, last)
        if len(article_ids) > _MANY:
            return PassageTable(archive, through)
        later = copy.copy(self)
        later._masks, later._read_at = {}, read_at
        versions = list(version_rows(archive, last, article_ids))
        clusters = clusters_after(archive, self._read_at)
        later._change([row for row in versions if row.key <= known], clusters)
        later._append(archive, [row for row in versions if row.key > known])
        return later

    @property
    def _last_key(self) -> int:
        return int(self._keys[-1]) if len(self._keys) else 0

    def _change(self, versions: Sequence[VersionRow], clusters: Sequence[tuple[int, str]]) -> None:
        """What a new version changes of the older ones, and the clusters that articles have joined or left."""
        rows = np.searchsorted(self._keys, [row.key for row in versions])
        self._numbers = self._numbers.copy()
        self._numbers[:, rows] = _columns(versions)
        # An article that was changed and is alone now has no row among the clusters.
        for key, cluster_id in (*((row.key, row.article.cluster_id) for row in versions), *clusters):
            if key <= self._last_key:
                row = int(np.searchsorted(self._keys, key))
                self.articles[row] = self.articles[row]._replace(cluster_id=cluster_id)

    def _append(self, archive: Archive, versions: Sequence[VersionRow]) -> None:
        if not versions:
            return
        first = len(self._keys)
        ids, keys = passage_rows(archive, self._last_key, versions[-1].key)
        self._keys = np.append(self._keys, [row.key for row in versions])
        self._numbers = np.ascontiguousarray(np.concatenate([self._numbers, _columns(versions)], axis=1))
        rows = np.searchsorted(self._keys, keys).astype(np.int32)
        self.passage_ids = np.append(self.passage_ids, ids)
        self._article_rows = np.append(self._article_rows, rows)
        self._newest = max(self._newest, int(self._published[rows].max(initial=UNKNOWN)))
        for named in self._rows_by_name.values() if len(self.articles) > first else ():
            del named[bisect_left(named, first) :]  # of a later table that was not taken
        self.articles[first:] = [row.article for row in versions]
        for at, row in enumerate(versions, start=first):
            for kind, names in _names_of(row.article):
                for name in names:
                    self._rows_by_name[kind, name].append(at)

    @property
    def _published(self) -> Integers:
        published: Integers = self._numbers[1]
        return published

    def __len__(self) -> int:
        return len(self.passage_ids)

    def allowed(self, scope: Scope) -> Mask:
        """One bit a passage. An undated article is in no range of dates, and in no look back unless it was fetched.

        As-of is an instant; a range of days is compared with the publisher's local day.
        """
        mask = self._masks.get(scope)
        if mask is None:
            mask = self._allowed_versions(scope)[self._article_rows]
            mask.flags.writeable = False
            if len(self._masks) >= _MASKS:
                self._masks = {}
            self._masks[scope] = mask
        return mask

    def _allowed_versions(self, scope: Scope) -> Mask:
        _, published, published_locally, stood_from, stood_until = self._numbers
        as_of = _seconds(scope.as_of, np.iinfo(np.int64).max - 1)
        mask: Mask = (published <= as_of) & (stood_from <= as_of) & (as_of < stood_until)
        if scope.looks_back and self.last_published:
            mask &= ~self._of_unknown_time
        if scope.published_from or scope.published_before:
            low = _seconds(scope.published_from, np.iinfo(np.int64).min + 2)
            high = _seconds(scope.published_before, np.iinfo(np.int64).max)
            mask &= (published_locally >= low) & (published_locally < high)
        for wanted in (
            [*(("source", name) for name in scope.sources), *(("agency", name) for name in scope.agencies)],
            [("author", name) for name in scope.authors],
            [("section", scope.section)] if scope.section else [],
        ):
            if wanted:
                mask &= self._named(wanted)
        return mask

    def allowed_versions(self, scope: Scope) -> Mask:
        """One bit a version of an article: those of which `allowed` has a passage."""
        return self._allowed_versions(scope) & self._versions_at(self._article_rows)

    def versions_of(self, passage_ids: Integers) -> Mask:
        """One bit a version: those that have one of these passages."""
        rows = self.rows_of(passage_ids)
        return self._versions_at(self._article_rows[rows[rows >= 0]])

    def _versions_at(self, rows: npt.NDArray[np.int32]) -> Mask:
        mask = np.zeros(len(self._keys), dtype=np.bool_)
        mask[rows] = True
        return mask

    def articles_of(self, versions: Mask) -> list[tuple[str, int]]:
        """Article ids and version numbers."""
        numbers = self._numbers[0]
        return [(self.articles[row].article_id, int(numbers[row])) for row in np.flatnonzero(versions).tolist()]

    def days_of(self, versions: Mask) -> npt.NDArray[np.datetime64]:
        """The publishers' local days of versions, earliest first, without the undated ones."""
        seconds = self._numbers[2][versions]
        return np.sort(seconds[seconds != UNKNOWN]).astype("datetime64[s]").astype("datetime64[D]")

    @property
    def _of_unknown_time(self) -> Mask:
        mask: Mask = (self._published == UNKNOWN) & (self._numbers[3] == UNKNOWN)
        return mask

    def undated_articles(self) -> int:
        """How many articles have neither a date nor a moment when they were fetched."""
        return len(np.unique(self._article_rows[self._of_unknown_time[self._article_rows]]))

    def _named(self, wanted: Sequence[tuple[str, str]]) -> Mask:
        fits = np.zeros(len(self._keys), dtype=np.bool_)
        for one in wanted:
            fits[self._rows_of_name(self._rows_by_name.get(one, []))] = True
        return fits

    def _rows_of_name(self, rows: list[int]) -> list[int]:
        """Without those that a later table has appended."""
        return rows[: bisect_left(rows, len(self._keys))]

    def names(self, kind: str) -> tuple[str, ...]:
        """The sources, agencies, authors or sections in the archive, most frequent first."""
        found = [
            (-len(self._rows_of_name(rows)), name)
            for (of, name), rows in list(self._rows_by_name.items())
            if of == kind
        ]
        return tuple(name for count, name in sorted(found) if count)

    @property
    def last_published(self) -> datetime | None:
        """When the newest article was published."""
        return None if self._newest == UNKNOWN else datetime.fromtimestamp(self._newest, UTC)

    @property
    def first_published(self) -> datetime | None:
        """When the oldest article with a date was published."""
        published = self._published[self._article_rows]
        known = published[published != UNKNOWN]
        return datetime.fromtimestamp(int(known.min()), UTC) if len(known) else None

    def rows_of(self, passage_ids: Sequence[int] | Integers) -> Integers:
        """The row of each passage; -1 for one added after this table was made."""
        wanted = np.asarray(passage_ids, dtype=np.int64)
        rows = np.searchsorted(self.passage_ids, wanted)
        rows[rows == len(self)] = 0
        known = len(self) > 0 and self.passage_ids[rows] == wanted
        return np.where(known, rows, -1)

    def article_of(self, row: int) -> tuple[str, int]:
        """The article id and the version of the passage in a row."""
        version = int(self._article_rows[row])
        return self.articles[version].article_id, int(self._numbers[0, version])

    def cluster_of(self, row: int) -> str:
        """The cluster of syndicated copies to which the passage in a row belongs."""
        return self.articles[int(self._article_rows[row])].cluster_id

    def opens_its_article(self, row: int) -> bool:
        """Whether the passage in a row is the first of its version."""
        return row == 0 or bool(self._article_rows[row - 1] != self._article_rows[row])

    def published_at(self, row: int) -> int | None:
        """When the article of the passage in a row was published, in seconds since 1970."""
        return _known(self._published[self._article_rows[row]])

    def newest_stories(self, mask: Mask, limit: int) -> tuple[tuple[str, int], ...]:
        """The article id and version of the newest copy of each story that the mask allows, newest first."""
        published = self._published[self._article_rows]
        rows = np.flatnonzero(mask & (published != UNKNOWN))
        found: dict[str, tuple[str, int]] = {}
        for row in rows[np.argsort(-published[rows], kind="stable")].tolist():
            found.setdefault(self.cluster_of(row), self.article_of(row))
            if len(found) == limit:
                break
        return tuple(found.values())

    def newest_versions(self, limit: int) -> list[tuple[str, int]]:
        """Article ids and numbers of the versions that stand now of the articles published last, newest first."""
        standing = np.flatnonzero(self._allowed_versions(Scope()))
        newest = standing[np.argsort(-self._published[standing], kind="stable")[:limit]]
        return [(self.articles[row].article_id, int(self._numbers[0, row])) for row in newest.tolist()]

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


def _columns(versions: Sequence[VersionRow]) -> Integers:
    return np.array([row.numbers for row in versions], dtype=np.int64).reshape(-1, 5).T


def _known(seconds: np.int64) -> int | None:
    return None if seconds == UNKNOWN else int(seconds)


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


def _seconds(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else int(moment.timestamp())
