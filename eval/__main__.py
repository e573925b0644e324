"""The command line of the evaluation: `python -m eval retrieval|answers|follow-ups|peers|...`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.errors import EvalError

if TYPE_CHECKING:
    from eval.bench import Bench
    from eval.configurations import Configuration
    from eval.runs import Run

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
ReportPage = Annotated[Path | None, typer.Option("--report", help="Write one self-contained HTML page about it, too.")]
Figures = Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the README.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
RunFolders = Annotated[list[Path], typer.Argument(help="Folders of runs; the others are held against the first.")]


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
    """Measure what retrieval finds, with one or more configurations."""
    from eval.configurations import parse_configuration
    from eval.opening import Wanted, open_bench

    configurations = [parse_configuration(written) for written in config or ["full"]]
    wanted = Wanted(dataset, articles, split, index, data, embedding, report=report_page, quiet=as_json)
    with open_bench(wanted) as bench:
        _tell(bench, _retrieved(bench, configurations, quiet=as_json), as_json, report_page, figures)


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
    """Measure retrieval with each of its parts off in turn."""
    from eval.configurations import ablations
    from eval.opening import Wanted, open_bench

    wanted = Wanted(dataset, articles, split, index, data, embedding, report=report_page, quiet=as_json)
    with open_bench(wanted) as bench:
        bench.remember_queries()
        _tell(bench, _retrieved(bench, ablations(), quiet=as_json), as_json, report_page)


@app.command()
def sweep(
    axes: Annotated[list[str], typer.Option("--grid", help="field=value,value; give it once for each field.")],
    dataset: DatasetName = "sample",
    measure: Annotated[str, typer.Option(help="What is made as large as it can be.")] = "nDCG@10",
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    as_json: AsJson = False,
) -> None:
    """Choose settings of retrieval from a grid; the figure told is cross-validated, never that of the winner."""
    from eval.configurations import grid
    from eval.datasets import open_dataset
    from eval.opening import Wanted, open_bench
    from eval.tuning import cross_validate, refuse_test_questions

    points = grid(axes)
    refuse_test_questions(open_dataset(dataset, articles=articles, split=split), split)
    with open_bench(Wanted(dataset, articles, split, index, data, embedding, quiet=as_json)) as bench:
        bench.remember_queries()
        found = cross_validate(_retrieved(bench, points, quiet=as_json), measure)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    one = found.estimate
    print(f"{found.tried} configurations, {len(found.chosen_in_folds)} folds, {one.count} questions")
    print(f"cross-validated {measure}: {one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]")
    print(f"chosen in the folds: {'; '.join(found.chosen_in_folds)}")
    print(f"chosen on all: {found.chosen} (measure it on other questions; its figure on these was tuned on them)")


@app.command()
def answers(
    dataset: DatasetName = "sample",
    llm: Annotated[list[str] | None, typer.Option(help="quotes, local, or another model; may be repeated.")] = None,
    articles: Articles = None,
    split: Split = None,
    index: IndexFolder = None,
    data: Data = None,
    embedding: Embedding = None,
    limit: Annotated[int | None, typer.Option(help="Only so many questions, drawn by a fixed seed.", min=1)] = None,
    report_page: ReportPage = None,
    figures: Figures = None,
    as_json: AsJson = False,
) -> None:
    """Measure answers: right or not, citations, quotations, silence, time."""
    from eval.opening import Wanted, language_model, open_bench
    from eval.progress import progress_of

    wanted = Wanted(dataset, articles, split, index, data, embedding, limit, report_page, quiet=as_json)
    with open_bench(wanted) as bench:
        runs = []
        for spec in llm or ["quotes"]:
            with progress_of(spec, shown=not as_json) as progress:
                runs.append(bench.answers(spec, language_model(spec, data), progress))
        _tell(bench, runs, as_json, report_page, figures)


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
        typer.Option("--after-another", help="Ask what follows nothing, after two questions about something else."),
    ] = False,
) -> None:
    """Measure what is found for follow-ups, by how the turns before them are searched for."""
    from chat.gathering.retrieval import RetrievalSettings
    from eval.configurations import Configuration
    from eval.follow_ups import WAYS, changes_of_subject, follow_ups_of
    from eval.opening import Wanted, open_bench
    from eval.progress import progress_of

    asked = changes_of_subject if after_another else follow_ups_of
    wanted = Wanted(dataset, articles, split, index, data, embedding, None, report_page, as_json, asked)
    with open_bench(wanted) as bench:
        runs = []
        for name, ask in WAYS.items():
            with progress_of(name, shown=not as_json) as progress:
                runs.append(bench.retrieval(Configuration(name, RetrievalSettings()), progress, ask))
        _tell(bench, runs, as_json, report_page, figures)


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
        typer.Option(help="Only so many articles: those that answer, and others drawn by a fixed seed.", min=1),
    ] = None,
    data: Data = None,
    embedding: Embedding = None,
    report_page: ReportPage = None,
    figures: Figures = None,
    as_json: AsJson = False,
) -> None:
    """Hold Dateline against other systems on the same articles, questions and embedding model."""
    from eval.comparing import compare_runs
    from eval.opening import Wanted, measured_peers
    from eval.peers import table
    from eval.runs import write_whole

    wanted = Wanted(dataset, articles, split, None, data, embedding, None, report_page, as_json)
    done, runs = measured_peers(wanted, only, limit_articles)
    pairings = compare_runs(runs, ["nDCG@10", "Success@1"]) if len(runs) > 1 else []
    told = json.dumps(table.data(done, runs, pairings), ensure_ascii=False, indent=1)
    if figures:
        write_whole(figures, told + "\n")
    if report_page and runs:
        from eval.report import render_report

        write_whole(report_page, render_report(runs))
    if as_json:
        print(told)
        return
    from eval.tables import print_pairings

    table.print_peers(done, runs)
    if pairings:
        print_pairings(pairings)


@app.command()
def compare(
    runs: RunFolders,
    measure: Annotated[list[str] | None, typer.Option(help="Compare by this measure; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Hold runs against the first: differences with intervals, tests, and an A/A test of the test."""
    from eval.comparing import aa_rate, compare_runs, main_measures
    from eval.runs import differences, read_run
    from eval.tables import pairing_data, print_pairings, print_runs

    held = [read_run(folder) for folder in runs]
    measures = measure or main_measures(held)
    pairings = compare_runs(held, measures)
    rate, unlike = aa_rate(held, measures[0]), differences(held)
    if as_json:
        told = {"comparisons": [pairing_data(one) for one in pairings], "aa_false_alarms": rate, "unlike": unlike}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    print_runs(held)
    print_pairings(pairings)
    print(f"A/A test: {rate:.1%} false alarms at the 5 % level ({measures[0]})")
    if unlike:
        print(f"not the same in all runs, beside the configuration: {', '.join(unlike)}")


@app.command()
def report(
    runs: RunFolders,
    out: Annotated[Path, typer.Option(help="The page that is written.")] = Path("report.html"),
) -> None:
    """Write one self-contained HTML page about runs."""
    from eval.report import render_report
    from eval.runs import read_run, write_whole

    write_whole(out, render_report([read_run(folder) for folder in runs]))
    print(out)


@app.command()
def make(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders of articles.", exists=True)] = None,
    feedback: Annotated[
        Path | None, typer.Option(help="The data folder in which readers' thumbs are kept: make questions of them.")
    ] = None,
    count: Annotated[int, typer.Option(help="How many drafts.", min=1)] = 50,
    out: Annotated[Path | None, typer.Option(help="The file that is written. [default: standard output]")] = None,
) -> None:
    """Draft questions from articles, for a person to ask in words of their own, or take them from readers' thumbs."""
    from eval.drafting import drafts_from
    from eval.feedback import questions_of_feedback
    from eval.runs import write_whole

    if bool(paths) == bool(feedback):
        raise EvalError("make questions of articles or of feedback: name files, or --feedback DATA")
    if out and out.exists():
        raise EvalError(f"{out} is there already; name another file")
    made = list(questions_of_feedback(feedback) if feedback else drafts_from(paths or [], count))
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made)
    if out is None:
        print(lines, end="")
        return
    write_whole(out, lines)
    drafts = sum(bool(one.get("draft")) for one in made)
    print(f"{len(made)} questions in {out}")
    if drafts:
        print(f"{drafts} are drafts: set each right in words of your own, then take out its field `draft`")


def _retrieved(bench: "Bench", configurations: "Sequence[Configuration]", *, quiet: bool) -> "list[Run]":
    from eval.progress import progress_of

    runs = []
    for configuration in configurations:
        with progress_of(configuration.name, shown=not quiet) as progress:
            runs.append(bench.retrieval(configuration, progress))
    return runs


def _tell(
    bench: "Bench", runs: "Sequence[Run]", as_json: bool, report_page: Path | None, figures: Path | None = None
) -> None:
    from eval.comparing import compare_runs, main_measures
    from eval.runs import write_run, write_whole
    from eval.tables import figures_text, pairing_data, print_kinds, print_pairings, print_runs, run_data

    folders = [write_run(bench.runs_folder, run) for run in runs]
    pairings = compare_runs(runs, main_measures(runs)) if len(runs) > 1 else []
    if report_page:
        from eval.report import render_report

        write_whole(report_page, render_report(runs))
    if figures:
        write_whole(figures, figures_text(runs, pairings))
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
    if report_page:
        print(f"report: {report_page}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; our own errors are one line and exit status 2."""
    try:
        app(arguments)
    except Exception as error:
        if not isinstance(error, _own_errors()):
            raise
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


def _own_errors() -> tuple[type[Exception], ...]:
    """Imported only when something has gone wrong: `--help` is to answer at once."""
    from chat.errors import ChatError
    from corpus.article import CorpusError
    from indexer.errors import IndexerError

    return EvalError, ChatError, CorpusError, IndexerError


if __name__ == "__main__":
    main()
