"""Counting what is to be added, without reading it twice."""

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from indexer.progress import counted
from tests.articles import article


def test_records_are_read_once_and_come_as_they_were_read() -> None:
    records: list[Article | Unreadable] = [article("One"), Unreadable(Path("page.html"), "no text", 7), article("Two")]
    read: list[Article | Unreadable] = []

    def reading() -> Iterator[Article | Unreadable]:
        for record in records:
            read.append(record)
            yield record

    with counted(reading()) as (count, again):
        assert count == 3
        assert list(again) == records
    assert read == records
