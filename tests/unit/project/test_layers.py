"""The arrows of the house: imports point one way."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def imports_of(path: Path) -> set[str]:
    """The top-level packages that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_the_contracts_in_pyproject_hold() -> None:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command
    result = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_page_does_not_know_the_evaluation() -> None:
    assert "eval" not in imports_of(ROOT / "app.py")


def test_no_package_reads_the_environment_but_in_its_command_line() -> None:
    readers = [
        path.relative_to(ROOT)
        for package in ("corpus", "indexer", "chat", "eval")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__main__.py" and re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))
    ]
    assert readers == []
