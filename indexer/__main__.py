"""The command line of the archive: `python -m indexer add|status`."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from corpus.article import CorpusError
from corpus.readers import read_articles
from indexer.archive import FILE_NAME, Archive, Summary
from indexer.errors import IndexerError
from indexer.settings import IndexSettings
from indexer.sync import Report, sync

Settings = TypeVar("Settings", bound=IndexSettings)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Keep a news archive: add articles, see what it holds.",
)

Data = Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")]
Embedding = Annotated[str | None, typer.Option(help="The embedding model: all-MiniLM-L6-v2, a folder or a hub name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.callback()
def _commands() -> None:
    """Typer makes one command of a lone command; this keeps them named."""


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders of articles.", exists=True)],
    data: Data = None,
    embedding: Embedding = None,
    as_json: AsJson = False,
) -> None:
    """Add articles: what is new or changed is embedded, the rest is left as it is."""
    from indexer.embedding import open_embedding

    settings = settings_of(IndexSettings, data=data, embedding=embedding)
    total = sum(1 for _ in read_articles(paths))
    with _progress(total, shown=not as_json) as progress:
        report = sync(read_articles(paths), settings.data, open_embedding(settings.embedding), progress=progress)
    print(json.dumps(asdict(report), default=str) if as_json else _told(report))
    for unreadable in report.unreadable:
        print(f"not read: {unreadable}", file=sys.stderr)
    raise typer.Exit(1 if report.unreadable else 0)


@app.command()
def status(data: Data = None, as_json: AsJson = False) -> None:
    """Say what the archive holds: articles, passages, first and last day, sources, model."""
    folder = settings_of(IndexSettings, data=data).data
    archive = Archive(folder / FILE_NAME)
    summary, model = archive.summary(), archive.state("model_name")
    archive.close()
    print(json.dumps({**asdict(summary), "model": model}, default=str) if as_json else _described(summary, model))


def settings_of(kind: type[Settings], **given: Any) -> Settings:
    """The settings, with what was given on the command line before everything else."""
    return kind(**{name: value for name, value in given.items() if value is not None})


@contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Callable[[Report], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f} articles/s"),
        TextColumn("ETA"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not shown, speed_estimate_period=60) as bar:
        task = bar.add_task("indexing", total=total, rate=0.0)
        yield lambda report: bar.update(task, completed=report.seen, rate=bar.tasks[0].speed or 0.0)


def _told(report: Report) -> str:
    return (
        f"{report.added} added, {report.new_versions} new versions, {report.kept} unchanged, "
        f"{len(report.unreadable)} not read; {report.passages} passages, {report.embedded} embedded"
    )


def _described(summary: Summary, model: str | None) -> str:
    days = [f"{moment:%d %B %Y}" for moment in (summary.first_published, summary.last_published) if moment]
    lines = [
        f"{summary.articles} articles ({summary.versions} versions), {summary.passages} passages",
        f"published {' to '.join(days)}" if days else "no article has a date",
        f"{summary.undated} without a date",
        f"embedded with {model}",
        *(f"{count:6d}  {source}" for source, count in summary.sources),
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the command line; our own errors are one line and exit status 1."""
    try:
        app()
    except (IndexerError, CorpusError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
