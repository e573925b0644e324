"""Errors of the evaluation.

EvalError
├── DatasetError        an evaluation set that cannot be used; names the file and the line
├── ConfigurationError  an unknown or invalid configuration
├── RunError            a run on disk that is missing, damaged, empty or not comparable
└── PeerError           a peer that could not be installed or that failed
"""

from pathlib import Path


class EvalError(Exception):
    """Root of this package's errors."""


class DatasetError(EvalError):
    """An evaluation set that cannot be used; `path` and `line` (from 1; None for the whole file) say where."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


class ConfigurationError(EvalError):
    """An unknown or invalid configuration."""


class RunError(EvalError):
    """A run on disk that is missing, damaged, empty or not comparable."""


class PeerError(EvalError):
    """A peer that could not be installed or that failed; the message says why."""
