"""One file a form of news: each reader turns a file into articles and says what it could not read."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers import (
    csv_table,
    feed,
    html_page,
    json_array,
    json_lines,
    markdown,
    pdf_page,
    plain_text,
    printed_page,
    warc,
)
from corpus.readers.form import HEAD_BYTES, Form, ReadOptions

# Asked in this order: the first that recognises a file reads it.
FORMS: tuple[Form, ...] = (
    warc,
    pdf_page,
    feed,
    html_page,
    json_lines,
    json_array,
    csv_table,
    markdown,
    printed_page,
    plain_text,
)
_NO_ARTICLES = frozenset({"readme.md", "readme.txt", "readme", "notes.md", "license", "license.md", "license.txt"})


def read_articles(
    paths: Iterable[Path],
    *,
    mapping: Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
) -> Iterator[Article | Unreadable]:
    """Every article under the paths, and every file or record that is none with the reason; one at a time.

    `mapping` names the fields of records that have names of their own: our name -> theirs. `fetched_at` is when the
    files were saved, for dates such as "two hours ago". An article's language is what the file says: to detect it takes
    as long as all the rest, see `languages.with_language`.
    """
    options = ReadOptions(mapping or {}, fetched_at)
    for path in paths:
        for found in _walk(path):
            if isinstance(found, Unreadable):
                yield found
            else:
                yield from _read_file(found, options)


def _read_file(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head.strip():
            yield Unreadable(path, "empty file")
        elif form := next((form for form in FORMS if form.recognises(head, path)), None):
            yield from form.read(path, options)
        else:
            yield Unreadable(path, "no form of news that is known")
    except CorpusError as error:
        yield Unreadable(path, str(error))
    except OSError as error:
        yield Unreadable(path, error.strerror or str(error))


def _walk(path: Path) -> Iterator[Path | Unreadable]:
    """The regular files at a path; in a folder, links are not followed, so that nothing outside it is read."""
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
        yield from _walk(path)
        return
    try:
        inside = path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        yield Unreadable(path, "a link that leads nowhere")
        return
    if not inside:  # what lies inside is read in its own place
        yield Unreadable(path, "a link out of the folder; name what it leads to instead")
