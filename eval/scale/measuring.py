"""Measures one archive: start, queries, recall, memory, and how long one more article takes to be found."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from eval.scale.archives import SCOPES, built, question, synthetic_model, varied_article, vectors
from indexer.embedding.canary import set_canary
from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.search.index import Index
from indexer.search.scope import Scope, Years
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync

ROOT = Path(__file__).parents[2]
_QUERIES = 60
_LIMIT = 100  # passages, as retrieval asks for
_RECALLED = 10
_MORE = 5  # articles that are added one by one
_QUERY_SEED = 10**9
_KB = 1_024
_LATER = datetime(2030, 1, 1, tzinfo=UTC)  # than every article


def measured(folder: Path, passages: int, *, with_graphs: bool) -> dict[str, Any]:
    """The figures of an archive of so many passages, which is built where it is missing."""
    took = built(folder, passages, with_graphs=with_graphs)
    return {
        "passages": passages,
        "graphs": with_graphs,
        "build_s": took,
        "disk_bytes": disk_bytes(folder),
        **_in_a_process_of_its_own(folder),
        "one_more_s": one_more_s(folder, passages),
    }


def disk_bytes(folder: Path) -> dict[str, int]:
    """The bytes that the archive and each index take on the disk."""
    sizes = {"archive": 0, "keywords": 0, "vectors": 0}
    for path in folder.rglob("*"):
        if path.is_file():
            top = path.relative_to(folder).parts[0]
            sizes[top if top in sizes else "archive"] += path.stat().st_blocks * 512
    return sizes


def _in_a_process_of_its_own(folder: Path) -> dict[str, Any]:
    code = f"from eval.scale.measuring import print_searched; print_searched({str(folder)!r})"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    found: dict[str, Any] = json.loads(output)
    return found


def print_searched(folder: str) -> None:
    """Open the archive, search it, and print the figures as JSON."""
    with closing(Archive(Path(folder) / FILE_NAME)) as archive:
        fingerprint = archive.state("model_fingerprint") or ""
    started = time.perf_counter()
    with closing(Index(Path(folder), fingerprint)) as index:
        index.by_words(question(0), _LIMIT)
        index.by_vector(vectors(_QUERY_SEED, 1)[0].tolist(), _LIMIT)
        start_s = time.perf_counter() - started
        queries = {name: _percentiles(index, name) for name in SCOPES}
        recall = _recall(index)
        memory = {"largest_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KB, **_memory_bytes()}
        segments = len(index.vectors.generation.segments)
    print(json.dumps({"start_s": start_s, "query_ms": queries, "recall": recall, **memory, "segments": segments}))


def _percentiles(index: Index, name: str) -> list[float]:
    """p50 and p95 in ms of both searches of a question; each has a moment of its own, as questions of readers do."""
    times_ms: list[float] = []
    for number in range(_QUERIES):
        words, vector = question(number), vectors(_QUERY_SEED + number, 1)[0].tolist()
        times_ms.append(1_000 * _seconds(partial(_search, index, words, vector, _asked_at(number, SCOPES[name]))))
    return [float(one) for one in np.percentile(times_ms, [50, 95])]


def _asked_at(number: int, scope: Scope) -> Scope:
    """The same scope at another second: what is kept for the question before does not help."""
    return replace(scope, as_of=(scope.as_of or _LATER) + timedelta(seconds=number))


def _search(index: Index, words: str, vector: list[float], scope: Scope) -> None:
    index.by_words(words, _LIMIT, scope)
    index.by_vector(vector, _LIMIT, scope)


def _recall(index: Index) -> float:
    """Of the ten nearest by comparison with every vector, the share that is found."""
    shares: list[float] = []
    for number in range(_QUERIES):
        vector = vectors(_QUERY_SEED + number, 1)[0].tolist()
        (ids, scores), _ = index.vectors.nearest_of(vector, index.table.passage_ids, _RECALLED, Years())
        exact = set(ids[np.argsort(-scores)[:_RECALLED]].tolist())
        found = {passage_id for passage_id, _ in index.by_vector(vector, _RECALLED)}
        shares.append(len(exact & found) / _RECALLED)
    return float(np.mean(shares))


def _memory_bytes() -> dict[str, int]:
    """What the process has in memory of its own, and of files that the system can drop; only Linux says so."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return {}
    fields = dict(line.split(":", 1) for line in status.read_text("ascii").splitlines())
    own, of_files = (int(fields[name].split()[0]) * _KB for name in ("RssAnon", "RssFile"))
    return {"own_bytes": own, "file_bytes": of_files}


def one_more_s(folder: Path, passages: int) -> dict[str, list[float]]:
    """Seconds to add an article, and for an open page until it is found: of several, one after the other."""
    model = synthetic_model()
    model.get_ready()
    found: dict[str, list[float]] = {"add": [], "refresh": []}
    with _known_as_its_own(folder, model), closing(Index(folder, model.fingerprint)) as index:
        for _ in range(_MORE):
            number = 10 * passages + time.time_ns() % 10**9
            one = varied_article(number, 10 * number)
            found["add"].append(_seconds(partial(sync, [one], folder, model)))
            found["refresh"].append(_seconds(index.refresh))
            if one.id not in {article.article_id for article in index.table.articles[-_MORE:]}:
                raise SystemExit(f"the article {one.url} was added and is not found")
    return found


@contextmanager
def _known_as_its_own(folder: Path, model: EmbeddingModel) -> Iterator[None]:
    """While the archive takes the vectors of this model for those that it was embedded with."""
    with closing(Archive(folder / FILE_NAME)) as archive:
        set_canary(archive, model)
    try:
        yield
    finally:
        with closing(Archive(folder / FILE_NAME)) as archive:
            set_canary(archive, open_embedding())  # which the page opens it with


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
