"""What the processor is and which instructions it has."""

import os
import platform
from pathlib import Path


def instructions() -> frozenset[str]:
    """As Linux names them; elsewhere none are known."""
    return frozenset(_told("flags").split())


def described() -> dict[str, object]:
    """What makes one processor's speed differ from another's."""
    name = _told("model name") or f"{platform.system()} {platform.machine()} {platform.processor()}"
    return {"processor": name, "cores": os.cpu_count(), "instructions": sorted(instructions())}


def _told(what: str) -> str:
    """Of the first core."""
    if platform.system() != "Linux":
        return ""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.partition(":")[0].strip() == what), "")
