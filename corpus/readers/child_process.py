"""Runs the reader of a form that can be hostile in a child process with limits on time and memory."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.readers.form import ReaderError

_WALL_PER_CPU_SECOND = 60  # a busy machine gives a fair process a share of its time: that loses no file
_MEMORY_BYTES = 95_000_000  # of data; Python with feedparser or pypdf takes a third


def output_of_child(
    arguments: Sequence[str],
    content: bytes = b"",
    *,
    cpu_seconds: int,
    refusal: str,
    wall_per_cpu_second: float = _WALL_PER_CPU_SECOND,
) -> bytes:
    """What Python writes with these arguments; it has to call `limit_this_process` with the same `cpu_seconds`.

    Raises ReaderError: `refusal` when it breaks off, another reason when it gets no time to finish.
    """
    wall_seconds = wall_per_cpu_second * cpu_seconds
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=Path(__file__).parents[2],
            input=content,
            capture_output=True,
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReaderError(
            f"not read within {wall_seconds:.0f} s; read it again when the machine is less busy"
        ) from None
    if done.returncode > 0:
        raise ReaderError(f"{refusal} ({_error_name(done.stderr)})")
    if done.returncode < 0:
        raise ReaderError(refusal)
    return done.stdout


def limit_this_process(cpu_seconds: int) -> None:
    """Bound the CPU time and the memory of the child process, which calls this first."""
    try:
        import resource
    except ImportError:  # Windows: only wall time is limited
        return
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _error_name(stderr: bytes) -> str:
    """The name of the exception that ended the process, without its message, which can quote the file."""
    last = stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return last.partition(":")[0][:80] or "no error named"
