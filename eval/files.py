"""Result files, written whole or not at all."""

import uuid
from pathlib import Path

from eval.errors import RunError


def check_writable(path: Path) -> None:
    """Raises RunError, before any long work, for a file that could not be written after it."""
    if path.is_dir() or not path.parent.is_dir():
        raise RunError(f"cannot write {path} ({'it is a folder' if path.is_dir() else 'no such folder'}); name another")


def write_whole(path: Path, text: str) -> None:
    """Write a file atomically; raises RunError."""
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise RunError(f"cannot write {path} ({error.strerror}); name another file") from error
