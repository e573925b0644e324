"""Opens an evaluation set with its index and embedding model, as a command line asks for them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chat.settings import ChatSettings
from eval.datasets import drawn, open_dataset
from eval.datasets.form import Dataset
from eval.errors import ConfigurationError
from eval.files import check_writable
from eval.progress import progress_of
from indexer.settings import settings_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from eval.bench.bench import Bench


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a command; None where one was not given."""

    dataset: str
    articles: Path | None = None
    split: str | None = None
    index: Path | None = None
    data: Path | None = None
    embedding: str | None = None
    limit: int | None = None
    report: Path | None = None
    quiet: bool = False
    only: Callable[[Dataset], Dataset] = lambda dataset: dataset  # selects or changes questions


@contextmanager
def open_bench(wanted: Wanted) -> "Iterator[Bench]":
    """A bench for the set, which is checked before any long work; a missing index is built first."""
    settings = settings_of(ChatSettings, data=wanted.data, embedding=wanted.embedding)
    if wanted.report:
        check_writable(wanted.report)
    whole = open_dataset(wanted.dataset, articles=wanted.articles, split=wanted.split)
    questions = drawn(wanted.only(whole), wanted.limit)
    from eval.bench.bench import Bench
    from eval.bench.indexing import articles_to_index, prepare_index, unreadable_in
    from indexer.embedding.model import open_embedding

    root, index = settings.data / "eval", wanted.index
    articles = articles_to_index(questions, root / "indexes") if index is None else None
    model = open_embedding(settings.embedding, settings.data)
    if index is None:
        with progress_of("indexing", shown=not wanted.quiet) as progress:
            index = prepare_index(questions, articles, model, root / "indexes", progress)
        for unreadable in unreadable_in(index):
            print(f"not read: {unreadable}", file=sys.stderr)
    bench = Bench(questions, model, index, root / "runs")
    try:
        yield bench
    finally:
        bench.close()


def language_model(spec: str, data: Path | None) -> "LLM | None":
    """The model of a spec; raises ConfigurationError where it is unavailable, so that no run has the wrong name."""
    from chat.opening import open_model_or_quote
    from chat.texts.notices import text_of

    llm, notices = open_model_or_quote(settings_of(ChatSettings, data=data, llm=spec))
    if notices:
        raise ConfigurationError(f"no run with {spec!r}: {text_of(notices)}")
    return llm
