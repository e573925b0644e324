"""Checksums of the files of a folder, by which damage is noticed before they are opened."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

Checksums = dict[str, tuple[int, str, int]]  # a file's path in its folder: its bytes, its BLAKE2b, when it changed (ns)
_LARGEST_BYTES = 16_000_000  # of a signed file


def checksums(
    folder: Path, names: Iterable[str], known: Mapping[str, Sequence[Any]] = MappingProxyType({})
) -> Checksums:
    """The checksums of these files, flushed to the disk first; known ones of unchanged files are taken over."""
    found: Checksums = {}
    for name in names:
        if name in known and _state(folder / name) == _known_state(known[name]):
            size, digest, changed_ns = known[name]
            found[name] = (size, digest, changed_ns)
            continue
        with (folder / name).open("rb") as file:
            os.fsync(file.fileno())
            state = os.fstat(file.fileno())
            found[name] = (state.st_size, hashlib.file_digest(file, _digest).hexdigest(), state.st_mtime_ns)
    return found


def is_whole(folder: Path, stored: Mapping[str, Sequence[Any]]) -> bool:
    """Whether no file has changed; sizes are compared first, because a damaged file can seem to have terabytes."""
    try:
        if any((folder / name).stat().st_size != size for name, (size, *_) in stored.items()):
            return False
        return all(_digest_of(folder / name) == digest for name, (_, digest, *_) in stored.items())
    except OSError:
        return False


def is_unchanged(folder: Path, stored: Mapping[str, Sequence[Any]]) -> bool:
    """As `is_whole`, but files that nobody has written to since are not read."""
    try:
        suspects = {name: one for name, one in stored.items() if _state(folder / name) != _known_state(one)}
    except OSError:
        return False
    return is_whole(folder, suspects)


def with_states(folder: Path, stored: Mapping[str, Sequence[Any]]) -> Checksums:
    """The checksums of files that are whole, with when they changed: a copied folder has other times."""
    return {name: (size, digest, _state(folder / name)[1]) for name, (size, digest, *_) in stored.items()}


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, _digest).hexdigest()


def _state(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _known_state(stored: Sequence[Any]) -> tuple[Any, Any]:
    size, _, *changed_ns = stored
    return size, changed_ns[0] if changed_ns else None


def write_signed(path: Path, value: Any) -> None:
    """Write a JSON file with its own checksum, atomically."""
    text = json.dumps(value, sort_keys=True)
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        json.dump({"checksum": _checksum(text), "value": value}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def read_signed(path: Path) -> Any:
    """What `write_signed` wrote; None when the file is missing or has changed."""
    try:
        with path.open("rb") as file:
            signed = json.loads(file.read(_LARGEST_BYTES))
        is_unchanged = signed["checksum"] == _checksum(json.dumps(signed["value"], sort_keys=True))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return signed["value"] if is_unchanged else None


def _digest() -> Any:
    return hashlib.blake2b(digest_size=16)


def _checksum(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
