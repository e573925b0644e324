"""How far something long is, shown on stderr: a bar in a terminal, now and then a line in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]  # done, of how many

_LINE_S = 30.0


@contextmanager
def progress_of(doing: str, *, shown: bool) -> Iterator[Progress]:
    """Yields what is called with how much is done; a count and the time left are shown."""
    if not shown:
        yield lambda done, total: None
    elif sys.stderr.isatty():
        with _bar(doing) as bar:
            yield bar
    else:
        yield Lines(doing)


class Lines:
    """A line each half minute; the time left is reckoned from the pace since the first call.

    What an earlier, interrupted attempt had done is passed over at once and would make the pace look too good, so that
    the reckoning starts anew after each line.
    """

    def __init__(self, doing: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._doing, self._clock = doing, clock
        self._told_at, self._told_done = clock(), 0

    def __call__(self, done: int, total: int) -> None:
        """Tell, when it is time to or everything is done."""
        passed_s = self._clock() - self._told_at
        if passed_s < _LINE_S and done < total:
            return
        left_s = (total - done) * passed_s / max(1, done - self._told_done)
        ahead = f", about {left_s / 60:.0f} min left" if done < total else ""
        print(f"{self._doing}: {done} of {total}{ahead}", file=sys.stderr, flush=True)
        self._told_at, self._told_done = self._clock(), done


@contextmanager
def _bar(doing: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("ETA"))
    with Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), speed_estimate_period=60, refresh_per_second=4
    ) as bar:
        task = bar.add_task(doing.replace("[", r"\["), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
