"""The tables of docs/scale.md, made from the figures that `make bench-scale` wrote."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Size = Mapping[str, Any]

_FILE = "scale.json"


def scale_text(folder: Path) -> str:
    """A row for each measure and a column for each size, from the smallest; nothing before it was measured."""
    path = folder / _FILE
    if not path.is_file():
        return ""
    stored = json.loads(path.read_text(encoding="utf-8"))
    sizes, machine = stored["sizes"], stored["machine"]
    head = ["", *(_name(one) for one in sizes)]
    rows = [["---"] * len(head), *([what, *map(str, values)] for what, values in _rows(sizes))]
    lines = [f"| {' | '.join(row)} |" for row in [head, *rows]]
    return f"Measured on {machine['cores']} cores of {machine['processor']}:\n\n" + "\n".join(lines)


def _name(size: Size) -> str:
    return f"{size['passages']:,} passages" + ("" if size["graphs"] else ", no graphs")


def _rows(sizes: Sequence[Size]) -> list[tuple[str, list[str]]]:
    queries = [
        (f"query, {name}, p50 / p95", [f"{low:.0f} / {high:.0f} ms" for low, high in _queries(sizes, name)])
        for name in sizes[0]["query_ms"]
    ]
    return [
        ("recall@10 against comparison with all", [f"{one['recall']:.3f}" for one in sizes]),
        *queries,
        ("start to first answer", [f"{one['start_s']:.1f} s" for one in sizes]),
        (
            "one more article, added (median / longest of 5)",
            [_median_and_longest(one["one_more_s"]["add"]) for one in sizes],
        ),
        ("until an open page has it", [_median_and_longest(one["one_more_s"]["refresh"]) for one in sizes]),
        ("memory of the process", [f"{one['own_bytes'] / 1e9:.2f} GB" for one in sizes]),
        ("with mapped files, largest", [f"{one['largest_bytes'] / 1e9:.2f} GB" for one in sizes]),
        *(
            (f"disk: {part}", [f"{one['disk_bytes'][part] / 1e9:.2f} GB" for one in sizes])
            for part in sizes[0]["disk_bytes"]
        ),
        *(
            (f"built in: {part}", [_seconds(one["build_s"].get(part)) for one in sizes])
            for part in ("articles", "keywords", "vectors", "graphs")
        ),
        ("segments of vectors", [str(one["segments"]) for one in sizes]),
    ]


def _queries(sizes: Sequence[Size], name: str) -> list[list[float]]:
    return [one["query_ms"][name] for one in sizes]


def _seconds(measured: float | None) -> str:
    return "not measured" if measured is None else f"{measured:.0f} s"


def _median_and_longest(seconds: Sequence[float]) -> str:
    return f"{sorted(seconds)[len(seconds) // 2]:.2f} / {max(seconds):.2f} s"
