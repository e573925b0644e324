"""A set with its index and its embedding model, opened as a command line asks for them."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chat.settings import ChatSettings
from eval.datasets import drawn, open_dataset
from eval.datasets.form import Dataset, check_gold
from eval.errors import ConfigurationError
from eval.progress import progress_of
from eval.runs import check_writable
from indexer.settings import settings_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from eval.bench import Bench
    from eval.peers.running import Done
    from eval.runs import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on a command line; None where nothing was said."""

    dataset: str
    articles: Path | None = None
    split: str | None = None
    index: Path | None = None
    data: Path | None = None
    embedding: str | None = None
    limit: int | None = None
    report: Path | None = None
    quiet: bool = False
    only: Callable[[Dataset], Dataset] = lambda dataset: dataset  # which of the questions


@contextmanager
def open_bench(wanted: Wanted) -> "Iterator[Bench]":
    """The set, checked before anything heavy is opened, with its index, made first where it is not there."""
    settings = settings_of(ChatSettings, data=wanted.data, embedding=wanted.embedding)
    if wanted.report:
        check_writable(wanted.report)
    whole = open_dataset(wanted.dataset, articles=wanted.articles, split=wanted.split)
    questions = drawn(wanted.only(whole), wanted.limit)
    from eval.bench import Bench
    from eval.indexing import articles_to_index, prepare_index, unreadable_in
    from indexer.embedding.model import open_embedding

    root, index = settings.data / "eval", wanted.index
    found = articles_to_index(questions, root / "indexes") if index is None else None
    model = open_embedding(settings.embedding, settings.data)
    if index is None:
        with progress_of("indexing", shown=not wanted.quiet) as progress:
            index = prepare_index(questions, found, model, root / "indexes", progress)
        for unreadable in unreadable_in(index):
            print(f"not read: {unreadable}", file=sys.stderr)
    bench = Bench(questions, model, index, root / "runs")
    try:
        yield bench
    finally:
        bench.close()


def language_model(spec: str, data: Path | None) -> "LLM | None":
    """Raises ConfigurationError where the model cannot be had: a run must not be of another than its name says."""
    from chat.opening import open_model_or_quote

    llm, notice = open_model_or_quote(settings_of(ChatSettings, data=data, llm=spec))
    if notice:
        raise ConfigurationError(f"no run with {spec!r}: {notice}")
    return llm


def measured_peers(
    wanted: Wanted, only: Sequence[str] | None, limit_articles: int | None
) -> "tuple[list[Done], list[Run]]":
    """Every peer, or some, on a set; raises ConfigurationError for one that is unknown."""
    from eval.peers.measuring import run_of
    from eval.peers.running import PEERS, drawn_articles, job_of, run_peers
    from indexer.embedding.model import open_embedding

    known = {peer.short: peer for peer in PEERS}
    for name in only or ():
        if name not in known:
            raise ConfigurationError(f"no peer {name!r}; choose among: {', '.join(known)}")
    if wanted.report:
        check_writable(wanted.report)
    settings = settings_of(ChatSettings, data=wanted.data, embedding=wanted.embedding)
    dataset = open_dataset(wanted.dataset, articles=wanted.articles, split=wanted.split)
    articles = drawn_articles(dataset, limit_articles)
    check_gold(dataset, {article.id for article in articles})
    job = job_of(dataset, articles, open_embedding(settings.embedding).embedding.model_name)
    with progress_of("peers", shown=not wanted.quiet) as progress:
        done = run_peers(job, [known[name] for name in only or known], settings.data / "eval" / "peers", progress)
    return done, [run for one in done if (run := run_of(dataset, job, one))]
