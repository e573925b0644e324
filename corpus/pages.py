"""The fetch command: single pages, written to a file that can be indexed."""

import json
from pathlib import Path
from typing import Annotated

import typer

from corpus.article import CorpusError
from corpus.collecting.feeds import fetch_article
from corpus.collecting.files import free_name, line_of
from corpus.fetching.fetcher import Fetcher


def fetch(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of articles.")],
    out: Annotated[Path, typer.Option(help="The folder that the articles are written to.")],
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from an intranet, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Write the articles at some addresses to a folder that can be indexed; exits with 1 when one failed."""
    fetcher = Fetcher(allow_private=allow_private)
    lines = [line for url in urls if (line := _line_at(url, fetcher))]
    path: Path | None = None
    if lines:
        try:
            out.mkdir(parents=True, exist_ok=True)
            path = free_name(out, "page", fetcher.clock())
            path.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            typer.echo(f"{out}: {error.strerror}; name a folder that can be written to with --out", err=True)
            raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps({"articles": len(lines), "file": str(path) if path else None}))
    elif path:
        typer.echo(f"{len(lines)} articles in {path}")
    raise typer.Exit(0 if len(lines) == len(urls) else 1)


def _line_at(url: str, fetcher: Fetcher) -> str:
    try:
        return line_of(fetch_article(url, fetcher))
    except CorpusError as error:
        typer.echo(str(error), err=True)
        return ""
