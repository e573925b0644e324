"""Where a model is opened from: a local folder or, only with an explicit word, the model hub."""

import re
from pathlib import Path

HUB = "hub:"  # before the name of a model that may be downloaded
_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")


def place_of(spec: str) -> str | None:
    """The folder or the hub name that a spec names; None when it names neither, and nothing is to be asked."""
    if spec.startswith(HUB):
        name = spec.removeprefix(HUB)
        return name if _HUB_NAME.fullmatch(name) else None
    return spec if Path(spec).is_dir() else None
