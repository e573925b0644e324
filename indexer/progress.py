"""A progress bar for adding, shown in a terminal."""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

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
