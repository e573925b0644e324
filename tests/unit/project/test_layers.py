"""The arrows of the house: imports point one way."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_contracts_in_pyproject_hold() -> None:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command
    result = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_package_reads_the_environment_but_in_its_command_line() -> None:
    readers = [
        path.relative_to(ROOT)
        for package in ("corpus", "indexer", "chat", "web", "eval")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__main__.py"
        and re.search(r"os\.environ|getenv", text := path.read_text(encoding="utf-8"))
        and 'if __name__ == "__main__":' not in text
    ]
    assert readers == []


def test_no_folder_has_more_than_20_modules_and_no_module_more_than_350_lines() -> None:
    modules = [
        path for package in ("corpus", "indexer", "chat", "web", "eval") for path in (ROOT / package).rglob("*.py")
    ]
    folders = Counter(path.parent.relative_to(ROOT) for path in modules)
    assert {folder for folder, count in folders.items() if count > 20} == set()
    lengths = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n") for path in modules}
    assert {path for path, length in lengths.items() if length > 350} == set()
