"""The article: one version of one story by one publisher."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

from corpus.addresses import address_key, normalise_address
from corpus.agencies import agency_of
from corpus.article_warnings import ArticleWarning, is_damaged, is_excerpt, is_placeholder, without_count
from corpus.corrections import correction_of
from corpus.dates import UNSTATED
from corpus.mojibake import mend_mojibake
from corpus.publishers import source_name, source_of_address

# The last two ranges change the direction of all following text, on a page also that of other articles.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_TRAILING_SPACE = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]+\n")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


class Trouble(StrEnum):
    """What prevents reading, for those who say it in another language; the reason of each case has the details."""

    EMPTY = "empty"
    UNKNOWN_FORM = "unknown form"
    NO_ARTICLES = "no articles"
    UNREADABLE = "unreadable"  # whatever a reader of some form says
    ADDRESS_REFUSED = "address refused"
    DISALLOWED = "disallowed"
    TOO_SLOW = "too slow"
    TOO_LARGE = "too large"
    ANSWERED_WITH_ERROR = "answered with error"
    POSTPONED = "postponed"
    UNREACHABLE = "unreachable"


class CorpusError(Exception):
    """Root of the errors that this package raises."""

    trouble = Trouble.UNREADABLE


class ArticleError(CorpusError):
    """A record that is not an article; the message names what is missing."""


class DateOrigin(StrEnum):
    """Where a publication date was found."""

    JSON_LD = "json-ld"
    META = "meta"
    TIME_TAG = "time tag"
    FEED = "feed"
    ADDRESS = "address"
    TEXT = "text"
    FIELD = "field"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of one story by one publisher; every moment is timezone-aware UTC."""

    id: str  # the same for every version of a story
    version: int = 1  # counted from 1 by the archive; readers leave it at 1
    url: str | None = None  # normalised, http(s) only
    source: str  # the publisher's name
    title: str
    text: str  # paragraphs separated by one blank line
    authors: tuple[str, ...] = ()
    agency: str | None = None  # the wire agency that the text credits
    section: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None  # ISO 639-1
    published_at: datetime | None = None
    updated_at: datetime | None = None
    date_origin: DateOrigin = DateOrigin.UNKNOWN
    fetched_at: datetime | None = None
    correction: str | None = None  # the correction note in the text
    utc_offset_minutes: int = 0  # east of UTC, of the date as published; 0 where it came with none
    warnings: tuple[ArticleWarning, ...] = ()
    is_withdrawn: bool = False  # the publisher or agency has killed this version
    is_offset_stated: bool = field(default=True, compare=False)  # as read; not stored

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of the title and the text, and of a withdrawal."""
        withdrawn = "\0withdrawn" if self.is_withdrawn else ""
        return hashlib.sha256(f"{self.title}\0{self.text}{withdrawn}".encode()).hexdigest()

    @property
    def published_locally(self) -> datetime | None:
        """The publication as the publisher's own clock showed it: its day is the day to cite."""
        if self.published_at is None:
            return None
        return self.published_at.astimezone(timezone(timedelta(minutes=self.utc_offset_minutes)))

    @property
    def published_day(self) -> date | None:
        """The publisher's local day of publication."""
        return local.date() if (local := self.published_locally) else None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or one record in a file, that could not be read, and why."""

    path: Path
    reason: str
    line: int | None = None  # counted from 1; None when the whole file is meant
    trouble: Trouble = Trouble.UNREADABLE

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ReadWarning(Unreadable):
    """A file that was read, and a warning that some of its articles have."""

    warning: ArticleWarning = ArticleWarning.EXCERPT
    count: int = 1  # of the articles in the file that have it
    total: int = 1  # of all articles in the file
    example: str = ""  # the title of one of several


def clean_text(text: str) -> str:
    """Drop control characters and lone surrogates, and normalise line ends and blank lines."""
    if not text.replace("\n", "").replace("\u00a0", "").isprintable():  # much faster than the expressions
        text = _CONTROL.sub("", _LINE_END.sub("\n", text))
    if any(end in text for end in (" \n", "\t\n", "\u00a0\n")):
        text = _TRAILING_SPACE.sub("\n", text)
    return (_MANY_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def clean_line(text: str) -> str:
    """One line of clean text with single spaces."""
    return " ".join(clean_text(text).split())


def new_article(
    *,
    title: str,
    text: str,
    source: str | None = None,
    url: str | None = None,
    identity: str | None = None,
    authors: tuple[str, ...] = (),
    agency: str | None = None,
    section: str | None = None,
    keywords: tuple[str, ...] = (),
    language: str | None = None,
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    date_origin: DateOrigin = DateOrigin.UNKNOWN,
    fetched_at: datetime | None = None,
    correction: str | None = None,
    warnings: tuple[ArticleWarning, ...] = (),
    is_withdrawn: bool = False,
) -> Article:
    """The checked and cleaned article; raises ArticleError without a title or a text.

    `published_at` has the offset that the date came with: the publisher's day is its local day. `identity` is a
    publisher's own name for the story, the same for all its versions; it counts where there is no address.
    """
    given = title, text
    title, text = clean_line(mend_mojibake(title)), without_count(clean_text(mend_mojibake(text)))
    if not text or is_placeholder(text):
        raise ArticleError("no text")
    if not title or is_placeholder(title):
        raise ArticleError("no title")
    address = normalise_address(url) if url else None
    publisher = source_name(clean_line(mend_mojibake(source or ""))) or (source_of_address(address) if address else "")
    publisher = publisher or "unknown source"
    return Article(
        id=_identity(address_key(address) if address else identity, publisher, title, published_at),
        url=address,
        source=publisher,
        title=title,
        text=text,
        authors=_names(authors),
        agency=clean_line(agency or "") or agency_of(text),
        section=clean_line(section or "") or None,
        keywords=_names(keywords),
        language=language,
        published_at=_utc(published_at, "published_at"),
        updated_at=_utc(updated_at, "updated_at"),
        date_origin=date_origin if published_at else DateOrigin.UNKNOWN,
        fetched_at=_utc(fetched_at, "fetched_at"),
        correction=clean_line(correction or "") or correction_of(text),
        utc_offset_minutes=offset_minutes(published_at),
        warnings=tuple(dict.fromkeys((*warnings, *_warnings_of(text, given)))),
        is_withdrawn=is_withdrawn,
        is_offset_stated=published_at is None or published_at.tzname() != UNSTATED.tzname(None),
    )


def _warnings_of(text: str, given: tuple[str, str]) -> Iterator[ArticleWarning]:
    if any(mend_mojibake(one) != one for one in given):
        yield ArticleWarning.REPAIRED_TEXT
    if is_excerpt(text):
        yield ArticleWarning.EXCERPT
    if is_damaged(text):
        yield ArticleWarning.DAMAGED_TEXT


def offset_minutes(moment: datetime | None) -> int:
    """Minutes east of UTC of a moment's own offset; 0 without one."""
    offset = moment.utcoffset() if moment else None
    return int(offset.total_seconds() // 60) if offset else 0


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(clean_line, map(mend_mojibake, names)) if name))


def _utc(moment: datetime | None, field: str) -> datetime | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ArticleError(f"{field} has no time zone")
    return moment.astimezone(UTC)


def _identity(address: str | None, source: str, title: str, published_at: datetime | None) -> str:
    """The same address is the same story; without an address, the same publisher, title and day (UTC)."""
    day = published_at.astimezone(UTC).date().isoformat() if published_at else ""
    key = address or f"{source}\0{title.casefold()}\0{day}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]
