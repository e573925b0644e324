"""Shards are found under local paths and at addresses, and are known again until they change."""

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from indexer.errors import IndexerError
from indexer.shards import Shard, done_shards, is_address, note_done, shards_at


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    for name in ("2023/02.jsonl", "2023/01.jsonl", "2024/01.jsonl"):
        system.pipe(f"/news/{name}", name.encode())
    yield system
    system.rm("/news", recursive=True)


def shards(*places: str) -> list[Shard]:
    return [one for one in shards_at(places) if isinstance(one, Shard)]


def test_a_folder_and_a_pattern_at_an_address_give_their_files_in_order(memory: fsspec.AbstractFileSystem) -> None:
    names = [one.place.rpartition("news/")[2] for one in shards("memory://news")]
    assert names == ["2023/01.jsonl", "2023/02.jsonl", "2024/01.jsonl"]
    assert [one.place.rpartition("news/")[2] for one in shards("memory://news/2023/*.jsonl")] == names[:2]


def test_a_shard_at_an_address_is_read_as_a_local_copy_that_does_not_stay(memory: fsspec.AbstractFileSystem) -> None:
    (shard,) = shards("memory://news/2024")
    with shard.as_file() as file:
        assert (file.name, file.read_bytes()) == ("01.jsonl", b"2024/01.jsonl")
    assert not file.parent.exists()


def test_a_local_shard_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text("{}")
    (shard,) = shards(str(tmp_path))
    with shard.as_file() as file:
        assert file == path


def test_a_shard_that_was_added_is_known_until_it_changes(memory: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    (shard,) = shards("memory://news/2024")
    note_done(tmp_path, shard)
    assert shards("memory://news/2024")[0].state in done_shards(tmp_path)
    memory.pipe("/news/2024/01.jsonl", b"other news")
    assert shards("memory://news/2024")[0].state not in done_shards(tmp_path)


@pytest.mark.parametrize("address", ["memory://nowhere", "nosuch://news", "memory://news/*.nothing"])
def test_an_address_without_files_is_an_error_that_names_it(address: str) -> None:
    with pytest.raises(IndexerError, match=address.partition("*")[0].rstrip("/")):
        shards(address)


def test_a_password_in_an_address_is_not_in_its_error() -> None:
    with pytest.raises(IndexerError) as raised:
        shards("nosuch://reader:secret@news.example/day")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(("place", "expected"), [("s3://news/a", True), ("C:/news", False), ("news/a:b", False)])
def test_an_address_has_a_scheme(place: str, expected: bool) -> None:
    assert is_address(place) is expected
