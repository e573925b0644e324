"""A generation of the vector index: the segments that its manifest lists, replaced atomically."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.storage.checksums import Checksums, read_signed, write_signed

_FORMAT = 2  # of the segments; an index of another format is built again from the archive, without embedding


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of the passages of a generation, written once and then only read."""

    folder: str
    passages: int
    years: Mapping[str, int]  # of publication, each with its number of passages; "0" for undated articles
    is_fresh: bool  # small or new: without a graph, and of any years
    files: Checksums  # empty on a server, which keeps its files itself

    @property
    def numbers_of_years(self) -> tuple[int, ...]:
        """The years of publication as numbers."""
        return tuple(map(int, self.years))


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete vector index, made with one model, in step with the archive's `sequence`."""

    model: str
    sequence: int = 0
    segments: tuple[Segment, ...] = ()


def read_generation(manifest: Path, model: str) -> Generation:
    """What the manifest lists; nothing when it is missing, damaged, of another model or of another format."""
    stored = read_signed(manifest)
    if stored is None or stored["model"] != model or stored.get("format") != _FORMAT:
        return Generation(model)
    return Generation(model, stored["sequence"], tuple(Segment(**one) for one in stored["segments"]))


def write_generation(manifest: Path, generation: Generation) -> None:
    """Replace what the manifest lists."""
    manifest.parent.mkdir(parents=True, exist_ok=True)
    write_signed(manifest, asdict(generation) | {"format": _FORMAT})


def listed_folders(manifest: Path) -> set[str]:
    """The segments that the manifest lists, whatever its model or format."""
    stored = read_signed(manifest)
    return {segment["folder"] for segment in stored["segments"]} if stored else set()
