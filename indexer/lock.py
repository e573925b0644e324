"""One writer at a time: a lock on the data folder that says who holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import ArchiveBusyError, ArchiveError

_WAIT_S = 1.0


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder for writing; raises ArchiveBusyError with the process that holds it, or ArchiveError."""
    holder = folder / "writer.pid"
    lock = FileLock(folder / "writer.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_WAIT_S)
        holder.write_text(str(os.getpid()), encoding="ascii")
    except Timeout as error:
        raise _busy(folder, holder) from error
    except OSError as error:
        lock.release()
        raise ArchiveError(f"{folder} cannot be written ({error}); mend that or choose another folder") from error
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _busy(folder: Path, holder: Path) -> ArchiveBusyError:
    try:
        who = holder.read_text(encoding="ascii").strip()
    except OSError:  # it is only just beginning or ending
        who = ""
    return ArchiveBusyError(f"process {who or '(not known)'} is writing to {folder}; wait until it is done or end it")
