"""The environment of a run: the project's code, the packages and the machine."""

import hashlib
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = (
    *("chromadb", "tantivy", "llama-index-core", "sentence-transformers", "torch", "transformers", "numpy", "scipy"),
    *("ir-measures", "pytrec-eval-terrier", "openvino-genai", "xllamacpp"),
)
_ROOT = Path(__file__).parents[2]


def surroundings() -> dict[str, Any]:
    """The project's code, the packages and the machine, in plain JSON types."""
    return {
        "code": _code(),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        },
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command_line": sys.argv[1:],
    }


def _code() -> str:
    """A hash of the project's own code, which identifies a state between two version numbers."""
    digest = hashlib.sha256()
    for package in ("corpus", "indexer", "chat", "eval"):
        for path in sorted((_ROOT / package).rglob("*.py")):
            digest.update(f"{path.relative_to(_ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
