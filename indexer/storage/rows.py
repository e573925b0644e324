"""How articles, passages and vectors become rows of the archive, and rows become them again."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.article import Article, DateOrigin
from corpus.article_warnings import ArticleWarning
from indexer.storage.integrity import stood_from

Vector = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_Value = TypeVar("_Value")
_BATCH = 900  # values in one statement; SQLite's lowest limit is 999

COLUMNS = (
    "article_id, version, url, source, title, text, authors, agency, section, keywords, language, "
    "published_at, updated_at, date_origin, fetched_at, correction, utc_offset_minutes, warnings, is_withdrawn"
)
FIELDS = ("id", *(column.strip() for column in COLUMNS.split(",")[1:]))


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One row of the passages table, as a derived index needs it."""

    passage_id: int
    start: int
    end: int
    text_hash: bytes


class DatedPassage(NamedTuple):
    """A passage as a segment of the vector index needs it."""

    passage_id: int
    text_hash: bytes
    year: int  # of publication, in UTC; 0 for an undated article


class ArticleRow(NamedTuple):
    """What search filters on, for one version of an article."""

    article_id: str
    source: str
    agency: str | None
    section: str | None
    authors: tuple[str, ...]
    cluster_id: str  # shared by the syndicated copies of one story


def values_of(article: Article) -> tuple[object, ...]:
    """The values of COLUMNS, then the fingerprint and the moment from which the version stood."""
    return (
        article.id,
        article.version,
        article.url,
        article.source,
        article.title,
        article.text,
        json.dumps(article.authors, ensure_ascii=False),
        article.agency,
        article.section,
        json.dumps(article.keywords, ensure_ascii=False),
        article.language,
        seconds(article.published_at),
        seconds(article.updated_at),
        str(article.date_origin),
        seconds(article.fetched_at),
        article.correction,
        article.utc_offset_minutes,
        json.dumps(article.warnings),
        article.is_withdrawn,
        article.fingerprint,
        stood_from(article),
    )


def article_of(row: Sequence[object]) -> Article:
    """The article whose COLUMNS these are."""
    values = dict(zip(FIELDS, row, strict=True))
    for name in ("authors", "keywords"):
        values[name] = tuple(json.loads(str(values[name])))
    for name in ("published_at", "updated_at", "fetched_at"):
        values[name] = moment(values[name])  # type: ignore[arg-type]
    values["date_origin"] = DateOrigin(str(values["date_origin"]))
    values["warnings"] = tuple(map(ArticleWarning, json.loads(str(values["warnings"]))))
    values["is_withdrawn"] = bool(values["is_withdrawn"])
    return Article(**values)  # type: ignore[arg-type]


def names_in(stored: object) -> tuple[str, ...]:
    """A JSON list of names; none where it is damaged."""
    try:
        names = json.loads(str(stored))
    except ValueError:
        return ()
    return tuple(map(str, names)) if isinstance(names, list) else ()


def blob_of(vector: Vector) -> bytes:
    """A vector as it is stored: float16."""
    return vector.astype(np.float16).tobytes()


def vector_of(blob: bytes) -> Vector:
    """A stored vector as float32."""
    return np.frombuffer(blob, np.float16).astype(np.float32)


def batches(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """The values, as many at a time as one statement may have."""
    for first in range(0, len(values), _BATCH):
        yield values[first : first + _BATCH]


def placeholders(values: Sequence[object]) -> str:
    """A question mark for each value."""
    return ", ".join("?" * len(values))


def seconds(when: datetime | None) -> int | None:
    """Seconds since 1970; None stays None."""
    return None if when is None else int(when.timestamp())


def moment(since_1970: int | None) -> datetime | None:
    """The UTC datetime of seconds since 1970; None stays None."""
    return None if since_1970 is None else datetime.fromtimestamp(since_1970, UTC)
