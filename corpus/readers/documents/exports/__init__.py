"""Exports of news databases: many articles in one text, each with its own source, date, headline and byline."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from corpus.article import Article, CorpusError, Unreadable, new_article
from corpus.readers.documents.exports import factiva, nexis, proquest
from corpus.readers.documents.exports.entry import Entry
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.languages import language_of_name

_DATABASES = (nexis, factiva, proquest)
_START = 100_000  # characters, by which an export is recognised
_MOST_DOCUMENTS = 5_000  # databases give 500 at a time


def is_export(text: str) -> bool:
    """Whether a text, or its start, is an export of a database that can be read."""
    return _database_of(text) is not None


def articles_of_export(text: str, path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The articles of an export, and a report for each entry that is not one; nothing when it is not an export."""
    database = _database_of(text)
    entries = database.entries(text) if database else ()
    for number, entry in enumerate(entries, 1):
        if number > _MOST_DOCUMENTS:
            raise ReaderError(f"more than {_MOST_DOCUMENTS:,} documents in one export; the rest was not read")
        try:
            yield _article(entry, options)
        except CorpusError as error:
            yield Unreadable(path, f"document {number} of the export: {error}")


def _database_of(text: str) -> ModuleType | None:
    start = text[:_START]
    return next((one for one in _DATABASES if one.recognises(start)), None)


def _article(entry: Entry, options: ReadOptions) -> Article:
    return new_article(
        title=entry.title,
        text="\n\n".join(entry.paragraphs),
        source=entry.source,
        url=entry.url,
        authors=entry.byline.authors,
        agency=entry.byline.agency,
        section=entry.section,
        language=language_of_name(entry.language),
        published_at=entry.published.moment if entry.published else None,
        date_origin=entry.date_origin,
        fetched_at=options.fetched_at,
    )
