"""Reads JSON Lines: one article a line."""

from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.decoding import MAX_TEXT_BYTES, decode, opening, wide_encoding
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.records.json_text import parse_json
from corpus.readers.records.record import article_of_record, records_in

_ENDINGS = (".jsonl", ".ndjson", ".jsonlines")


def recognises(head: bytes, path: Path) -> bool:
    """A first line that is a complete JSON object, or a suffix such as .jsonl."""
    first, _, rest = opening(head).partition("\n")
    alone = first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")
    return alone or (path.suffix.lower() in _ENDINGS and bool(first))


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article a line; a bad line is reported by its number and does not stop the others."""
    for number, line in _lines(_pieces(path)):
        try:
            if line is None:
                raise ReaderError(f"line longer than {MAX_TEXT_BYTES // 1_000_000} MB")
            for record in records_in(parse_json(decode(line))):
                yield article_of_record(record, options)
        except CorpusError as error:
            yield Unreadable(path, str(error), number)


def _pieces(path: Path) -> Iterator[bytes]:
    """The lines of a file with their ends; a very long line comes in several pieces."""
    with path.open("rb") as file:
        encoding = wide_encoding(file.read(1000))
        file.seek(0)
        if not encoding:
            yield from iter(lambda: file.readline(MAX_TEXT_BYTES), b"")
            return
        text = TextIOWrapper(file, encoding, errors="replace", newline="\n")
        yield from (piece.encode() for piece in iter(lambda: text.readline(MAX_TEXT_BYTES), ""))


def _lines(pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, numbered from 1; None for one that is too long."""
    for number, piece in enumerate(pieces, start=1):
        if len(piece) < MAX_TEXT_BYTES or piece.endswith(b"\n"):
            if piece.strip():
                yield number, piece
        else:
            yield number, None
            next((rest for rest in pieces if rest.endswith(b"\n")), None)
