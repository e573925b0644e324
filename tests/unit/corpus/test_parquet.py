"""Parquet: an article a row, with what cannot be read reported by its row."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from corpus.article import Article, Unreadable
from corpus.readers import read_articles

NOON = datetime(2023, 3, 7, 12, tzinfo=UTC)


def written(path: Path, *rows: dict[str, object], group: int = 100) -> Path:
    parquet.write_table(pyarrow.Table.from_pylist([*rows]), path, row_group_size=group)
    return path


def row(number: int, **fields: object) -> dict[str, object]:
    title, text = f"Strike ends on day {number}", f"Dockers went back to work on day {number}."
    url = f"https://courier.example/{number}"
    record = {"headline": title, "body": text, "published_at": NOON, "url": url, "authors": ["Ada Quill", "Tom Reed"]}
    return record | fields


def test_rows_become_articles_with_moments_and_lists_as_they_are(tmp_path: Path) -> None:
    path = written(tmp_path / "news.bin", *map(row, range(150)), group=40)
    found = [*read_articles([path])]
    articles = [one for one in found if isinstance(one, Article)]
    assert len(articles) == len(found) == 150
    assert articles[7].text == "Dockers went back to work on day 7."
    assert (articles[7].published_at, articles[7].authors) == (NOON, ("Ada Quill", "Tom Reed"))
    assert articles[7].url == "https://courier.example/7"


def test_a_row_without_a_text_is_reported_by_its_number_and_the_others_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "news.parquet", row(1), row(2, body=None), row(3))
    first, second, third = read_articles([path])
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(second, Unreadable)
    assert second.line == 2


@pytest.mark.parametrize("cut", [5, 200, 900])
def test_a_damaged_file_is_reported(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path / "news.parquet", *map(row, range(50)))
    path.write_bytes(path.read_bytes()[:cut])
    (found,) = read_articles([path])
    assert isinstance(found, Unreadable)
    assert found.reason.startswith("not readable as Parquet from here on: ")
