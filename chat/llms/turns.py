"""Turns at a model that does one thing at a time: few may wait, and who may not learns how long the line is."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from chat.errors import LanguageModelError
from chat.texts.notices import Notice, NoticeKind

_WAITING = 3  # with a second or two for each, no reader waits longer for the model than for a remote one
_OLD_SHARE = 0.7  # of the usual seconds, when a turn ends


class Turns:
    """Gives one caller at a time its turn; safe to use from several threads."""

    def __init__(self, most_waiting: int = _WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting = 0
        self._usual_s = 0.0
        self._counting = threading.Lock()
        self._alone = threading.Lock()

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """A turn at the model of this name; raises LanguageModelError at once when too many wait already."""
        self._queue_up(name)
        try:
            self._alone.acquire()
        finally:
            with self._counting:
                self._waiting -= 1
        started = time.monotonic()
        try:
            yield
        finally:
            took_s = time.monotonic() - started
            self._usual_s = _OLD_SHARE * self._usual_s + (1 - _OLD_SHARE) * took_s if self._usual_s else took_s
            self._alone.release()

    def _busy(self, name: str) -> Notice:
        if not self._usual_s:
            return Notice(NoticeKind.MODEL_BUSY, name, self._waiting)
        seconds = Notice(NoticeKind.PLAIN, str(max(1, round(self._usual_s * (self._waiting + 1)))))
        return Notice(NoticeKind.MODEL_BUSY_FOR, name, self._waiting, reason=seconds)

    def _queue_up(self, name: str) -> None:
        with self._counting:
            if self._waiting >= self._most_waiting:
                raise LanguageModelError(self._busy(name))
            self._waiting += 1
