"""Measures how time, memory and disk grow with the archive: `python -m eval.scale`."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.files import write_whole
from eval.results.surroundings import surroundings
from eval.scale.measuring import measured
from eval.scale.plot import write_plot

_SIZES = (10_000, 100_000, 1_000_000)


def main(
    passages: Annotated[list[int] | None, typer.Option(help="Archive sizes. [default: 10000, 100000, 1000000]")] = None,
    folder: Annotated[Path | None, typer.Option(help="Keep the archives here and reuse them.")] = None,
    graphs: Annotated[bool, typer.Option(help="Build the graphs, which takes longest.")] = True,
    figures: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the docs.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the plot to this SVG file.")] = None,
) -> None:
    """Print the figures of each size as JSON; a million passages take about an hour and 10 GB of disk."""
    sizes: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as own:
        for size in passages or _SIZES:
            place = (folder or Path(own)) / f"{size}{'' if graphs else '-without-graphs'}"
            sizes.append(measured(place, size, with_graphs=graphs))
            print(json.dumps(sizes[-1]), flush=True)
            if not folder:
                shutil.rmtree(place)
    if figures:
        sizes = merged(figures, sizes)
        machine = {name: surroundings()["machine"][name] for name in ("processor", "cores")}
        write_whole(figures, json.dumps({"machine": machine, "sizes": sizes}, indent=1) + "\n")
    if plot:
        write_plot(plot, [one for one in sizes if one["graphs"]])


def merged(path: Path, sizes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the earlier figures of other sizes, and the build times of archives that were not built this time."""
    earlier = json.loads(path.read_text(encoding="utf-8"))["sizes"] if path.is_file() else []
    known = {(one["passages"], one["graphs"]): one for one in earlier}
    for one in sizes:
        key = (one["passages"], one["graphs"])
        known[key] = one | {"build_s": one["build_s"] or known.get(key, one)["build_s"]}
    return [known[key] for key in sorted(known)]


if __name__ == "__main__":
    typer.run(main)
