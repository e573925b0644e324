"""A virtual environment for each peer, with the packages that the project itself lacks."""

import hashlib
import json
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

from eval.errors import PeerError

_INSTALLED = "installed.json"


def environment_for(name: str, packages: Sequence[str], root: Path) -> Path:
    """The Python of an environment with these packages, created on first use; raises PeerError with pip's reason.

    The environment also sees the project's packages, after its own: every peer then embeds with the same torch and
    sentence-transformers, and these two gigabytes are installed once.
    """
    key = hashlib.sha256(json.dumps([sys.version, sys.prefix, *packages]).encode()).hexdigest()[:8]
    folder = root / f"{name}-{key}"
    python = folder / "bin" / "python"
    if (folder / _INSTALLED).is_file():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, symlinks=True, with_pip=False)
    own = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    (Path(own) / "project.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    _install(python, packages)
    (folder / _INSTALLED).write_text(json.dumps(list(packages)), encoding="utf-8")
    return python


def _install(python: Path, packages: Sequence[str]) -> None:
    if not packages:
        return
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*pip, *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerError(f"not installed: {reason_in(done.stderr)}")


def reason_in(stderr: str) -> str:
    """The reason for a failure of pip: its last line."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1].removeprefix("ERROR: ") if lines else "pip printed nothing"
