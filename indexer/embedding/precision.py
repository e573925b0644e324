"""Which precision embeds passages fastest on this processor: measured on first use and remembered."""

import contextlib
import importlib.metadata
import importlib.util
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from indexer.embedding import processor
from indexer.embedding.plain_sentences import PLAIN_SENTENCES
from indexer.storage.checksums import read_signed, write_signed

Precisions = Mapping[str, Callable[[], BaseEmbedding]]

FILE_NAME = "precision.json"  # in the data folder
MANY = 500  # texts; to measure for fewer would cost more than it saves
SOME = 100  # texts; for fewer, what was chosen before would take longer to prepare than it saves
_A_QUESTIONS = 64  # texts: a call of no more is for a reader, who should not wait until something is prepared
_REFERENCE = "float32"
_LEAST_COSINE = 0.999  # to float32, of every passage measured
_ROUNDS = 2
_PASSAGES = 16
_PASSAGE_SENTENCES = 8
_LIBRARIES = ("llama-index-embeddings-huggingface", "numba", "sentence-transformers", "torch", "transformers")


class FastestEmbedding(BaseEmbedding):
    """Embeds questions as `plain` does, and many passages in the fastest precision; few too, once it is ready."""

    _plain: BaseEmbedding = PrivateAttr()
    _precisions: Precisions = PrivateAttr()
    _path: Path = PrivateAttr()
    _conditions: dict[str, object] = PrivateAttr()
    _chosen: str | None = PrivateAttr()
    _fastest: BaseEmbedding | None = PrivateAttr(default=None)
    _asked: int = PrivateAttr(default=0)

    def __init__(self, plain: BaseEmbedding, precisions: Precisions, path: Path, fingerprint: str) -> None:
        """`precisions` hold float32, which the others must come near; the choice is kept in the file at `path`."""
        super().__init__(model_name=plain.model_name, embed_batch_size=256)
        self._plain, self._precisions, self._path = plain, precisions, path
        self._conditions = conditions(fingerprint, precisions)
        self._chosen = remembered(path, self._conditions)

    def get_ready(self) -> None:
        """Choose and prepare the fastest precision now, in some seconds, for calls of any size after this one."""
        made = self._precisions[self._chosen or self._choose()]()
        made.get_text_embedding_batch(list(PLAIN_SENTENCES[:2]))  # the first pays for what is prepared late
        self._fastest = made

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        self._asked += len(texts) if len(texts) > _A_QUESTIONS else 0
        if self._fastest is None and self._asked >= (MANY if self._chosen is None else SOME):
            self._fastest = self._precisions[self._chosen or self._choose()]()
        return (self._fastest or self._plain).get_text_embedding_batch(texts)

    def _choose(self) -> str:
        told = measured(self._precisions)
        with contextlib.suppress(OSError):  # then it is measured again another time
            write_signed(self._path, {"conditions": self._conditions, **told})
        return str(told["fastest"])

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._plain.get_query_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def conditions(fingerprint: str, precisions: Precisions) -> dict[str, object]:
    """All on which it depends what is fastest, as JSON has it."""
    versions = {one: importlib.metadata.version(one) for one in _LIBRARIES if _is_installed(one)}
    return {**processor.described(), "versions": versions, "model": fingerprint, "precisions": sorted(precisions)}


def _is_installed(library: str) -> bool:
    return next(iter(importlib.metadata.distributions(name=library)), None) is not None


def remembered(path: Path, given: Mapping[str, object]) -> str | None:
    """What was the fastest under these conditions; None where that is not known."""
    told = read_signed(path)
    return told.get("fastest") if isinstance(told, dict) and told.get("conditions") == given else None


def measured(precisions: Precisions) -> dict[str, Any]:
    """The fastest of those that come near enough to float32, and how fast and how near each one is."""
    embeddings = {name: make() for name, make in precisions.items()}
    passages = _passages()
    for embedding in embeddings.values():
        embedding.get_text_embedding_batch(passages[:2])  # the first pays for what is prepared late
    seconds = dict.fromkeys(embeddings, float("inf"))
    vectors: dict[str, npt.NDArray[np.float64]] = {}
    for name, embedding in list(embeddings.items()) * _ROUNDS:
        started = time.perf_counter()
        vectors[name] = np.asarray(embedding.get_text_embedding_batch(passages))
        seconds[name] = min(seconds[name], time.perf_counter() - started)
    cosines = {name: _least_cosine(made, vectors[_REFERENCE]) for name, made in vectors.items()}
    near = [name for name in embeddings if name == _REFERENCE or cosines[name] >= _LEAST_COSINE]
    rates = {name: len(passages) / taken for name, taken in seconds.items()}
    return {"fastest": max(near, key=rates.__getitem__), "passages_per_second": rates, "least_cosine": cosines}


def _least_cosine(made: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]) -> float:
    lengths = np.linalg.norm(made, axis=1) * np.linalg.norm(wanted, axis=1)
    return float(((made * wanted).sum(axis=1) / lengths).min())


def _passages() -> list[str]:
    """As long as an archive's, of sentences that no precision is prepared with."""
    sentences = PLAIN_SENTENCES[1::2] * 2
    return [" ".join(sentences[first : first + _PASSAGE_SENTENCES]) for first in range(_PASSAGES)]


def precisions_of(embedding: BaseEmbedding, load: Callable[[str], BaseEmbedding]) -> Precisions:
    """What can be tried for a model, of which `embedding` is one form and `load` gives that of a type."""
    found: dict[str, Callable[[], BaseEmbedding]] = {_REFERENCE: partial(load, _REFERENCE)}
    if has_bfloat16():
        found["bfloat16"] = partial(load, "bfloat16")
    if _has_int8() and is_mean_pooled_bert(embedding):
        found["int8"] = lambda: _int8(load(_REFERENCE))
    return found


def has_bfloat16() -> bool:
    """Whether the processor computes in it; where it does not, it is slower."""
    return not processor.instructions().isdisjoint({"avx512_bf16", "amx_bf16"})


def _has_int8() -> bool:
    has = not processor.instructions().isdisjoint({"avx512_vnni", "avx_vnni"})
    return has and importlib.util.find_spec("numba") is not None


def _int8(plain: BaseEmbedding) -> BaseEmbedding:
    try:
        from indexer.embedding.int8_embedding import Int8Embedding
    except (ImportError, RuntimeError):  # numba does not go with the other libraries, or may write nowhere
        return plain
    return Int8Embedding(plain, PLAIN_SENTENCES[::2])


def is_mean_pooled_bert(embedding: BaseEmbedding) -> bool:
    """Whether it is of the architecture that is computed in int8: BERT, mean pooling, normalised, no prompts."""
    model: Any = getattr(embedding, "_model", None)
    kinds = [type(part).__name__ for part in model.children()] if hasattr(model, "children") else []
    if kinds[:2] != ["Transformer", "Pooling"] or not getattr(embedding, "normalize", False):
        return False
    bert = model[0].auto_model
    return (
        kinds[2:] in ([], ["Normalize"])
        and type(bert).__name__ == "BertModel"
        and bert.config.hidden_act == "gelu"
        and model[1].get_config_dict().get("pooling_mode") == "mean"
        and model.truncate_dim is None
        and not any(model.prompts.values())
    )
