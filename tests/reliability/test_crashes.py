"""An add is killed at random and at aimed points; what is resumed equals what was never interrupted."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.article import Article
from indexer.compacting import compact
from indexer.search.index import Index
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.rows import Vector
from indexer.sync import sync
from tests.articles import article
from tests.fakes import WordHashEmbedding, word_hash_model
from tests.published import TORTURE, publish, so_many
from tests.reliability.operations import OPERATIONS

ARTICLES = so_many(2_000, 60)
RANDOM_KILLS = so_many(200, 7)
IN_A_ROW = 4  # so many times an add is killed before it may finish
WORDS = "walrus tram harbour ferry fog council bridge school market storm river budget choir strike".split()
Point = tuple[str, str, int]
# A function of the indexer, whether it is killed as it begins or ends, and at the how manieth time.
AIMED: tuple[Point, ...] = (
    ("keep_vectors", "call", 1),
    ("keep_vectors", "return", 1),
    ("add", "return", 1),
    ("add", "call", 7),
    ("join_cluster", "return", 1),
    ("_commit", "call", 1),
    ("_sign", "call", 1),
    ("_sign", "return", 1),
    ("_write_graph", "call", 1),
    ("upsert", "return", 1),
    ("_check_graph", "call", 1),
    ("write_signed", "call", 2),
    ("write_signed", "return", 2),
)
ONCE = (
    "join_cluster leave_clusters _commit _sign write_fresh _write_graph upsert _check_graph _holds _swap remove_unnamed"
)
OFTEN = {"_unit_vectors": (3, 400), "keep_vectors": (2, 4), "add": (2, 300, 1_300), "_number_versions": (700,)}
OFTEN |= {"_add": (1, 3), "checksums": (1, 2), "write_signed": (1, 2), "reload": (2,)}
if TORTURE:
    AIMED = tuple((name, event, 1) for name in ONCE.split() for event in ("call", "return")) + tuple(
        (name, event, count) for name, counts in OFTEN.items() for count in counts for event in ("call", "return")
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
    fill(folder, ARTICLES)
    sys.setprofile(None)


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


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    opened = Workshop()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a third of the articles."""
    folder = tmp_path_factory.mktemp("begun") / "data"
    fill(folder, ARTICLES // 3)
    return folder


@pytest.fixture(scope="module")
def whole(workshop: Workshop, begun: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], float]:
    """What an add that nothing interrupts makes of it, and the seconds that it takes."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    shutil.copytree(begun, folder)
    status, seconds = workshop.add(folder)
    assert status == 0
    found = workshop.look(folder)
    assert found["recall"] >= 0.99
    assert found["by words"] == found["in vectors"] == len(found["rows"]) == ARTICLES
    return found, seconds


def test_what_was_killed_at_aimed_points_serves_and_resumed_equals_what_was_never_interrupted(
    workshop: Workshop, begun: Path, whole: tuple[dict[str, Any], float], tmp_path: Path
) -> None:
    for number, point in enumerate(AIMED):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(begun, folder)
        assert workshop.add(folder, *point)[0] == -signal.SIGKILL, point
        served = workshop.look(folder)  # a page opened on what the killed process left
        assert served["by words"] == served["in vectors"] == len(served["rows"]) >= ARTICLES // 3, point
        assert workshop.add(folder)[0] == 0, point
        assert workshop.look(folder) == whole[0], point
        shutil.rmtree(folder)
    publish(
        "add, killed at aimed points", f"{len(AIMED)} kills", f"all served, and equal when resumed; {_recall(whole)}"
    )


def test_what_was_killed_anywhere_again_and_again_and_resumed_equals_what_was_never_interrupted(
    workshop: Workshop, begun: Path, whole: tuple[dict[str, Any], float], tmp_path: Path
) -> None:
    chosen, seconds = random.Random(11), whole[1]
    kills = rounds = 0
    while kills < RANDOM_KILLS:
        folder = tmp_path / f"killed-{rounds}"
        shutil.copytree(begun, folder)
        killed = 0
        while killed < IN_A_ROW and workshop.add(folder, seconds=chosen.uniform(0, seconds))[0] == -signal.SIGKILL:
            killed += 1
        assert workshop.add(folder)[0] == 0, killed
        assert workshop.look(folder) == whole[0], killed
        shutil.rmtree(folder)
        kills, rounds = kills + killed, rounds + 1
    publish("add, killed anywhere", f"{kills} kills in {rounds} runs", f"all equal when resumed; {_recall(whole)}")


def _recall(whole: tuple[dict[str, Any], float]) -> str:
    return f"recall@10 {whole[0]['recall']:.3f}"


def test_what_was_embedded_before_a_kill_is_not_embedded_again(workshop: Workshop, tmp_path: Path) -> None:
    assert workshop.add(tmp_path, "keep_vectors", "return", 1)[0] == -signal.SIGKILL
    model = word_hash_model()
    report = sync(articles(60), tmp_path, model)
    assert isinstance(model.embedding, WordHashEmbedding)
    assert (report.embedded, model.embedding.embedded) == (0, [])
