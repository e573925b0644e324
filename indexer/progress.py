"""Progress on stderr: a bar for adding, one line for a command that runs on, and how that command is ended."""

import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

_Record = TypeVar("_Record")


@contextmanager
def counted(records: Iterable[_Record]) -> Iterator[tuple[int, Iterator[_Record]]]:
    """The number of records, and the records; read only once, because reading takes longer than adding them again."""
    with tempfile.TemporaryFile() as file:  # it has no name, so that nobody else can write to what is unpickled
        count = 0
        for record in records:
            pickle.dump(record, file, pickle.HIGHEST_PROTOCOL)
            count += 1
        file.seek(0)
        yield count, (pickle.load(file) for _ in range(count))


@contextmanager
def progress_bar(total: int, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar on stderr with count, rate and time left; yields what a sync calls with the number of records seen."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )

    class Rate(ProgressColumn):
        """Computed only when drawn, because that takes longer than storing an article."""

        def render(self, task: Task) -> str:
            return f"{task.speed or 0.0:.1f} articles/s"

    columns = (
        TextColumn("indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not shown, speed_estimate_period=60) as bar:
        task = bar.add_task("indexing", total=total)
        yield lambda seen: bar.update(task, completed=seen)


class StatusLine:
    """One line on stderr that each new status replaces; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._is_shown:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away, before something else is printed."""
        self.show("")


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set, so that what is under way is finished first; a second one ends at once."""
    stop = threading.Event()

    def end(number: int, frame: object) -> None:
        if stop.is_set():
            sys.exit(128 + number)
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
