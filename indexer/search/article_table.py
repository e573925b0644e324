"""The latest version of every article in memory, by what lists of articles are filtered, sorted and counted by."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from corpus.article_warnings import ArticleWarning
from indexer.storage.archive import Archive
from indexer.storage.reading import IS_LATEST
from indexer.storage.rows import Integers, names_in

Mask = npt.NDArray[np.bool_]

UNDATED = int(np.iinfo(np.int64).min)  # the day of an article without a date; others count from 1 January of year 1
_DAY_S = 86_400
_FIRST_DAY = date(1970, 1, 1).toordinal()


class Facet(StrEnum):
    """What an article is filed under."""

    SOURCE = "source"
    AUTHOR = "author"
    SECTION = "section"
    AGENCY = "agency"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles are listed; empty and None mean all. Several names of one facet mean any of them."""

    names: tuple[tuple[Facet, str], ...] = ()
    first_day: date | None = None  # the publisher's local day
    last_day: date | None = None  # included
    undated: bool = False
    warning: ArticleWarning | None = None

    @property
    def without_days(self) -> "ArticleFilter":
        """The same for articles of all days."""
        return ArticleFilter(self.names, undated=self.undated, warning=self.warning)


EVERY_ARTICLE = ArticleFilter()


class ArticleTable:
    """One row for each article whose latest version is not withdrawn, in the order in which they were added."""

    def __init__(self, archive: Archive) -> None:
        self.sequence = archive.sequence()
        rows = archive.select(
            "SELECT article_key, article_id, version, source, agency, section, authors, language, "
            "cast(published_at + 60 * utc_offset_minutes AS INTEGER), warnings "
            f"FROM articles AS one WHERE {IS_LATEST} AND NOT is_withdrawn ORDER BY article_key"
        ).fetchall()
        self._keys: Integers = np.array([row[0] for row in rows], dtype=np.int64)
        self._versions = [(str(row[1]), int(row[2])) for row in rows]
        self.days: Integers = np.array([_day(row[8]) for row in rows], dtype=np.int64)
        self._rows_by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, row in enumerate(rows):
            self._file(at, row)
        pairs = archive.select("SELECT passage_id, article_key FROM passages ORDER BY passage_id").fetchall()
        passages = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        self._passage_ids: Integers = passages[:, 0]
        self._passage_keys: Integers = passages[:, 1]

    def __len__(self) -> int:
        return len(self._versions)

    def _file(self, at: int, row: Sequence[object]) -> None:
        _, _, _, source, agency, section, authors, language, _, warnings = row
        single = ((Facet.SOURCE, source), (Facet.AGENCY, agency), (Facet.SECTION, section), (Facet.LANGUAGE, language))
        for facet, name in single:
            if name:
                self._rows_by_name[facet, str(name)].append(at)
        for name in names_in(authors):
            self._rows_by_name[Facet.AUTHOR, name].append(at)
        if warnings != "[]":
            for name in json.loads(str(warnings)):
                self._rows_by_name["warning", name].append(at)

    def version_of(self, row: int) -> tuple[str, int]:
        """The article id and the version in a row."""
        return self._versions[row]

    def names(self, facet: Facet) -> tuple[tuple[str, int], ...]:
        """The names of a facet with their articles, most first."""
        found = [(name, len(rows)) for (of, name), rows in self._rows_by_name.items() if of == facet]
        return tuple(sorted(found, key=lambda one: (-one[1], one[0])))

    def count_warned(self, warning: ArticleWarning) -> int:
        """How many articles have a warning."""
        return len(self._rows_by_name.get(("warning", warning), ()))

    def rows_of(self, passage_ids: Integers) -> Integers:
        """The row of the article of each passage; -1 for one of an older version, or added since."""
        if not len(self._passage_ids) or not len(self._keys):
            return np.full(len(passage_ids), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._passage_ids, passage_ids), len(self._passage_ids) - 1)
        keys = np.where(self._passage_ids[at] == passage_ids, self._passage_keys[at], -1)
        rows = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[rows] == keys, rows, -1)

    def allowed(self, wanted: ArticleFilter) -> Mask:
        """One bit an article; an undated one is in no range of days."""
        mask: Mask = np.ones(len(self), dtype=np.bool_)
        for facet in {facet for facet, _ in wanted.names}:
            mask &= self._in_any([one for one in wanted.names if one[0] == facet])
        if wanted.warning:
            mask &= self._in_any([("warning", wanted.warning)])
        if wanted.undated:
            mask &= self.days == UNDATED
        if wanted.first_day:
            mask &= self.days >= wanted.first_day.toordinal()
        if wanted.last_day:
            mask &= (self.days <= wanted.last_day.toordinal()) & (self.days != UNDATED)
        return mask

    def _in_any(self, names: Sequence[tuple[str, str]]) -> Mask:
        mask: Mask = np.zeros(len(self), dtype=np.bool_)
        for one in names:
            for rows in self._rows_of_names(*one):
                mask[rows] = True
        return mask

    def _rows_of_names(self, facet: str, name: str) -> list[list[int]]:
        """The rows of a name or, where there is none like that, of all names that contain it."""
        if rows := self._rows_by_name.get((facet, name)):
            return [rows]
        part = name.casefold()
        return [rows for (of, other), rows in self._rows_by_name.items() if of == facet and part in other.casefold()]

    @property
    def all_days(self) -> dict[date, int]:
        """How many articles were published on each day, in order."""
        return self.days_of(np.arange(len(self), dtype=np.int64))

    def days_of(self, rows: Integers) -> dict[date, int]:
        """How many of the articles in these rows were published on each day, in order; undated ones are left out."""
        days = self.days[rows]
        values, counts = np.unique(days[days != UNDATED], return_counts=True)
        return {date.fromordinal(day): count for day, count in zip(values.tolist(), counts.tolist(), strict=True)}


def _day(local_seconds: int | None) -> int:
    """The number of a local day, as date.toordinal gives it."""
    return UNDATED if local_seconds is None else _FIRST_DAY + local_seconds // _DAY_S
