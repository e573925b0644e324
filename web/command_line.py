"""Runs a program of one command, such as the page."""

import sys
from collections.abc import Callable

import typer

from chat.errors import ChatError
from corpus.article import CorpusError
from indexer.errors import IndexerError


def run_command(main: Callable[..., None]) -> None:
    """Call `main` with the options of the command line; our own errors are one line and exit status 1."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    try:
        app()
    except (ChatError, IndexerError, CorpusError) as error:
        sys.exit(f"error: {error}")
