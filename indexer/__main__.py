"""The command line of the archive: `python -m indexer add|status`."""

import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from corpus.article import CorpusError
from corpus.mapping import mapping_of
from corpus.readers import read_articles
from indexer.archive import FILE_NAME, Archive, Summary
from indexer.errors import IndexerError
from indexer.progress import progress_bar
from indexer.settings import IndexSettings, settings_of
from indexer.sync import Report, sync

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
    fields: Annotated[
        str, typer.Option("--map", metavar="FIELD=NAME,...", help="What fields are called: title=headline,text=story.")
    ] = "",
) -> None:
    """Add articles: what is new or changed is embedded, the rest is left as it is."""
    from indexer.embedding import open_embedding

    settings = settings_of(IndexSettings, data=data, embedding=embedding)
    read = partial(read_articles, paths, mapping=mapping_of(fields))
    with progress_bar(sum(1 for _ in read()), shown=not as_json) as progress:
        report = sync(read(), settings.data, open_embedding(settings.embedding), progress=progress)
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
