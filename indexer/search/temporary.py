"""Temporary folders: removed with their owner or, where its process was killed, by the next one that makes a folder."""

import contextlib
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "dateline-"
_LOCK = ".lock"  # beside the folder; locked as long as the folder is used


class TemporaryFolder:
    """A new folder that is removed when it is closed or collected, or when this process ends."""

    def __init__(self) -> None:
        place = Path(tempfile.gettempdir())
        remove_abandoned(place)
        self.path = place / f"{_PREFIX}{secrets.token_hex(8)}"
        lock = _lock_of(self.path)
        lock.acquire()  # before there is a folder: another process never finds it unlocked
        self.path.mkdir(mode=0o700)
        self.close = weakref.finalize(self, _remove, self.path, lock)


def remove_abandoned(place: Path) -> None:
    """Remove the folders of processes that were killed: nobody has them locked."""
    for file in place.glob(f"{_PREFIX}*{_LOCK}"):
        lock = _lock_of(file.with_suffix(""))
        with contextlib.suppress(Timeout, OSError):  # in use, or of another user
            lock.acquire(timeout=0)
            _remove(file.with_suffix(""), lock)


def _lock_of(folder: Path) -> FileLock:
    return FileLock(folder.with_name(folder.name + _LOCK), thread_local=False)


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
