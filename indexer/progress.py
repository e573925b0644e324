"""How far a sync is, shown in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from indexer.sync import Report


@contextmanager
def progress_bar(total: int, *, shown: bool = True) -> Iterator[Callable[[Report], None]]:
    """A bar on stderr with count, rate and time left, for `total` records; yields what a sync calls."""
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
