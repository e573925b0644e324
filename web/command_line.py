"""Runs a program of one command, such as the page."""

import signal
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
    signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except (ChatError, IndexerError, CorpusError) as error:
        sys.exit(f"error: {error}")


def _end(number: int, frame: object) -> None:
    """End as after any error, so that temporary folders are removed; Python's own end is at once."""
    sys.exit(128 + number)
