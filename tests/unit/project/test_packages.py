"""What pyproject.toml promises to install."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKED = ("local-llm", "fast", "mcp")  # the extras of `make run`


def test_every_extra_that_another_one_asks_for_exists() -> None:
    extras = PROJECT["optional-dependencies"]
    asked = [re.match(r"dateline\[(.*)\]", one) for packages in extras.values() for one in packages]
    names = {name for match in asked if match for name in match[1].split(",")}
    assert names
    assert names <= set(extras)


def versions(name: str) -> dict[str, str]:
    """The pinned packages of a file, by their normalised names."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in lines}


def test_the_lock_has_every_package_with_hashes_at_the_version_that_was_tested() -> None:
    locked, tested = versions("requirements.lock"), versions("constraints.txt")
    wanted = [*PROJECT["dependencies"], *(one for extra in LOCKED for one in PROJECT["optional-dependencies"][extra])]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=~!\[; ]", one)[0]).lower() for one in wanted}
    assert names - set(locked) == set(), "write it again with: make lock"
    assert {name for name in names & set(tested) if locked[name] != tested[name]} == set()
    text = (ROOT / "requirements.lock").read_text()
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) > len(locked)
    assert not re.search(r"https?://|file:", text)
