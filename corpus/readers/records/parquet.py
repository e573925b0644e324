"""Reads Parquet: one article a row."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.records.record import article_of_record

_MARK = b"PAR1"  # at both ends of a file
_ROWS = 64  # in memory at a time, beside the pages of their row group
_MOST_GROUP_BYTES = 1_000_000_000  # of one row group, uncompressed


def recognises(head: bytes, path: Path) -> bool:
    """The mark at the start of a file."""
    return head.startswith(_MARK)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article a row; a bad row is reported by its number, counted from 1."""
    for number, row in enumerate(_rows(path), start=1):
        try:
            yield article_of_record({name: _plain(value) for name, value in row.items()}, options)
        except CorpusError as error:
            yield Unreadable(path, str(error), number)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ReaderError("Parquet needs pyarrow; install it with: pip install -e '.[ray]'") from error
    try:
        with ParquetFile(path) as file:
            groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
            if any(group.total_byte_size > _MOST_GROUP_BYTES for group in groups):
                raise ReaderError(f"a row group of more than {_MOST_GROUP_BYTES // 1_000_000} MB; write smaller ones")
            for batch in file.iter_batches(batch_size=_ROWS, use_threads=False):
                yield from batch.to_pylist()
    except (ArrowException, OSError, ValueError) as error:
        raise ReaderError(f"not readable as Parquet from here on: {str(error).splitlines()[0][:200]}") from error


def _plain(value: Any) -> Any:
    """As JSON has it."""
    match value:
        case date():  # and moments
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
    return value
