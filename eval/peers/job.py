"""The input and output of a peer as JSON; imports only the standard library."""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

DEPTH = 100  # results requested; a result is whatever the peer ranks, an article or a piece of one


@dataclass(frozen=True, slots=True)
class Job:
    """Articles and questions as plain records, the embedding model's folder, and a working folder."""

    articles: Sequence[Mapping[str, Any]]  # id, title, text and more; versions of one article follow each other
    questions: Sequence[Mapping[str, Any]]  # id, text and more
    model: str
    folder: Path

    @property
    def latest(self) -> dict[str, Mapping[str, Any]]:
        """The last version of each article by id; peers have no versions."""
        return {article["id"]: article for article in self.articles}


Search = Callable[[Mapping[str, Any]], Sequence[str]]  # a question -> article ids, best first, possibly repeated
Build = Callable[[], Search]
Prepare = Callable[[Job], Build]


def run(prepare: Prepare, packages: Sequence[str]) -> None:
    """Do the job named on the command line; imports and loading the model are not timed.

    The first question is asked once before, to warm up.
    """
    source, target, folder = map(Path, sys.argv[1:])
    record = json.loads(source.read_text(encoding="utf-8"))
    job = Job(record["articles"], record["questions"], record["model"], folder)
    build = prepare(job)
    start = time.perf_counter()
    search = build()
    index_s = time.perf_counter() - start
    search(job.questions[0])
    rankings, times_ms = {}, {}
    for question in job.questions:
        start = time.perf_counter()
        found = search(question)
        times_ms[question["id"]] = 1000 * (time.perf_counter() - start)
        rankings[question["id"]] = list(dict.fromkeys(found))
    done = {
        "rankings": rankings,
        "times_ms": times_ms,
        "index_s": index_s,
        "peak_bytes": _peak_bytes(),
        "versions": {package: _version(package) for package in packages},
    }
    target.write_text(json.dumps(done), encoding="utf-8")


def titled(article: Mapping[str, Any]) -> str:
    """A whole article as one text."""
    return f"{article['title']}\n\n{article['text']}"


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
