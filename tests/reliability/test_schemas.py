"""Archives that an older or a newer Dateline made."""

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import ArchiveError
from indexer.removing import remove
from indexer.search.index import Index
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.passage import embedded_text, text_hash
from indexer.storage.schema import SCHEMA_VERSION
from indexer.sync import sync
from tests.articles import article
from tests.fakes import WordHashEmbedding, word_hash_model

MODEL = word_hash_model()
SCHEMA_1 = """
CREATE TABLE articles (
    article_key INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    authors TEXT NOT NULL,
    agency TEXT,
    section TEXT,
    keywords TEXT NOT NULL,
    language TEXT,
    published_at INTEGER,
    updated_at INTEGER,
    date_origin TEXT NOT NULL,
    fetched_at INTEGER,
    correction TEXT,
    fingerprint TEXT NOT NULL,
    stood_from INTEGER,
    signature BLOB NOT NULL,
    UNIQUE (article_id, version)
);
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_key INTEGER NOT NULL REFERENCES articles (article_key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    sequence INTEGER NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_key);
CREATE INDEX passages_by_sequence ON passages (sequence);
CREATE TABLE clusters (
    article_id TEXT PRIMARY KEY,
    cluster_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE embeddings (
    text_hash BLOB NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text_hash, model)
) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('sequence', '3'), ('model_fingerprint', 'word-hash'), ('model_name', 'word-hash');
PRAGMA user_version = 1;
"""
STORIES = [article(f"Report {word}", f"A {word} was seen in the harbour.") for word in ("walrus", "heron", "seal")]


def write_schema_1(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA_1)
        for key, one in enumerate(STORIES, start=1):
            assert one.published_at
            seconds, text = int(one.published_at.timestamp()), embedded_text(one, one.text)
            told = (key, one.id, one.url, one.source, one.title, one.text, seconds, one.fingerprint, seconds)
            connection.execute(
                "INSERT INTO articles VALUES "
                "(?, ?, 1, ?, ?, ?, ?, '[]', NULL, NULL, '[]', 'en', ?, NULL, 'field', NULL, NULL, ?, ?, x'')",
                told,
            )
            row = (key, key, 0, len(one.text), text_hash(text), key)
            connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", row)
            vector = np.asarray(MODEL.embedding.get_query_embedding(text), np.float16).tobytes()
            connection.execute("INSERT INTO embeddings VALUES (?, 'word-hash', ?)", (text_hash(text), vector))


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {(name, " ".join(sql.split())) for name, sql in rows}


def found(folder: Path, words: str) -> tuple[int, float]:
    """How many passages have the words, and the similarity of the nearest."""
    index = Index(folder, MODEL.fingerprint)
    index.close()  # until what is missing is built
    index = Index(folder, MODEL.fingerprint)
    hits = index.by_words(words, 9), index.by_vector(MODEL.embedding.get_query_embedding(words), 9)
    index.close()
    return len(hits[0]), hits[1][0][1]


def test_an_archive_of_schema_1_is_brought_up_to_date_and_searched_without_embedding(tmp_path: Path) -> None:
    write_schema_1(tmp_path / FILE_NAME)
    text = embedded_text(STORIES[1], STORIES[1].text)
    count, similarity = found(tmp_path, text)
    assert count == 3
    assert similarity > 0.99
    Archive(tmp_path / "new", create=True).close()
    assert schema(tmp_path / FILE_NAME) == schema(tmp_path / "new")
    model = word_hash_model()
    report = sync([*STORIES, article("New", "A whale came.")], tmp_path, model)
    assert (report.kept, report.added) == (3, 1)
    assert isinstance(model.embedding, WordHashEmbedding)
    assert len(model.embedding.embedded) == 1
    assert remove(tmp_path, lambda _: [STORIES[0].id]) == 1
    assert found(tmp_path, "walrus")[0] == 0
    assert found(tmp_path, "heron")[0] == 1


# Takes its own right to write away, and what root may do besides.
_WITHOUT_PERMISSION = """
import os, sys
from pathlib import Path
from indexer.errors import ArchiveError
from indexer.storage.archive import Archive

if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    Archive(Path(sys.argv[1]))
except ArchiveError as error:
    print(error)
"""


@pytest.mark.parametrize("folder_mode", [0o555, 0o777], ids=["a folder", "a file alone"])
def test_an_older_archive_that_may_not_be_written_says_who_has_to_run_what(folder_mode: int) -> None:
    with tempfile.TemporaryDirectory() as place:  # one that another user may enter
        Path(place).chmod(0o755)
        folder = Path(place) / "data"
        folder.mkdir()
        path = folder / FILE_NAME
        write_schema_1(path)
        path.chmod(0o444)
        folder.chmod(folder_mode)
        run = [sys.executable, "-c", _WITHOUT_PERMISSION, str(path)]
        printed = subprocess.run(run, capture_output=True, text=True, check=False)
        folder.chmod(0o755)
        path.chmod(0o644)
        assert printed.returncode == 0, printed.stderr
        assert printed.stdout.startswith(f"{path} was made by an older Dateline (schema 1) and cannot be updated (")
        assert printed.stdout.endswith("; run python -m indexer status as a user who may write it\n")
        status = [sys.executable, "-m", "indexer", "status", "--data", str(folder)]
        assert subprocess.run(status, capture_output=True, check=False).returncode == 0
        assert found(folder, "heron")[0] == 1


def test_an_archive_of_a_newer_schema_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    sync(STORIES, tmp_path, MODEL)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = (tmp_path / FILE_NAME).read_bytes()
    refusal = rf"{FILE_NAME} was made by a newer Dateline \(schema {SCHEMA_VERSION + 1}\); update Dateline to open it"
    with pytest.raises(ArchiveError, match=refusal):
        Index(tmp_path, MODEL.fingerprint)
    with pytest.raises(ArchiveError, match=refusal):
        sync([article("New", "A whale came.")], tmp_path, MODEL)
    with pytest.raises(ArchiveError, match=refusal):
        remove(tmp_path, lambda _: [STORIES[0].id])
    assert (tmp_path / FILE_NAME).read_bytes() == before
