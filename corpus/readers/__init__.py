"""Readers of news files, one module a form: articles from files, and reports of what could not be read."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from corpus.article import Article, CorpusError, Trouble, Unreadable
from corpus.readers.checking import checked
from corpus.readers.documents import database_export, docx, markdown, pdf_page, plain_text, rtf, saved_text
from corpus.readers.form import HEAD_BYTES, Form, ReadOptions
from corpus.readers.pages import html_page, mhtml, warc, webarchive
from corpus.readers.records import csv_table, json_array, json_lines, parquet
from corpus.readers.source_zones import with_zones
from corpus.readers.syndication import feed, news_xml

# In order of precedence: the first one that recognises a file reads it.
FORMS: tuple[Form, ...] = (
    warc,
    parquet,
    pdf_page,
    docx,
    rtf,
    webarchive,
    mhtml,
    feed,
    news_xml,
    html_page,
    database_export,
    json_lines,
    json_array,
    csv_table,
    markdown,
    saved_text,
    plain_text,
)
_NO_ARTICLES = frozenset({"readme.md", "readme.txt", "readme", "notes.md", "license", "license.md", "license.txt"})


def read_articles(
    paths: Iterable[Path],
    *,
    mapping: Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
    now: datetime | None = None,
    zones: Mapping[str, tzinfo] | None = None,
) -> Iterator[Article | Unreadable]:
    """Every article under the paths, and every file or record that could not be read, one at a time.

    `mapping` maps our names of fields to those in the files. `fetched_at` is when the files were saved, for dates such
    as "two hours ago"; a date after `now` is a mistake. `zones` are those of sources whose times have no offset;
    without one, such an article waits for up to 2,000 more, whose dates may show the zone. A file that was read but
    needs a warning yields a ReadWarning after its articles. An article's language is the declared one; to detect it
    takes as long as everything else, see `languages.with_language`.
    """
    options = ReadOptions(mapping or {}, fetched_at, now or datetime.now(UTC))
    yield from with_zones(_read_all(paths, options), zones or {})


def _read_all(paths: Iterable[Path], options: ReadOptions) -> Iterator[Article | Unreadable]:
    for found in files_under(paths):
        if isinstance(found, Unreadable):
            yield found
        else:
            yield from _read_file(found, options)


def files_under(paths: Iterable[Path]) -> Iterator[Path | Unreadable]:
    """The files that `read_articles` reads, in its order, and what is none."""
    for path in paths:
        yield from news_files(path)


def _read_file(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head.strip():
            yield Unreadable(path, "empty file", trouble=Trouble.EMPTY)
        elif form := next((form for form in FORMS if form.recognises(head, path)), None):
            yield from checked(form.read(path, options), path, options)
        else:
            yield Unreadable(path, "not a form of news that can be read", trouble=Trouble.UNKNOWN_FORM)
    except CorpusError as error:
        yield Unreadable(path, str(error))
    except OSError as error:
        yield Unreadable(path, error.strerror or str(error))


def news_files(path: Path) -> Iterator[Path | Unreadable]:
    """The regular files at a path; links in a folder are not followed, so that nothing outside of it is read."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        yield Unreadable(path, getattr(error, "strerror", None) or str(error))
        return
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        yield from _walk_folder(path)
    else:
        yield Unreadable(path, "neither a file nor a folder")


def _walk_folder(folder: Path) -> Iterator[Path | Unreadable]:
    root = folder.resolve()
    failures: list[Unreadable] = []
    for place, folders, files in os.walk(
        folder, onerror=lambda error: failures.append(Unreadable(Path(error.filename), error.strerror or str(error)))
    ):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = (name for name in folders if Path(place, name).is_symlink())
        for name in sorted([*files, *links]):
            if not (name.startswith(".") or name.lower() in _NO_ARTICLES):
                yield from _entry(Path(place, name), root)
    yield from failures


def _entry(path: Path, root: Path) -> Iterator[Path | Unreadable]:
    if not path.is_symlink():
        yield from news_files(path)
        return
    try:
        inside = path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        yield Unreadable(path, "a broken link")
        return
    if not inside:  # a target inside is read where it lies
        yield Unreadable(path, "a link out of the folder; name its target instead")
