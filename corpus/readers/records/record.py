"""Articles from records with named fields."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

from corpus.agencies import Byline, split_byline
from corpus.article import Article, DateOrigin, new_article
from corpus.article_warnings import ArticleWarning
from corpus.dates import ParsedDate, date_of_address, parse_date
from corpus.publishers import source_of_address
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.languages import language_code
from corpus.readers.paragraphs import paragraphs_of, single_spaces
from corpus.readers.records.shapes import CORRECTION, EXCERPT, IDENTITY, WITHDRAWN, Record, plain_record, summary_of

# The names of each field, best first; compared without case, spaces and underscores.
FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "articletitle", "heading"),
    "text": ("text", "body", "content", "article", "articlebody", "fulltext", "maintext", "articletext", "story"),
    "published_at": (
        *("publishedat", "publishdate", "published", "pubdate", "datepublished", "publicationdate", "date"),
        *("publisheddate", "datepublish", "dateofpublication", "pubdatetime", "datetime", "timestamp", "createdat"),
    ),
    "updated_at": (
        *(
            "updatedat",
            "updated",
            "modified",
            "datemodified",
            "modifiedat",
            "lastmodified",
            "datemodify",
            "updateddate",
        ),
    ),
    "source": (
        *("source", "publisher", "outlet", "newspaper", "sourcename", "sitename", "publication", "sourcedomain"),
        "sourceid",
    ),
    "url": ("url", "link", "canonicalurl", "permalink", "articleurl", "weburl", "href", "mainentityofpage"),
    "authors": ("authors", "author", "byline", "creator", "writer", "writers", "bylines"),
    "agency": ("agency", "newsagency", "wire"),
    "section": ("section", "category", "articlesection", "desk", "sectionname", "topic"),
    "language": ("language", "lang", "inlanguage"),
    "keywords": ("keywords", "tags", "topics", "subjects"),
    "fetched_at": ("fetchedat", "crawledat", "scrapedat", "retrievedat", "datedownload"),
}
WRAPPERS = (
    *("articles", "items", "data", "results", "docs", "documents", "records", "response", "news", "stories", "@graph"),
    *("hits", "entries", "result", "content"),
)
_OBJECT_WRAPPERS = frozenset({"response", "data", "hits", "result", "content"})
_LONGEST_NAME, _NAMES_SHOWN = 40, 12
_OURS = frozenset({EXCERPT, WITHDRAWN, CORRECTION, IDENTITY})
_NAMED = ("name", "title", "value", "text", "$date", "#text", "@id")  # where an object has the value of a field
_PARAGRAPH_TAG = re.compile(r"</p>|<br ?/?>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"</?(?:p|div|br|li|h[1-6]|blockquote)\b[^<>]{0,500}>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][^<>]{0,2000}>|<!--[^<>]{0,2000}-->", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}", re.IGNORECASE)
_LIST = re.compile(r"\s*[,;|]\s*")
_NO_LETTERS = re.compile(r"[\W_]+")


def article_of_record(record: object, options: ReadOptions, *, date_origin: DateOrigin = DateOrigin.FIELD) -> Article:
    """The article in a record, its date marked as from `date_origin`; raises ReaderError or ArticleError."""
    if not isinstance(record, Mapping):
        raise ReaderError(f"a record needs named fields, this is {_kind(record)}")
    plain = plain_record({str(name): value for name, value in record.items()})
    fields = _Fields.of(plain, options.mapping)
    text, is_excerpt = _story(plain, fields)
    fetched_at = options.fetched_at or _moment(fields.date("fetched_at", None))
    url = fields.line("url") or None
    published = fields.date("published_at", fetched_at)
    found = published or (date_of_address(url) if url else None)
    byline = _byline(fields.get("authors"))
    return new_article(
        title=fields.line("title"),
        text="\n\n".join(paragraphs_of(_without_tags(text))),
        source=_publisher(fields.line("source").strip()),
        url=url,
        identity=_text(plain.get(IDENTITY)) or None,
        authors=byline.authors,
        agency=fields.line("agency") or byline.agency,
        section=fields.line("section") or None,
        keywords=_keywords(fields.get("keywords")),
        language=language_code(fields.line("language")),
        published_at=_moment(found),
        updated_at=_moment(fields.date("updated_at", fetched_at)),
        date_origin=(_stored_origin(plain) or date_origin) if published else DateOrigin.ADDRESS,
        fetched_at=fetched_at,
        correction=_text(plain.get(CORRECTION)) or None,
        warnings=tuple(_warnings(plain, fields, published, is_excerpt)),
        is_withdrawn=plain.get(WITHDRAWN) is True,
    )


def _warnings(
    record: Record, fields: "_Fields", published: ParsedDate | None, is_excerpt: bool
) -> Iterator[ArticleWarning]:
    """The warnings of a record that Dateline itself wrote, and that of a date which is not understood."""
    stored = record.get("warnings")
    known = {str(warning): warning for warning in ArticleWarning}
    yield from (known[name] for name in (stored if isinstance(stored, list) else ()) if name in known)
    if is_excerpt:
        yield ArticleWarning.EXCERPT
    if not any(fields.line(name).strip() for name in ("published_at", "source", "url", "authors", "agency")):
        yield ArticleWarning.UNSURE_FORM
    if published is None and fields.line("published_at").strip():
        yield ArticleWarning.UNREAD_DATE


def _stored_origin(record: Record) -> DateOrigin | None:
    """The origin of the date in a record that Dateline itself wrote."""
    origin = record.get("date_origin")
    return DateOrigin(origin) if isinstance(origin, str) and origin in set(DateOrigin) else None


def is_known(name: str) -> bool:
    """Whether a name is one of a field."""
    return any(names_of(field, [name]) for field in FIELD_NAMES)


def names_of(field: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that are names of the field."""
    return [name for name in names if _NO_LETTERS.sub("", name).lower() in FIELD_NAMES[field]]


def _story(record: Record, fields: "_Fields") -> tuple[str, bool]:
    """The text of a record and whether it is only a summary; raises ReaderError that names the fields without one."""
    if text := fields.line("text"):
        return text, record.get(EXCERPT) is True
    summary = summary_of(record)
    if summary and (fields.line("published_at") or fields.line("url")):
        return summary, True
    names = [name for name in record if name.isprintable() and len(name) <= _LONGEST_NAME and name not in _OURS]
    longest = max(names, key=lambda name: len(value) if isinstance(value := record[name], str) else 0, default="NAME")
    listed = ", ".join(names[:_NAMES_SHOWN]) or "none"
    raise ReaderError(f"no text; its fields are {listed}; if one of them is the text: --map text={longest}")


def records_in(value: object) -> Iterator[object]:
    """The records of a JSON value: a list, an object that wraps a list, or a single record."""
    if isinstance(value, Mapping) and not _Fields.of(value, {}).line("text"):
        for name in WRAPPERS:
            inner = value.get(name)
            if isinstance(inner, list) or (isinstance(inner, Mapping) and name in _OBJECT_WRAPPERS):
                yield from records_in(inner)
                return
    if isinstance(value, list):
        yield from value
    else:
        yield value


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a record by our names."""

    record: Mapping[str, object]
    by_name: Mapping[str, object]
    mapping: Mapping[str, str]

    @classmethod
    def of(cls, record: Mapping[Any, object], mapping: Mapping[str, str]) -> "_Fields":
        named = {str(name): value for name, value in record.items()}
        by_name: dict[str, object] = {}
        for name, value in named.items():
            by_name.setdefault(_NO_LETTERS.sub("", name).lower(), value)
        return cls(named, by_name, mapping)

    def get(self, field: str) -> object:
        """The value of a field, by the name that the mapping gives or by one that we know; None when it is empty."""
        if (name := self.mapping.get(field)) and not _empty(value := _inside(self.record, name)):
            return value
        return next((value for name in FIELD_NAMES[field] if not _empty(value := self.by_name.get(name))), None)

    def line(self, field: str) -> str:
        """The field as text; empty when it is missing or not text."""
        return _text(self.get(field))

    def date(self, field: str, fetched_at: datetime | None) -> ParsedDate | None:
        """The field as a date."""
        return _date(self.get(field), fetched_at)


def _publisher(source: str) -> str | None:
    """The publisher's name, also for a source given as a host name."""
    return source_of_address(f"https://{source.lower()}/") if _HOST.fullmatch(source) else source or None


def _inside(record: Mapping[str, object], name: str) -> object:
    """The value at a name, or at a dotted path such as `headline.main`."""
    value: object = record
    for part in [name] if name in record else name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _without_tags(text: str) -> str:
    """The text of a field that contains HTML, as exports of content management systems do."""
    if not _PARAGRAPH_TAG.search(text):
        return text
    text = _ANY_TAG.sub("", _BREAK_TAG.sub("\n\n", text))
    return unescape(text)


def _empty(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {} or (isinstance(value, str) and not value.strip())


def _text(value: object) -> str:
    if isinstance(value, str):
        return single_spaces(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if abs(value) < 1e15 else ""
    if isinstance(value, Mapping):
        return next((inner for name in _NAMED if isinstance(inner := value.get(name), str)), "")
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n\n".join(value)
    return ""


def _date(value: object, fetched_at: datetime | None) -> ParsedDate | None:
    if isinstance(value, datetime):
        return parse_date(value.isoformat())
    if isinstance(value, date):
        return ParsedDate(datetime(value.year, value.month, value.day, tzinfo=UTC), day_only=True)
    return parse_date(_text(value), fetched_at=fetched_at)


def _moment(found: ParsedDate | None) -> datetime | None:
    return found.moment if found else None


def _byline(value: object) -> Byline:
    bylines = [split_byline(_text(part)) for part in (value[:50] if isinstance(value, list) else [value])]
    authors = tuple(author for byline in bylines for author in byline.authors)
    return Byline(authors, next((byline.agency for byline in bylines if byline.agency), None))


def _keywords(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(word for part in value[:100] if (word := _text(part)))
    return tuple(word for word in _LIST.split(_text(value)[:5000]) if word)


def _kind(value: object) -> str:
    kinds = {list: "a list", str: "a text", bool: "a truth value", int: "a number", float: "a number"}
    return kinds.get(type(value), "nothing")
