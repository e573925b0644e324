"""The command line of the evaluation: `python -m eval retrieval|answers|follow-ups|peers|...`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.errors import EvalError

if TYPE_CHECKING:
    from eval.bench.bench import Bench
    from eval.bench.configurations import Configuration
    from eval.bench.opening import Wanted
    from eval.results.run import Run

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
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
ReportPage = Annotated[Path | None, typer.Option("--report", help="Also write a report as one self-contained page.")]
Figures = Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the docs.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
RunFolders = Annotated[list[Path], typer.Argument(help="Folders of runs; the first is compared with the others.")]


@app.command()
def retrieval(
    dataset: DatasetName = "sample",
    config: Annotated[
        list[str] | None,
        typer.Option(
            help="full, keywords, vectors, fused, fused-ranks, fused-recency; or with fields: full,rank_constant=30."
        ),
    ] = None,
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    report_page: ReportPage = None,
    figures: Figures = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval with one or more configurations."""
    from eval.bench.configurations import parse_configuration
    from eval.bench.opening import Wanted, open_bench
    from eval.results.output import Output, write_results

    configurations = [parse_configuration(written) for written in config or ["full"]]
    wanted = Wanted(dataset, articles, split, index, data, embedding, report=report_page, quiet=as_json)
    with open_bench(wanted) as bench:
        runs = _retrieved(bench, configurations, quiet=as_json)
        write_results(runs, Output(bench.runs_folder, as_json, report_page, figures))


@app.command()
def ablate(
    dataset: DatasetName = "sample",
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    report_page: ReportPage = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval with each of its parts switched off in turn."""
    from eval.bench.configurations import ablations
    from eval.bench.opening import Wanted, open_bench
    from eval.results.output import Output, write_results

    wanted = Wanted(dataset, articles, split, index, data, embedding, report=report_page, quiet=as_json)
    with open_bench(wanted) as bench:
        bench.cache_queries()
        runs = _retrieved(bench, ablations(), quiet=as_json)
        write_results(runs, Output(bench.runs_folder, as_json, report_page))


@app.command()
def sweep(
    axes: Annotated[list[str], typer.Option("--grid", help="field=value,value; give it once for each field.")],
    dataset: DatasetName = "sample",
    measure: Annotated[str, typer.Option(help="The measure to maximise.")] = "nDCG@10",
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    as_json: AsJson = False,
) -> None:
    """Choose retrieval settings from a grid; the figure printed is cross-validated, never the winner's own."""
    from eval.bench.configurations import grid
    from eval.bench.opening import Wanted, open_bench
    from eval.bench.tuning import cross_validate, print_sweep, refuse_test_questions
    from eval.datasets import open_dataset

    points = grid(axes)
    refuse_test_questions(open_dataset(dataset, articles=articles, split=split), split)
    with open_bench(Wanted(dataset, articles, split, index, data, embedding, quiet=as_json)) as bench:
        bench.cache_queries()
        found = cross_validate(_retrieved(bench, points, quiet=as_json), measure)
    print_sweep(found, as_json=as_json)


@app.command()
def answers(
    dataset: DatasetName = "sample",
    llm: Annotated[list[str] | None, typer.Option(help="quotes, local, or another model; may be repeated.")] = None,
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    limit: Annotated[int | None, typer.Option(help="Only so many questions, drawn with a fixed seed.", min=1)] = None,
    report_page: ReportPage = None,
    figures: Figures = None,
    as_json: AsJson = False,
) -> None:
    """Measure answers: accuracy, citations, quotations, abstention, time."""
    from eval.bench.opening import Wanted, language_model, open_bench
    from eval.progress import progress_of
    from eval.results.output import Output, write_results

    wanted = Wanted(dataset, articles, split, index, data, embedding, limit, report_page, quiet=as_json)
    with open_bench(wanted) as bench:
        runs = []
        for spec in llm or ["quotes"]:
            with progress_of(spec, shown=not as_json) as progress:
                runs.append(bench.answers(spec, language_model(spec, data), progress))
        write_results(runs, Output(bench.runs_folder, as_json, report_page, figures))


@app.command("follow-ups")
def follow_ups(
    dataset: Annotated[str, typer.Argument(help="A file of conversations, such as MTRAG's retrieval tasks.")],
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    report_page: ReportPage = None,
    figures: Figures = None,
    as_json: AsJson = False,
    after_another: Annotated[
        bool,
        typer.Option("--after-another", help="Ask first questions instead, each after two about something else."),
    ] = False,
    pairs: Annotated[
        Path | None,
        typer.Option(help="A file of pairs about the set's articles: measure which are read as follow-ups instead."),
    ] = None,
) -> None:
    """Measure retrieval for follow-ups, by how the earlier turns are used in the search."""
    from chat.gathering.retrieval import RetrievalSettings
    from eval.bench.configurations import Configuration
    from eval.bench.follow_ups import WAYS, changes_of_subject, follow_ups_of
    from eval.bench.opening import Wanted, open_bench
    from eval.progress import progress_of
    from eval.results.output import Output, write_results

    if pairs:
        _measure_pairs(pairs, Wanted(dataset, articles, None, index, data, embedding, quiet=as_json), split)
        return
    select = changes_of_subject if after_another else follow_ups_of
    wanted = Wanted(dataset, articles, split, index, data, embedding, None, report_page, as_json, select)
    with open_bench(wanted) as bench:
        runs = []
        for name, ask in WAYS.items():
            with progress_of(name, shown=not as_json) as progress:
                runs.append(bench.retrieval(Configuration(name, RetrievalSettings()), progress, ask))
        write_results(runs, Output(bench.runs_folder, as_json, report_page, figures))


def _measure_pairs(path: Path, wanted: "Wanted", split: str | None) -> None:
    from eval.bench.follow_up_pairs import ask_pairs, read_pairs, report_of
    from eval.bench.opening import open_bench
    from eval.progress import progress_of

    with open_bench(wanted) as bench:
        pairs = read_pairs(path, bench.dataset.name, split)
        with progress_of("pairs", shown=not wanted.quiet) as progress:
            print(report_of(list(ask_pairs(pairs, bench, progress))))


@app.command()
def peers(
    dataset: DatasetName = "sample",
    only: Annotated[
        list[str] | None, typer.Option(help="Only this peer, such as bm25s_alone; may be repeated.")
    ] = None,
    articles: Articles = None,
    split: Split = None,
    limit_articles: Annotated[
        int | None,
        typer.Option(help="Only so many articles: the gold articles, and others drawn with a fixed seed.", min=1),
    ] = None,
    data: Data = None,
    embedding: Embedding = None,
    report_page: ReportPage = None,
    figures: Figures = None,
    as_json: AsJson = False,
) -> None:
    """Compare Dateline with other systems on the same articles, questions and embedding model."""
    from eval.bench.opening import Wanted
    from eval.peers.opening import measured_peers
    from eval.peers.output import write_comparison

    wanted = Wanted(dataset, articles, split, None, data, embedding, None, report_page, as_json)
    done, runs = measured_peers(wanted, only, limit_articles)
    write_comparison(done, runs, report=report_page, figures=figures, as_json=as_json)


@app.command()
def compare(
    runs: RunFolders,
    measure: Annotated[list[str] | None, typer.Option(help="Compare by this measure; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare runs with the first: differences with intervals, tests, and an A/A test of the test."""
    from eval.results.comparing import aa_rate, compare_runs, main_measures
    from eval.results.folders import read_run
    from eval.results.run import differences
    from eval.results.tables import pairing_data, print_pairings, print_runs

    compared = [read_run(folder) for folder in runs]
    measures = measure or main_measures(compared)
    pairings = compare_runs(compared, measures)
    rate, unlike = aa_rate(compared, measures[0]), differences(compared)
    if as_json:
        data = {"comparisons": [pairing_data(one) for one in pairings], "aa_false_alarms": rate, "unlike": unlike}
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    print_runs(compared)
    print_pairings(pairings)
    print(f"A/A test: {rate:.1%} false alarms at the 5 % level ({measures[0]})")
    if unlike:
        print(f"the runs also differ in: {', '.join(unlike)}")


@app.command()
def report(
    runs: RunFolders,
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("report.html"),
    as_json: AsJson = False,
) -> None:
    """Write one self-contained HTML page about runs."""
    from eval.files import write_whole
    from eval.results.folders import read_run
    from eval.results.report import render_report

    write_whole(out, render_report([read_run(folder) for folder in runs]))
    print(json.dumps({"page": str(out)}) if as_json else out)


@app.command()
def make(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders of articles.", exists=True)] = None,
    feedback: Annotated[
        Path | None, typer.Option(help="A data folder: turn the readers' thumbs in it into questions.")
    ] = None,
    count: Annotated[int, typer.Option(help="How many drafts.", min=1)] = 50,
    out: Annotated[Path | None, typer.Option(help="The file to write. [default: standard output]")] = None,
    as_json: AsJson = False,
) -> None:
    """Draft questions from articles, for a person to rephrase, or take them from readers' thumbs."""
    from eval.datasets.drafting import drafts_from
    from eval.datasets.feedback import questions_of_feedback
    from eval.files import write_whole

    if bool(paths) == bool(feedback):
        raise EvalError("questions come from articles or from feedback: name files, or --feedback DATA")
    if out and out.exists():
        raise EvalError(f"{out} exists already; name another file")
    questions = list(questions_of_feedback(feedback) if feedback else drafts_from(paths or [], count))
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in questions)
    if out is None:
        print(lines, end="")
        return
    write_whole(out, lines)
    drafts = sum(bool(one.get("draft")) for one in questions)
    if as_json:
        print(json.dumps({"questions": len(questions), "drafts": drafts, "file": str(out)}))
        return
    print(f"{len(questions)} questions in {out}")
    if drafts:
        print(f"{drafts} are drafts: rephrase each in your own words, then remove its field `draft`")


def _retrieved(bench: "Bench", configurations: "Sequence[Configuration]", *, quiet: bool) -> "list[Run]":
    from eval.progress import progress_of

    runs = []
    for configuration in configurations:
        with progress_of(configuration.name, shown=not quiet) as progress:
            runs.append(bench.retrieval(configuration, progress))
    return runs


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; the project's own errors become one line and exit status 2."""
    try:
        app(arguments)
    except Exception as error:
        if not isinstance(error, _own_errors()):
            raise
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


def _own_errors() -> tuple[type[Exception], ...]:
    """Imported only after a failure, so that `--help` stays fast."""
    from chat.errors import ChatError
    from corpus.article import CorpusError
    from indexer.errors import IndexerError

    return EvalError, ChatError, CorpusError, IndexerError


if __name__ == "__main__":
    main()
