"""Kills the process that runs a block, at one point of the indexer's work."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def killed_at(name: str, event: str, count: int) -> Iterator[None]:
    """SIGKILL as a function of the indexer begins ("call") or ends ("return") for the given time; never without a name.

    The name, the event and the count are those of a profile function of the interpreter.
    """
    calls = 0

    def watch(frame: Any, what: str, _: Any) -> None:
        nonlocal calls
        if what == event and frame.f_code.co_name == name and "/indexer/" in frame.f_code.co_filename:
            calls += 1
            if calls == count:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch if name else None)
    yield
    sys.setprofile(None)
