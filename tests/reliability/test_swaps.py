"""Generations are swapped by one process while another asks: no query fails, and none is answered from two of them."""

import itertools
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article
from indexer.compacting import compact
from indexer.removing import purge, remove
from indexer.search.index import Hits, Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model
from tests.published import publish, so_many

MODEL = word_hash_model()
VECTOR = MODEL.embedding.get_query_embedding("walrus")
ROUNDS = so_many(5, 1)  # of four swaps
QUERIES = so_many(10_000, 400)
READERS = 3
WORDS = ["".join(chosen) for chosen in itertools.product("bdfgklmnprstvz", "aeiou", "bdlmnrst")]
HELD = 30  # articles at a time

Held = frozenset[tuple[int, int]]  # an article's number and the version in which it stands


@dataclass(frozen=True)
class Swap:
    """What a writer does, and what the archive holds when it is done."""

    what: str
    numbers: range  # of the articles that it is done to
    version: int
    latest: Held
    every: Held  # with the versions that no longer stand


def swaps() -> Iterator[Swap]:
    """Each round corrects every article, adds as many as are then removed and purged, the oldest first."""
    held: dict[int, list[int]] = {}

    def swap(what: str, numbers: range, version: int) -> Swap:
        for number in numbers:
            if what == "add":
                held.setdefault(number, []).append(version)
            else:
                del held[number]
        latest = frozenset((number, versions[-1]) for number, versions in held.items())
        return Swap(
            what, numbers, version, latest, frozenset((n, one) for n, versions in held.items() for one in versions)
        )

    yield swap("add", range(HELD), 1)
    some = HELD // 4
    for turn in range(ROUNDS):
        first, version = turn * 2 * some, turn + 2
        yield swap("add", range(first, first + HELD), version)
        yield swap("add", range(first + HELD, first + HELD + 2 * some), version)
        yield swap("remove", range(first, first + some), version)
        yield swap("purge", range(first + some, first + 2 * some), version)


def story(number: int, version: int) -> Article:
    words = " ".join(random.Random(f"{number} {version}").sample(WORDS, 12))
    text = f"The walrus of report {number} stood in version {version}: {words}."
    return article(f"Report {number}", text, updated=f"2023-04-{version:02d}")


def do(swap: Swap, folder: Path) -> None:
    if swap.what == "add":
        sync([story(number, swap.version) for number in swap.numbers], folder, MODEL)
        compact(folder, graph_from=20)
        return
    ids = [story(number, 1).id for number in swap.numbers]
    if swap.what == "remove":
        remove(folder, lambda _: ids)
    else:
        purge(folder, lambda _: ids)


def write(folder: Path) -> None:
    for swap in list(swaps())[1:]:
        do(swap, folder)


def explained(states: Sequence[Held]) -> set[Held]:
    """What a query may find: what a generation holds, without what has been removed since."""
    found: set[Held] = set()
    for at, state in enumerate(states):
        for later in states[at:]:
            left = {number for number, _ in later}
            state = frozenset((number, version) for number, version in state if number in left)
            found.add(state)
    return found


def seen(index: Index, hits: Hits) -> Held:
    passages = index.archive.passages([passage_id for passage_id, _ in hits]).values()
    numbers = [re.findall(r"\d+", passage.text) for passage in passages]
    return frozenset((int(number), int(version)) for number, version in numbers)


class Reader(threading.Thread):
    """Asks until the writer is done, and often enough."""

    def __init__(self, index: Index, writer: "subprocess.Popen[str]") -> None:
        super().__init__()
        self.count = 0
        self.wrong: list[object] = []
        self._index = index
        self._writer = writer

    def run(self) -> None:
        index = self._index
        latest, every = explained([swap.latest for swap in swaps()]), explained([swap.every for swap in swaps()])
        asked: list[tuple[Callable[[], Hits], set[Held]]] = [
            (lambda: index.by_words("walrus", 999), latest),
            (lambda: index.by_vector(VECTOR, 999), latest),
            (lambda: index.vectors.search(VECTOR, 999), every),
        ]
        try:
            while self._writer.poll() is None or self.count < QUERIES / READERS:
                index.refresh()
                search, known = asked[self.count % len(asked)]
                if (found := seen(index, search())) not in known:
                    self.wrong.append((self.count % len(asked), sorted(found)))
                self.count += 1
                time.sleep(0.002)  # the writer needs the processor too
        except BaseException as error:
            self.wrong.append(error)


def test_every_query_is_answered_from_one_generation_while_another_process_swaps_them(tmp_path: Path) -> None:
    first, *rest = swaps()
    do(first, tmp_path)
    index = Index(tmp_path, MODEL.fingerprint)
    code = "import sys, pathlib, tests.reliability.test_swaps as swaps; swaps.write(pathlib.Path(sys.argv[1]))"
    writer = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stderr=subprocess.PIPE, text=True)
    readers = [Reader(index, writer) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    told = writer.communicate(timeout=900)[1]
    for reader in readers:
        reader.join()
    assert writer.returncode == 0, told
    wrong = [one for reader in readers for one in reader.wrong]
    asked = sum(reader.count for reader in readers)
    publish(
        "generations swapped while others ask", f"{asked:,} queries during {len(rest)} swaps", f"{len(wrong)} wrong"
    )
    assert not wrong, wrong[:3]
    index.refresh()
    assert seen(index, index.by_words("walrus", 999)) == rest[-1].latest
    assert seen(index, index.by_vector(VECTOR, 999)) == rest[-1].latest
    index.close()
