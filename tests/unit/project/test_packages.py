"""What pyproject.toml promises to install."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]


def test_every_extra_that_another_one_asks_for_exists() -> None:
    extras = PROJECT["optional-dependencies"]
    asked = [re.match(r"dateline\[(.*)\]", one) for packages in extras.values() for one in packages]
    names = {name for match in asked if match for name in match[1].split(",")}
    assert names
    assert names <= set(extras)
