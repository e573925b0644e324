"""Measures query times and memory on synthetic archives."""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.index_speed.figure import Figure
from eval.index_speed.synthetic import ROOT, TENTHS, open_synthetic, synthetic_vector, vocabulary
from indexer.embedding.model import open_embedding
from indexer.search.index import Index
from indexer.search.scope import Scope

if TYPE_CHECKING:
    from indexer.search.index import Hits

_QUERIES = 200
_LIMIT = 100  # passages, as retrieval asks for
_LEAST_ANSWERED = 0.9  # of the queries


def query_figures(folder: Path, passages: int) -> Iterator[Figure]:
    """Percentiles of keyword and vector search, over all passages and over a tenth of the days."""
    with closing(open_synthetic(folder, passages)) as index:
        words, chance = sorted(set(vocabulary())), random.Random(3)
        texts = [" ".join(chance.choices(words, k=5)) for _ in range(_QUERIES)]
        vectors = [synthetic_vector(10**9 + n).tolist() for n in range(_QUERIES)]
        for name, scope in (("", Scope()), (", a tenth of the days", TENTHS[4])):
            by_words = [lambda text=text, scope=scope: index.by_words(text, _LIMIT, scope) for text in texts]
            by_vector = [lambda one=one, scope=scope: index.by_vector(one, _LIMIT, scope) for one in vectors]
            yield from _percentiles(f"{passages} passages, by words{name}", by_words)
            yield from _percentiles(f"{passages} passages, by vector{name}", by_vector)


def _percentiles(what: str, searches: "Sequence[Callable[[], Hits]]") -> Iterator[Figure]:
    searches[0]()  # warms up
    times_ms: list[float] = []
    answered = 0
    for search in searches:
        started = time.perf_counter()
        answered += bool(search())
        times_ms.append(1_000 * (time.perf_counter() - started))
    if answered < _LEAST_ANSWERED * len(searches):
        raise SystemExit(f"{what}: only {answered} of {len(searches)} searches found anything; use more passages")
    p50, p95 = np.percentile(times_ms, [50, 95])
    yield Figure(f"{what}, p50", float(p50), "ms")
    yield Figure(f"{what}, p95", float(p95), "ms", "<= 60 ms")


def memory_figures(folder: Path, passages: int) -> Iterator[Figure]:
    """The peak of a separate process that opens the archive and the embedding model and searches."""
    open_synthetic(folder, passages).close()
    code = f"from eval.index_speed.searching import print_memory; print_memory({str(folder / str(passages))!r})"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    yield Figure(f"memory at {passages} passages, largest", float(output), "GB", "<= 1.5 GB")


def print_memory(folder: str) -> None:
    """Open an archive and the embedding model, search, and print the peak memory of this process in GB."""
    model = open_embedding()
    with closing(Index(Path(folder), model.fingerprint)) as index:
        for text in vocabulary()[:20]:
            index.by_words(text, _LIMIT)
            index.by_vector(model.embedding.get_query_embedding(text), _LIMIT)
        for scope in TENTHS:
            index.by_vector(model.embedding.get_query_embedding("harbour"), _LIMIT, scope)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1_024) / 1e9)
