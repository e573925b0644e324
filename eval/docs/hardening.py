"""The table of attacks and what held, from the figures that `make torture` wrote."""

import json
from pathlib import Path


def hardening_text(path: Path) -> str:
    """One row for each attack; a sentence when nothing was measured."""
    if not path.is_file():
        return "Not measured yet."
    attacks = json.loads(path.read_text(encoding="utf-8"))["attacks"]
    rows = [f"| {name} | {one['tried']} | {one['held']} | {one['on']} |" for name, one in attacks.items()]
    machines = sorted({one["machine"] for one in attacks.values()})
    head = ["| attack | tried | result | measured |", "| --- | --- | --- | --- |"]
    note = f"Each row is what that part of `make torture` printed on {'; '.join(machines)}."
    return "\n".join([*head, *rows, "", note])
