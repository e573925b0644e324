"""What an evaluation raises on purpose.

EvalError
├── DatasetError        a set of questions or relevance judgements that cannot be used; names the file and the line
├── ConfigurationError  a configuration of retrieval that is none
├── RunError            a run on disk that is missing, damaged, empty or not comparable
└── PeerError           another system that cannot be installed or that failed
"""

from pathlib import Path


class EvalError(Exception):
    """Root of everything that this package raises on purpose."""


class DatasetError(EvalError):
    """A set that cannot be used; `path` and `line` (from 1, or None for the whole file) say where."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


class ConfigurationError(EvalError):
    """A configuration of retrieval that is none."""


class RunError(EvalError):
    """A run on disk that is missing, damaged, empty or not comparable."""


class PeerError(EvalError):
    """Another system that cannot be installed or that failed; the message says why."""
