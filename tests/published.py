"""Figures of the long form of the reliability tests, written where docs/hardening.md takes them from."""

import fcntl
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

_SHARE = float(os.environ.get("DATELINE_TORTURE", "0"))  # of the long form: 1 is all of it, 0.1 a tenth
TORTURE = _SHARE > 0
FIGURES = Path(__file__).parents[1] / "eval" / "figures" / "hardening.json"


def so_many(long: int, short: int) -> int:
    """How often something is tried: so often in the long form, or its share, and less often in the suite."""
    return max(short, int(_SHARE * long))


def publish(attack: str, tried: str, held: str) -> None:
    """Print what was tried and what held; the long form also replaces the row of that attack in the file of figures."""
    print(f"{attack}: {tried}; {held}")
    if not TORTURE:
        return
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    row = {"tried": tried, "held": held, "on": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine}
    with FIGURES.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two processes run the tests
        file.seek(0)
        rows = json.loads(file.read() or '{"attacks": {}}')["attacks"] | {attack: row}
        file.truncate(0)
        file.write(json.dumps({"attacks": rows}, indent=1, ensure_ascii=False) + "\n")
