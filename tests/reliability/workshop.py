"""Archives that tests make, look into, and change in processes of their own, which can be killed."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from corpus.article import Article
from indexer.compacting import compact
from indexer.search.index import Index
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.rows import Vector
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model
from tests.published import so_many
from tests.reliability.killing import killed_at
from tests.reliability.operations import OPERATIONS

ARTICLES = so_many(2_000, 60)
WORDS = "walrus tram harbour ferry fog council bridge school market storm river budget choir strike".split()


def articles(count: int) -> list[Article]:
    chosen = random.Random(7)
    return [article(f"Report {n}", f"{' '.join(chosen.sample(WORDS, 5))}. The number was {n}.") for n in range(count)]


def add(folder: Path, name: str, event: str, count: int) -> None:
    """Add all, killing this process at one point of it."""
    with killed_at(name, event, count):
        fill(folder, ARTICLES)


def fill(folder: Path, count: int) -> None:
    """Add so many and build the graph that a large archive would have."""
    sync(articles(count), folder, word_hash_model())
    compact(folder, graph_from=1)


def look(folder: Path, told: Path) -> None:
    """Write what is held, how well it is found, and how much a further add would change."""
    with closing(Archive(folder / FILE_NAME)) as archive:
        model = archive.state("model_fingerprint") or ""
    index = Index(folder, model)
    while index.is_repairing:
        time.sleep(0.01)
    ids = index.archive.passage_ids().tolist()
    passages, vectors = index.archive.passages(ids), index.archive.passage_vectors(index.model, ids)
    rows = [
        (
            one.article_id,
            one.version,
            one.start,
            one.end,
            one.text,
            hashlib.sha256(vectors[one.id].tobytes()).hexdigest(),
        )
        for one in passages.values()
    ]
    found = {
        "rows": sorted(rows),
        "recall": float(np.mean([recall_of(index, vectors, word) for word in WORDS])),
        "by words": len(index.archive.passages([one for one, _ in index.by_words("number", 10 * ARTICLES)])),
        "in vectors": sum(segment.passages for segment in index.vectors.generation.segments),
    }
    index.close()
    told.write_text(json.dumps(found), encoding="utf-8")


def recall_of(index: Index, vectors: Mapping[int, Vector], words: str) -> float:
    """Of ten found, the share that is as near as the exact tenth."""
    vector = word_hash_model().embedding.get_query_embedding(words)
    tenth = float(np.sort(np.stack(list(vectors.values())) @ np.asarray(vector, np.float32))[-10])
    return sum(score >= tenth - 1e-3 for _, score in index.vectors.search(vector, 10)) / 10


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
            elif task == "add":
                add(Path(folder), *how[:3])
            else:
                OPERATIONS[task](Path(folder))
            os._exit(0)
        deadline = started + (600.0 if task == "look" else how[-1])
        while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
            time.sleep(0.002)
        print(json.dumps([os.waitstatus_to_exitcode(ended[1]), time.monotonic() - started]), flush=True)


class Workshop:
    """The process that forks the others."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.reliability.workshop import serve; serve()"],
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

    def add(self, folder: Path, *point: object, seconds: float = 600.0) -> tuple[int, float]:
        """Add all, to be killed at a point or after some seconds."""
        return self(folder, "add", *(point or ("", "", 0)), seconds)

    def do(self, folder: Path, operation: str, seconds: float = 600.0) -> tuple[int, float]:
        """Do an operation, to be killed after some seconds."""
        return self(folder, operation, seconds)

    def look(self, folder: Path) -> dict[str, Any]:
        told = folder.parent / f"{folder.name}.json"
        assert self(folder, "look", told)[0] == 0
        found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        return found

    def close(self) -> None:
        self._process.communicate()
