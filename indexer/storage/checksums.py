"""Checksums of the files of a folder, by which damage is noticed before they are opened."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Checksums = dict[str, tuple[int, str]]  # a file's path in its folder: its size in bytes, its BLAKE2b in hex
_LARGEST_BYTES = 16_000_000  # of a signed file


def checksums(folder: Path, names: Iterable[str]) -> Checksums:
    """The checksums of these files, after they are flushed to the disk."""
    found: Checksums = {}
    for name in names:
        with (folder / name).open("rb") as file:
            os.fsync(file.fileno())
            found[name] = (os.fstat(file.fileno()).st_size, hashlib.file_digest(file, _digest).hexdigest())
    return found


def is_whole(folder: Path, stored: Mapping[str, tuple[int, str]]) -> bool:
    """Whether no file has changed; sizes are compared first, because a damaged file can seem to have terabytes."""
    try:
        if any((folder / name).stat().st_size != size for name, (size, _) in stored.items()):
            return False
        for name, (_, digest) in stored.items():
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, _digest).hexdigest() != digest:
                    return False
    except OSError:
        return False
    return True


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
