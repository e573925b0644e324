"""The command line of the evaluation: `python -m eval retrieval|answers|ablate|sweep|compare|report|make`."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chat.errors import ChatError
from chat.settings import ChatSettings
from corpus.article import CorpusError
from eval.datasets import open_dataset
from eval.errors import EvalError
from indexer.__main__ import settings_of
from indexer.errors import IndexerError

if TYPE_CHECKING:
    from eval.bench import Bench
    from eval.configurations import Configuration
    from eval.indexing import Progress
    from eval.runs import Run

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Measure retrieval and answers, and compare runs.",
)

DatasetName = Annotated[
    str,
    typer.Option("--dataset", help="`sample`, a JSON Lines file, or a BEIR, RealTimeQA, MultiHop-RAG or TREC folder."),
]
Articles = Annotated[Path | None, typer.Option(help="Articles for questions that come without their own.")]
Split = Annotated[str | None, typer.Option(help="Only this part of the questions; for BEIR, the qrels to read.")]
Data = Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")]
Embedding = Annotated[str | None, typer.Option(help="The embedding model: all-MiniLM-L6-v2, a folder or a hub name.")]
IndexFolder = Annotated[Path | None, typer.Option("--index", help="Use the archive in this data folder as it is.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
RunFolders = Annotated[list[Path], typer.Argument(help="Folders of runs; the others are held against the first.")]


@app.command()
def retrieval(
    dataset: DatasetName = "sample",
    config: Annotated[
        list[str] | None,
        typer.Option(help="full, keywords, vectors, fused, fused-recency; or with fields set: full,rank_constant=30."),
    ] = None,
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    as_json: AsJson = False,
) -> None:
    """Measure what retrieval finds, with one or more configurations."""
    from eval.configurations import parse_configuration

    configurations = [parse_configuration(written) for written in config or ["full"]]
    with _bench(dataset, articles, split, index, data, embedding, quiet=as_json) as bench:
        _tell(bench, _retrieved(bench, configurations, quiet=as_json), as_json)


@app.command()
def ablate(
    dataset: DatasetName = "sample",
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval with each of its parts off in turn."""
    from eval.configurations import ablations

    with _bench(dataset, articles, split, index, data, embedding, quiet=as_json) as bench:
        _tell(bench, _retrieved(bench, ablations(), quiet=as_json), as_json)


def _retrieved(bench: "Bench", configurations: "Sequence[Configuration]", *, quiet: bool) -> "list[Run]":
    runs = []
    for configuration in configurations:
        with _progress(configuration.name, shown=not quiet) as progress:
            runs.append(bench.retrieval(configuration, progress))
    return runs


@contextmanager
def _bench(
    dataset: str,
    articles: Path | None,
    split: str | None,
    index: Path | None,
    data: Path | None,
    embedding: str | None,
    *,
    quiet: bool,
) -> "Iterator[Bench]":
    """The set, checked before anything heavy is opened, with its index."""
    settings = settings_of(ChatSettings, data=data, embedding=embedding)
    questions = open_dataset(dataset, articles=articles, split=split)
    from eval.bench import Bench
    from eval.indexing import prepare_index
    from indexer.embedding import open_embedding

    model = open_embedding(settings.embedding)
    root = settings.data / "eval"
    if index is None:
        with _progress("indexing", shown=not quiet) as progress:
            index = prepare_index(questions, model, root / "indexes", progress)
    bench = Bench(questions, model, index, root / "runs", split=split)
    try:
        yield bench
    finally:
        bench.close()


def _tell(bench: "Bench", runs: "Sequence[Run]", as_json: bool) -> None:
    from eval.comparing import compare_runs, main_measures
    from eval.runs import write_run
    from eval.tables import pairing_data, print_kinds, print_pairings, print_runs, run_data

    folders = [write_run(bench.runs_folder, run) for run in runs]
    pairings = compare_runs(runs, main_measures(runs)) if len(runs) > 1 else []
    if as_json:
        told = {
            "runs": [run_data(run, folder) for run, folder in zip(runs, folders, strict=True)],
            "comparisons": [pairing_data(one) for one in pairings],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        return
    held = runs[0].settings["index"]
    print(
        f"{bench.dataset.name}: {len(bench.dataset.questions)} questions, {held['articles']} articles, "
        f"{held['passages']} passages, {held['bytes'] / 1e6:.1f} MB. {bench.dataset.note}"
    )
    print_runs(runs)
    if len(runs) == 1:
        print_kinds(runs[0], main_measures(runs))
    else:
        print_pairings(pairings)
    for folder in folders:
        print(f"run: {folder}")


@contextmanager
def _progress(doing: str, *, shown: bool) -> "Iterator[Progress]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("ETA"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown, speed_estimate_period=60) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def main() -> None:
    """Run the command line; our own errors are one line and exit status 2."""
    try:
        app()
    except (EvalError, ChatError, IndexerError, CorpusError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
