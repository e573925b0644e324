"""The doctor sees what is wrong, says what to do, and mends it without embedding."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from indexer.compacting import compact
from indexer.doctor import examine, fix
from indexer.errors import DamagedArchiveError
from indexer.removing import Selection, remove
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sync([article(f"Fog {n}", f"Fog in harbour {n}.") for n in range(12)], tmp_path, MODEL)
    return tmp_path


def ailing(folder: Path) -> list[str]:
    return [finding.what for finding in examine(folder) if finding.advice]


def test_a_whole_archive_needs_nothing(folder: Path) -> None:
    assert ailing(folder) == []
    found = {finding.what: finding.found for finding in examine(folder)}
    assert found["archive"] == "12 articles, 12 versions, 12 passages"
    assert found["self-queries"] == "12 of 12 sampled passages find themselves"
    assert "kB a passage" in found["disk"]


def test_damaged_indexes_are_named_and_mended(folder: Path) -> None:
    compact(folder, graph_from=1)
    (folder / "keywords" / "meta.json").unlink()
    os.truncate(next((folder / "vectors").rglob("data_level0.bin")), 100)
    assert ailing(folder) == ["keywords", "vectors", "self-queries"]
    fix(folder)
    assert ailing(folder) == []


def test_a_lost_index_is_named_and_mended(folder: Path) -> None:
    shutil.rmtree(folder / "vectors")
    assert ailing(folder) == ["vectors", "self-queries"]
    fix(folder)
    assert ailing(folder) == []


def test_vectors_that_nothing_uses_are_counted_and_dropped(folder: Path) -> None:
    remove(folder, Selection(address="https://courier.example/fog-3"))
    assert ailing(folder) == ["orphans"]
    fix(folder)
    assert ailing(folder) == []


def test_a_purge_that_was_interrupted_is_named_and_finished(folder: Path) -> None:
    remove(folder, Selection(address="https://courier.example/fog-3"))
    archive = Archive(folder / FILE_NAME)
    archive.set_state("purge", "begun")  # what a purge writes before it removes anything
    archive.close()
    with_its_words = {path.name for path in (folder / "keywords").glob("*.term")}
    assert ailing(folder) == ["orphans", "purge"]
    fix(folder)
    assert ailing(folder) == []
    assert not with_its_words & {path.name for path in (folder / "keywords").glob("*.term")}


def test_passages_without_vectors_are_named(folder: Path) -> None:
    archive = Archive(folder / FILE_NAME)
    archive.set_state("model_fingerprint", "another")
    archive.close()
    assert "model" in ailing(folder)


def test_a_damaged_archive_is_named_with_what_to_do(folder: Path) -> None:
    content = bytearray((folder / FILE_NAME).read_bytes())
    content[8192 : 8192 + 4096] = bytes(4096)
    (folder / FILE_NAME).write_bytes(content)
    (finding,) = examine(folder)
    assert "Page 3" in finding.found
    assert str(folder / FILE_NAME) in finding.advice


def test_a_column_whose_name_is_damaged_is_damage_of_the_archive(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_master SET sql = replace(sql, 'source ', 'sousce ') WHERE name = 'articles'")
    with closing(Archive(folder / FILE_NAME)) as archive, pytest.raises(DamagedArchiveError, match="indexer doctor"):
        archive.select("SELECT source FROM articles")


def test_the_command_exits_by_what_it_found(folder: Path) -> None:
    command = [sys.executable, "-m", "indexer", "doctor", "--data", str(folder), "--json"]
    whole = subprocess.run(command, capture_output=True, text=True, check=False)
    assert whole.returncode == 0, whole.stderr
    assert {finding["advice"] for finding in json.loads(whole.stdout)} == {""}
    (folder / "vectors" / "generation.json").unlink()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert subprocess.run([*command, "--fix"], capture_output=True, check=False).returncode == 0
