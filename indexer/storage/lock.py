"""A lock on the data folder for one writer at a time, with the id of the writing process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import ArchiveBusyError, ArchiveError

_WAIT_S = 1.0


def require_folder(folder: Path) -> None:
    """Raise ArchiveError when there is no such data folder: it is probably mistyped, and nothing is created in it."""
    if not folder.is_dir():
        raise ArchiveError(
            f"no data folder at {folder}; correct --data (or DATELINE_DATA), or make it with: "
            f"python -m indexer add PATH --data {folder}"
        )


@contextmanager
def writing(folder: Path, *, create: bool = False) -> Iterator[None]:
    """Lock the folder for writing; raises ArchiveBusyError naming the process that has locked it, or ArchiveError."""
    pid_file = folder / "writer.pid"
    lock = FileLock(folder / "writer.lock")
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        require_folder(folder)
        lock.acquire(timeout=_WAIT_S)
        pid_file.write_text(str(os.getpid()), encoding="ascii")
    except Timeout as error:
        raise _busy(folder, pid_file) from error
    except OSError as error:
        lock.release()
        raise ArchiveError(f"{folder} cannot be written ({error}); mend that or choose another folder") from error
    try:
        yield
    finally:
        pid_file.unlink(missing_ok=True)
        lock.release()


def _busy(folder: Path, pid_file: Path) -> ArchiveBusyError:
    try:
        who = pid_file.read_text(encoding="ascii").strip()
    except OSError:  # the other process is just starting or ending
        who = ""
    return ArchiveBusyError(f"process {who or '(not known)'} is writing to {folder}; wait until it is done or end it")
