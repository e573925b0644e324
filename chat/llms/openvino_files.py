"""The local model in OpenVINO's form: converted once from its GGUF file, used only if complete."""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from chat.errors import WeightsError
from chat.llms.known_weights import LOCAL, Weights
from chat.llms.row_scales import rewrite_with_row_scales
from chat.llms.weights import find_weights

_MADE = "made.json"
_MAKING = "making-"
_GGUF = "model.gguf"
_NEEDED_TIMES = 3.7  # the size of the weights: the joined file, its 8-bit copy and OpenVINO's exist side by side

_Bytes = npt.NDArray[np.uint8]


def find_openvino_files(
    models_folder: Path, *, weights: Weights = LOCAL, report: Callable[[str], None] = lambda line: None
) -> Path:
    """The folder of the converted model, converted first if missing or incomplete; `report` receives a line about that.

    Raises WeightsError with the fix, also if the packages that hold the weights are not installed.
    """
    folder = models_folder / f"{Path(weights.file_name).stem}.openvino"
    if _is_whole(folder, weights):
        return folder
    try:
        models_folder.mkdir(parents=True, exist_ok=True)
        with FileLock(models_folder / "making.lock"):
            if not _is_whole(folder, weights):  # another process may have made it in the meantime
                _make_in_place(folder, weights, report)
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written: {error.strerror or error}") from error
    return folder


def _make_in_place(folder: Path, weights: Weights, report: Callable[[str], None]) -> None:
    for left_by_a_killed_process in folder.parent.glob(f"{_MAKING}*"):
        shutil.rmtree(left_by_a_killed_process)
    _refuse_a_full_disk(folder, int(_NEEDED_TIMES * weights.size_bytes))
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_MAKING) as temporary:
        joined = find_weights(folder.parent, weights=weights, joined_in=Path(temporary))
        report("Converting the local model for this machine, once: about a minute ...")
        made = Path(temporary) / folder.name
        made.mkdir()
        _make(joined, made, weights)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)


def _refuse_a_full_disk(folder: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(folder.parent).free
    if free < needed_bytes:
        raise WeightsError(
            f"making {folder} needs {needed_bytes / 1e9:.1f} GB for a minute, but only {free / 1e9:.1f} GB are free; "
            "free some, or choose another data folder with --data"
        )


def _make(gguf: Path, folder: Path, weights: Weights) -> None:
    import openvino_genai as genai

    in_eight_bits(gguf, folder / _GGUF)
    try:
        genai.LLMPipeline(str(folder / _GGUF), "CPU", enable_save_ov_model=True)
    except RuntimeError as error:
        reason = (str(error).strip().splitlines() or [""])[-1]
        raise WeightsError(f"OpenVINO cannot read {weights.file_name}: {reason}") from error
    (folder / _GGUF).unlink()
    rewrite_with_row_scales(folder)
    sizes = {file.name: file.stat().st_size for file in folder.iterdir()}
    (folder / _MADE).write_text(json.dumps({"sha256": weights.sha256, "sizes_bytes": sizes}))


def _is_whole(folder: Path, weights: Weights) -> bool:
    """Whether it was made from these weights and every file still has its size."""
    try:
        made = json.loads((folder / _MADE).read_text())
        whole = all((folder / name).stat().st_size == size for name, size in made["sizes_bytes"].items())
        return bool(made["sha256"] == weights.sha256 and whole)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False


def in_eight_bits(source: Path, target: Path) -> None:
    """Copy a GGUF file, widening 5-bit weights (Q5_0), which OpenVINO does not read, to 8 bits (Q8_0).

    No value changes.
    """
    import gguf

    five, eight = gguf.GGMLQuantizationType.Q5_0, gguf.GGMLQuantizationType.Q8_0
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    for field in reader.fields.values():
        if field.name != "general.architecture" and not field.name.startswith("GGUF."):
            item_type = field.types[1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=item_type)
    for tensor in reader.tensors:
        is_five: Any = tensor.tensor_type == five
        writer.add_tensor(
            tensor.name,
            widened(tensor.data) if is_five else tensor.data,
            raw_dtype=eight if is_five else tensor.tensor_type,
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def widened(rows: _Bytes) -> _Bytes:
    """Convert rows of Q5_0 blocks to rows of Q8_0 blocks with the same values.

    A block starts with a half-float scale and holds 32 weights. In Q5_0, 4 bytes hold the weights' fifth bits and 16
    bytes their lower four bits (weight n in the low nibble, weight n + 16 in the high one), offset by 16. In Q8_0, 32
    signed bytes hold the weights (ggml-common.h and ggml-quants.c of llama.cpp).
    """
    blocks = rows.reshape(-1, 22)
    wide = np.empty((len(blocks), 34), np.uint8)
    wide[:, :2] = blocks[:, :2]
    fifth = np.unpackbits(blocks[:, 2:6], axis=1, bitorder="little") << 4
    lower = blocks[:, 6:]
    wide[:, 2:18] = (lower & 15 | fifth[:, :16]) - 16
    wide[:, 18:] = (lower >> 4 | fifth[:, 16:]) - 16
    return wide.reshape(len(rows), -1)
