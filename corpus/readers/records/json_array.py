"""Reads a JSON file: a list of articles, an object that holds such a list, or a single article."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.decoding import MAX_TEXT_BYTES, opening, read_text, wide_encoding
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.records.json_text import parse_json
from corpus.readers.records.record import article_of_record, records_in

_START = re.compile(r"\[\s*(?:[\[{\]\"\d]|$)|\{\s*(?:[\"}]|$)")
_PIECE = 1 << 16  # characters
_MEGABYTES = MAX_TEXT_BYTES // 1_000_000
_MAX_DEPTH = 500
_REST_OF_A_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_TOKEN = re.compile(rf'(?:"{_REST_OF_A_STRING.pattern})++|"|[\[\]{{}},]', re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1, ",": 0}


def recognises(head: bytes, path: Path) -> bool:
    """A text that starts like a JSON list or object."""
    text = opening(head)
    return bool(_START.match(text)) or (path.suffix.lower() == ".json" and bool(text))


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """Every article; a list is read record by record, of any length, and a broken record does not stop it."""
    with path.open("rb") as file:
        is_list = opening(file.read(1000)).startswith("[")
    elements: Iterable[_Element] = _elements(_pieces(path)) if is_list else [_Element(1, read_text(path))]
    for element in elements:
        for record in _records(element):
            try:
                if isinstance(record, ReaderError):
                    raise record
                yield article_of_record(record, options)
            except CorpusError as error:
                yield Unreadable(path, str(error), element.line)


def _records(element: "_Element") -> Iterator[object]:
    """The records of an element, or the error that it raises."""
    try:
        yield from records_in(parse_json(element.text))
    except ReaderError as error:
        yield error


@dataclass(slots=True)
class _Element:
    """The text of one element of a list."""

    line: int = 1
    text: str = ""
    size: int = 0

    def take(self, piece: str) -> None:
        """Append a piece."""
        if not self.size:
            self.line += len(piece[: len(piece) - len(piece.lstrip())].split("\n")) - 1
            piece = piece.lstrip()
        self.size += len(piece)
        self.text += piece


def _pieces(path: Path) -> Iterator[str]:
    """The text of a file in pieces, never cut inside an escape sequence."""
    with path.open("rb") as file:
        encoding = wide_encoding(file.read(1000)) or "utf-8-sig"
        file.seek(0)
        text = TextIOWrapper(file, encoding, errors="replace")
        while piece := text.read(_PIECE):
            escapes = len(piece) - len(piece.rstrip("\\"))
            yield piece + text.read(1) if escapes % 2 else piece


def _elements(pieces: Iterator[str]) -> Iterator[_Element]:
    """The elements of a list."""
    depth, quoted, line = 0, False, 1
    element = _Element()
    for piece in pieces:
        start = 0
        closing = _REST_OF_A_STRING.match(piece) if quoted else None
        quoted = quoted and not closing
        for token in () if quoted else _TOKEN.finditer(piece, closing.end() if closing else 0):
            mark = token[0]
            quoted = mark == '"'  # a string that continues in the next piece
            if quoted:
                break
            if len(mark) > 1:
                continue
            depth += _STEPS[mark]
            if depth > _MAX_DEPTH:
                raise ReaderError("JSON nested too deeply")
            if depth == 1 and mark == "[":
                start = token.end()
            elif depth == 0 or (depth == 1 and mark == ","):
                element.take(piece[start : token.start()])
                if element.size:
                    yield element
                start = token.end()
                element = _Element(line + piece.count("\n", 0, start))
            if depth == 0:
                return
        element.take(piece[start:])
        if element.size > MAX_TEXT_BYTES:
            raise ReaderError(f"record on line {element.line} longer than {_MEGABYTES} MB; the rest was not read")
        line += piece.count("\n")
    raise ReaderError("the list is not closed: the file was truncated")
