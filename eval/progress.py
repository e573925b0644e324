"""Progress of long work on stderr: a bar in a terminal, a line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]  # done, total

_LINE_S = 30.0


@contextmanager
def progress_of(task: str, *, shown: bool) -> Iterator[Progress]:
    """Yields a callable that shows the count and the time left."""
    if not shown:
        yield lambda done, total: None
    elif sys.stderr.isatty():
        with _bar(task) as bar:
            yield bar
    else:
        yield Lines(task)


class Lines:
    """A line every half minute, with the time left at the pace since the previous line.

    Work that an interrupted attempt had done is skipped in no time and would distort a pace taken from the start.
    """

    def __init__(self, task: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._task, self._clock = task, clock
        self._printed_at, self._printed_done = clock(), 0

    def __call__(self, done: int, total: int) -> None:
        """Print a line when one is due or the work is done."""
        passed_s = self._clock() - self._printed_at
        if passed_s < _LINE_S and done < total:
            return
        left_s = (total - done) * passed_s / max(1, done - self._printed_done)
        ahead = f", about {left_s / 60:.0f} min left" if done < total else ""
        print(f"{self._task}: {done} of {total}{ahead}", file=sys.stderr, flush=True)
        self._printed_at, self._printed_done = self._clock(), done


@contextmanager
def _bar(description: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("ETA"))
    with Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), speed_estimate_period=60, refresh_per_second=4
    ) as bar:
        task = bar.add_task(description.replace("[", r"\["), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
