"""How far a sync is, shown in a terminal."""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from indexer.sync import Report

_Record = TypeVar("_Record")


@contextmanager
def counted(records: Iterable[_Record]) -> Iterator[tuple[int, Iterator[_Record]]]:
    """How many there are, and all of them; read once only, because reading takes longer than adding what is held."""
    with tempfile.TemporaryFile() as file:  # it has no name, so that nobody else can write to what is unpickled
        count = 0
        for record in records:
            pickle.dump(record, file, pickle.HIGHEST_PROTOCOL)
            count += 1
        file.seek(0)
        yield count, (pickle.load(file) for _ in range(count))


@contextmanager
def progress_bar(total: int, *, shown: bool = True) -> Iterator[Callable[[Report], None]]:
    """A bar on stderr with count, rate and time left, for `total` records; yields what a sync calls."""
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
        """Reckoned when it is drawn, for that takes longer than keeping an article."""

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
        yield lambda report: bar.update(task, completed=report.seen)
