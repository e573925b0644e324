"""Reads JSON Lines: one article a line."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.decoding import MAX_TEXT_BYTES
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.json_text import parse_json
from corpus.readers.records import article_of_record, records_in

_ENDINGS = (".jsonl", ".ndjson", ".jsonlines")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def recognises(head: bytes, path: Path) -> bool:
    """A first line that is a JSON object in itself, or a name that says so."""
    first, _, rest = head.removeprefix(_BYTE_ORDER_MARK).lstrip().partition(b"\n")
    if not first.startswith(b"{"):
        return path.suffix.lower() in _ENDINGS
    return (bool(rest.strip()) and first.rstrip().endswith(b"}")) or path.suffix.lower() in _ENDINGS


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article a line; a line that is none is reported by its number while the rest goes on."""
    with path.open("rb") as file:
        for number, line in _lines(file):
            try:
                if line is None:
                    raise ReaderError(f"line longer than {MAX_TEXT_BYTES // 1_000_000} MB")
                for record in records_in(parse_json(line)):
                    yield article_of_record(record, options)
            except CorpusError as error:
                yield Unreadable(path, str(error), number)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, numbered from 1; None stands for one that is too long to be held."""
    number = 0
    while line := file.readline(MAX_TEXT_BYTES):
        number += 1
        whole = line.endswith(b"\n") or len(line) < MAX_TEXT_BYTES
        while not whole and line:
            line = file.readline(MAX_TEXT_BYTES)
            if line.endswith(b"\n") or not line:
                break
        if not whole:
            yield number, None
        elif line := line.removeprefix(_BYTE_ORDER_MARK).strip():
            yield number, line
