"""Measures how fast an archive is built and searched: `python -m eval.index_speed`, on real and synthetic articles."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eval.files import write_whole
from eval.index_speed.adding_again import adding_again_figures
from eval.index_speed.embedding import embedding_figures
from eval.index_speed.figure import Figure
from eval.index_speed.searching import memory_figures, query_figures
from eval.results.surroundings import surroundings

_SIZES = (35_000, 200_000)  # passages


class Part(StrEnum):
    """What is measured."""

    EMBEDDING = "embedding"
    UNCHANGED = "unchanged"
    QUERIES = "queries"
    MEMORY = "memory"


def main(
    part: Annotated[list[Part] | None, typer.Option(help="What to measure. [default: all]")] = None,
    passages: Annotated[
        list[int] | None, typer.Option(help="Archive sizes for the queries. [default: 35000 and 200000]")
    ] = None,
    articles: Annotated[int, typer.Option(help="How many real articles are embedded.")] = 200,
    unchanged: Annotated[int, typer.Option(help="How many synthetic articles are added again.")] = 5_000,
    memory: Annotated[int, typer.Option(help="The archive size, in passages, for the memory figure.")] = 100_000,
    folder: Annotated[Path | None, typer.Option(help="Keep the synthetic archives here and reuse them.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    figures: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file, for the docs.")] = None,
) -> None:
    """Print a table of figures; building 200,000 passages takes some minutes, the rest less."""
    with tempfile.TemporaryDirectory() as own:
        place = folder or Path(own)
        measures: dict[Part, Callable[[], Iterator[Figure]]] = {
            Part.EMBEDDING: lambda: embedding_figures(articles),
            Part.UNCHANGED: lambda: adding_again_figures(unchanged),
            Part.QUERIES: lambda: (one for size in passages or _SIZES for one in query_figures(place, size)),
            Part.MEMORY: lambda: memory_figures(place, memory),
        }
        measured = {one: list(_printed(measures[one](), quiet=as_json)) for one in part or list(Part)}
    parts: dict[str, list[dict[str, object]]] = {one: [asdict(each) for each in some] for one, some in measured.items()}
    if as_json:
        print(json.dumps([each for some in parts.values() for each in some], indent=1))
    if figures:
        write_whole(figures, json.dumps(merged_figures(figures, parts), indent=1) + "\n")


def merged_figures(path: Path, measured: Mapping[str, object]) -> dict[str, object]:
    """The new parts, with the other parts of the file where they were measured on the same machine."""
    machine = {name: surroundings()["machine"][name] for name in ("processor", "cores")}
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    parts = (earlier["parts"] if earlier.get("machine") == machine else {}) | dict(measured)
    return {"machine": machine, "parts": {part: parts[part] for part in Part if part in parts}}


def _printed(figures: Iterator[Figure], *, quiet: bool) -> Iterator[Figure]:
    for figure in figures:
        if not quiet:
            print(f"{figure.what:64}{figure.value:10.2f} {figure.unit:12}{figure.asked}", flush=True)
        yield figure


if __name__ == "__main__":
    typer.run(main)
