"""The commands that read news: python -m corpus check|feed|fetch."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.collecting.files import feed
from corpus.findings import Findings, summarise
from corpus.mapping import mapping_of, zones_of
from corpus.pages import fetch

if TYPE_CHECKING:
    from corpus.article import Article, Unreadable

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, help="Read news.")
app.command("feed")(feed)
app.command("fetch")(fetch)


@app.callback()
def main() -> None:
    """Read news."""


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", exists=True, help="Files or folders of news.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")] = False,
    fields: Annotated[
        str,
        typer.Option("--map", metavar="FIELD=NAME,...", help="Names of fields: title=headline,text=story."),
    ] = "",
    zones: Annotated[
        list[str] | None,
        typer.Option(
            "--zone", metavar="SOURCE=ZONE", help="The zone of times without an offset: Courier=Europe/London."
        ),
    ] = None,
) -> None:
    """Report what files of news contain and what could not be read, without storing anything.

    Exits with 0 when everything was read, with 1 when something was not, with 2 when the command was wrong.
    """
    from corpus.readers import read_articles

    findings = summarise(_with_progress(read_articles(paths, mapping=mapping_of(fields), zones=zones_of(zones or ()))))
    if as_json:
        typer.echo(json.dumps(_as_json(findings), indent=2))
    else:
        _print(findings)
    raise typer.Exit(1 if findings.unreadable else 0)


def _with_progress(found: "Iterable[Article | Unreadable]") -> "Iterator[Article | Unreadable]":
    """The same, with a running count on the terminal."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} read"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(found)


def _as_json(findings: Findings) -> dict[str, object]:
    return {
        "articles": findings.articles,
        "first": findings.first.isoformat() if findings.first else None,
        "last": findings.last.isoformat() if findings.last else None,
        "without_date": findings.without_date,
        "without_author": findings.without_author,
        "duplicates": findings.duplicates,
        "sources": dict(findings.sources.most_common()),
        "languages": dict(findings.languages.most_common()),
        "date_origins": dict(findings.date_origins.most_common()),
        "unreadable": list(map(_as_object, findings.unreadable)),
        "warnings": list(map(_as_object, findings.warnings)),
    }


def _as_object(one: "Unreadable") -> dict[str, object]:
    return {"path": _printable(str(one.path)), "line": one.line, "reason": one.reason}


def _print(findings: Findings) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False, soft_wrap=True)
    table = Table.grid(padding=(0, 2))
    for name, value in _rows(findings):
        table.add_row(name, _printable(value))
    console.print(table)
    for warning in findings.warnings:
        console.print(f"warning: {_printable(str(warning))}")
    for one in findings.unreadable:
        console.print(f"not read: {_printable(str(one))}")


def _rows(findings: Findings) -> Iterator[tuple[str, str]]:
    yield "articles", f"{findings.articles:,}"
    if findings.first and findings.last:
        yield "published", f"{findings.first:%Y-%m-%d} to {findings.last:%Y-%m-%d}"
    yield "without a date", f"{findings.without_date:,}"
    yield "without an author", f"{findings.without_author:,}"
    yield "duplicates", f"{findings.duplicates:,}"
    yield "sources", _most(findings.sources)
    yield "languages", _most(findings.languages)
    yield "dates from", _most(findings.date_origins)
    yield "warnings", f"{len(findings.warnings):,}"
    yield "not read", f"{len(findings.unreadable):,}"


def _most(counter: Counter[str], shown: int = 12) -> str:
    names = ", ".join(f"{name} ({count:,})" for name, count in counter.most_common(shown))
    rest = len(counter) - shown
    return f"{names} and {rest:,} more" if rest > 0 else names


def _printable(text: str) -> str:
    """Text that is safe on a terminal: no control characters, no characters that cannot be encoded."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


if __name__ == "__main__":
    app(prog_name="python -m corpus")
