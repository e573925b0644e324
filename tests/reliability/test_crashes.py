"""An add is killed at random and at aimed points; what is resumed equals what was never interrupted."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.article import Article
from indexer.archive import FILE_NAME, Archive
from indexer.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import WordHashEmbedding, word_hash_model

TORTURE = "DATELINE_TORTURE" in os.environ
ARTICLES = 2_000 if TORTURE else 60
RANDOM_POINTS = 200 if TORTURE else 8
AIMED_ROUNDS = 4 if TORTURE else 1
WORDS = "walrus tram harbour ferry fog council bridge school market storm river budget choir strike".split()
# A function of the indexer, whether it is killed as it begins or ends, and at the how manieth time.
AIMED = (
    ("keep_vectors", "call", 1),
    ("keep_vectors", "return", 1),
    ("add", "return", 1),
    ("add", "call", 7),
    ("set_clusters", "return", 1),
    ("_commit", "call", 1),
    ("_sign", "call", 1),
    ("_sign", "return", 1),
    ("_write_segment", "call", 1),
    ("_upsert", "return", 1),
    ("_check_segment", "call", 1),
    ("write_signed", "call", 2),
    ("write_signed", "return", 2),
)


def articles(count: int) -> list[Article]:
    chosen = random.Random(7)
    return [article(f"Report {n}", f"{' '.join(chosen.sample(WORDS, 5))}. The number was {n}.") for n in range(count)]


def add(folder: Path, name: str, event: str, count: int) -> None:
    """Add all, killing this process at one point of it."""
    calls = 0

    def watch(frame: Any, what: str, _: Any) -> None:
        nonlocal calls
        if what == event and frame.f_code.co_name == name and "/indexer/" in frame.f_code.co_filename:
            calls += 1
            if calls == count:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch if name else None)
    sync(articles(ARTICLES), folder, word_hash_model())
    sys.setprofile(None)


def look(folder: Path, told: Path) -> None:
    """Write what is held, how well it is found, and how much a further add would change."""
    model = word_hash_model()
    held = Archive(folder / FILE_NAME)
    rows: list[tuple[str, int, int, int, str]] = []
    for one in held.articles():
        passages = held.passages_of(one.id, one.version)
        vectors = held.passage_vectors(model.fingerprint, [passage.id for passage in passages])
        rows += [
            (one.id, one.version, passage.start, passage.end, vectors[passage.id].tobytes().hex())
            for passage in passages
        ]
    held.close()
    index = Index(folder, model.fingerprint)
    while index.is_mending:
        time.sleep(0.01)
    recall = float(np.mean([recall_of(index, word) for word in WORDS]))
    by_words = sorted(passage_id for passage_id, _ in index.by_words("number", 10 * ARTICLES))
    every = index.archive.passages(by_words)
    told.write_text(json.dumps({"rows": sorted(rows), "recall": recall, "by words": len(every)}), encoding="utf-8")
    index.close()


def recall_of(index: Index, words: str) -> float:
    """Of ten found, the share that is as near as the exact tenth."""
    vector = word_hash_model().embedding.get_query_embedding(words)
    held = index.archive.passage_vectors(index.model, index.table.passage_ids.tolist())
    exact = sorted((float(one @ np.asarray(vector, np.float32)) for one in held.values()), reverse=True)[9]
    return sum(score >= exact - 1e-3 for _, score in index.by_vector(vector, 10)) / 10


def serve() -> None:
    """Fork a process for each line: modules are imported once, before there are threads."""
    import chromadb  # noqa: F401

    for line in sys.stdin:
        folder, task, *how = json.loads(line)
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            if task == "look":
                look(Path(folder), Path(how[0]))
            else:
                add(Path(folder), *how[:3])
            os._exit(0)
        if task == "add" and how[3]:
            time.sleep(how[3])
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps([status, time.monotonic() - started]), flush=True)


class Workshop:
    """The process that forks the others."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.reliability.test_crashes import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *task: object) -> tuple[int, float]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(task, default=str), file=self._process.stdin, flush=True)
        status, seconds = json.loads(self._process.stdout.readline())
        return status, seconds

    def look(self, folder: Path) -> dict[str, Any]:
        told = folder.parent / f"{folder.name}.json"
        assert self(folder, "look", told)[0] == 0
        found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        return found

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    opened = Workshop()
    yield opened
    opened.close()


def test_what_was_killed_anywhere_and_resumed_equals_what_was_never_interrupted(
    workshop: Workshop, tmp_path: Path
) -> None:
    sync(articles(ARTICLES // 3), tmp_path / "begun", word_hash_model())
    shutil.copytree(tmp_path / "begun", tmp_path / "whole")
    _, seconds = workshop(tmp_path / "whole", "add", "", "", 0, 0)
    whole = workshop.look(tmp_path / "whole")
    assert whole["recall"] >= 0.99
    assert whole["by words"] == len(whole["rows"]) == ARTICLES
    chosen = random.Random(11)
    points: list[tuple[str, str, int, float]] = [(*point, 0.0) for point in AIMED for _ in range(AIMED_ROUNDS)]
    points += [("", "", 0, chosen.uniform(0.0, seconds)) for _ in range(RANDOM_POINTS)]
    killed = 0
    for number, point in enumerate(points):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(tmp_path / "begun", folder)
        status, _ = workshop(folder, "add", *point)
        assert status == -signal.SIGKILL or not point[0], point
        killed += status == -signal.SIGKILL
        if point[0]:
            served = workshop.look(folder)  # a page opened on what the killed process left
            assert served["by words"] == len(served["rows"]) >= ARTICLES // 3, point
        assert workshop(folder, "add", "", "", 0, 0)[0] == 0, point
        assert workshop.look(folder) == whole, point
        shutil.rmtree(folder)
    print(f"{killed} kills at {len(points)} points, recall@10 {whole['recall']:.3f}")
    assert killed >= len(AIMED)


def test_what_was_embedded_before_a_kill_is_not_embedded_again(workshop: Workshop, tmp_path: Path) -> None:
    assert workshop(tmp_path, "add", "keep_vectors", "return", 1, 0)[0] == -signal.SIGKILL
    model = word_hash_model()
    report = sync(articles(60), tmp_path, model)
    assert isinstance(model.embedding, WordHashEmbedding)
    assert (report.embedded, model.embedding.embedded) == (0, [])
