"""Reads CSV and TSV with a header row: one article a row."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.decoding import MAX_TEXT_BYTES, encoding_of, opening
from corpus.readers.form import HEAD_BYTES, ReaderError, ReadOptions
from corpus.readers.records.record import article_of_record, is_known, names_of

_SEPARATORS = ",\t;|"
_ENDINGS = (".csv", ".tsv")


def recognises(head: bytes, path: Path) -> bool:
    """A header row with two known names of fields, or the suffix of a table."""
    names = _names(opening(head))
    return sum(map(is_known, names)) >= 2 or (path.suffix.lower() in _ENDINGS and len(names) > 1)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article a row; a bad row is reported by the line on which it ends."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        text = TextIOWrapper(file, encoding_of(head), errors="replace", newline="")
        names = _names(opening(head))
        separator = _separator(opening(head))
        _require_columns(names, options)
        csv.field_size_limit(MAX_TEXT_BYTES)
        rows = csv.reader(_lines(text), delimiter=separator)
        for cells in _rows(rows):
            try:
                yield article_of_record(_record(names, cells), options)
            except CorpusError as error:
                yield Unreadable(path, str(error), rows.line_num)


def _require_columns(names: list[str], options: ReadOptions) -> None:
    missing = [
        field for field in ("title", "text") if options.mapping.get(field) not in names and not names_of(field, names)
    ]
    if missing:
        listed = ", ".join(name[:40] for name in names[:12])
        raise ReaderError(
            f"no column for the {' and the '.join(missing)}; the columns are {listed}; "
            f"name it with --map {missing[0]}=COLUMN"
        )


def _record(names: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) > len(names):
        raise ReaderError(f"{len(cells)} cells under {len(names)} names; is a quotation mark missing?")
    return dict(zip(names, cells, strict=False))


def _rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows after the header that are not blank."""
    try:
        next(rows, None)
        yield from (cells for cells in rows if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise ReaderError(f"not readable as a table from here on: {error}; is a quotation mark missing?") from None


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_TEXT_BYTES):
        if len(line) == MAX_TEXT_BYTES:
            raise ReaderError(f"line longer than {MAX_TEXT_BYTES // 1_000_000} MB")
        yield line.replace("\0", "").removeprefix("\ufeff")


def _names(head: str) -> list[str]:
    first = head.splitlines()[:1]
    row = next(csv.reader(first, delimiter=_separator(head)), [])
    return [name.strip() for name in row]


def _separator(head: str) -> str:
    """The separator that splits the header row into most names."""
    first = head.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)
