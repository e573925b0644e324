"""Passages embedded by a BERT whose linear layers multiply 8-bit integers, several times as fast as floats.

Each row of a layer's inputs has a range of its own, each row of the weights too. Before that the inputs' channels are
centred on their means and evened out against the weights' (SmoothQuant, Xiao et al. 2023), with means and ranges as
they are on a few sentences; the channels that stand out in the feed-forward layer stay floats (LLM.int8(), Dettmers et
al. 2022). Rows lie one after the other without padding, and each core computes batches of its own.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr
from torch import nn
from torch.nn import functional

from indexer.embedding import int8_kernels as kernels

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_EVENED = 0.5  # how much of the inputs' ranges the weights take over
_WIDE_CHANNELS = 16
_BATCH_ROWS = 1_024  # tokens; their activations stay in a core's caches
_ROWS_STEP = 64  # oneDNN prepares itself anew for every other number of rows
_TEXTS_A_CALL = 256


class Int8Embedding(BaseEmbedding):
    """Embeds passages in 8-bit integers, and questions as the model that it was made of does."""

    _plain: BaseEmbedding = PrivateAttr()
    _encoder: "_Encoder" = PrivateAttr()

    def __init__(self, plain: BaseEmbedding, sentences: Sequence[str]) -> None:
        """Of a BERT in float32; the sentences show what ranges the inputs of its layers have."""
        super().__init__(model_name=plain.model_name, embed_batch_size=_TEXTS_A_CALL)
        self._plain = plain
        self._encoder = _Encoder(plain._model, sentences)  # type: ignore[attr-defined]  # it has no public name

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        made: list[list[float]] = self._encoder.encode(texts).tolist()
        return made

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._plain.get_query_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Quantised rows, with the step and the least value of each."""

    whole: torch.Tensor
    ranges: np.ndarray[Any, np.dtype[np.float32]]


class _Linear:
    """A linear layer whose integer weights are prepared once for oneDNN."""

    def __init__(self, layers: Sequence[nn.Linear], inputs: torch.Tensor, wide_channels: int = 0) -> None:
        """Of one layer, or of several side by side; `inputs` are rows that they were given."""
        weight = torch.cat([one.weight.detach() for one in layers])
        bias = torch.cat([one.bias.detach() for one in layers])
        mean = inputs.mean(0)
        evening = (_spread(inputs - mean) / _spread(weight)) ** _EVENED
        wide = (inputs - mean).abs().amax(0).topk(wide_channels).indices
        kept = torch.ones_like(mean).index_fill(0, wide, 0.0)
        self.wide, self.wide_weight = wide.numpy(), weight[:, wide].T.contiguous()
        self.before = torch.stack((kept / evening, -mean * kept / evening)).numpy()
        evened = weight * kept * evening
        self._scales = evened.abs().amax(1) / 127
        whole = (evened / self._scales[:, None]).round().to(torch.int8).contiguous()
        self.after = torch.stack((whole.sum(1) * self._scales, bias + (weight * kept) @ mean)).numpy()
        self._packed = torch.ops.onednn.qlinear_prepack(whole, None)
        self._zeros = torch.zeros(len(whole), dtype=torch.int32)

    def product(self, rows: _Rows) -> torch.Tensor:
        """Of the integers alone: the kernels add what the ranges and the bias bring."""
        given = (rows.whole, 1.0, 0, self._packed, self._scales, self._zeros, None, 1.0, 0, torch.float32)
        made: torch.Tensor = torch.ops.onednn.qlinear_pointwise(*given, "none", [], "")
        return made


class _Layer:
    """One layer of the encoder."""

    def __init__(self, layer: Any, seen: dict[nn.Module, torch.Tensor]) -> None:
        attention, output = layer.attention.self, layer.attention.output
        projections = [attention.query, attention.key, attention.value]
        self.heads: int = attention.num_attention_heads
        self.projections = _Linear(projections, seen[attention.query])
        self.mix = _Linear([output.dense], seen[output.dense])
        self.mix_norm = _norm(output.LayerNorm)
        self.up = _Linear([layer.intermediate.dense], seen[layer.intermediate.dense])
        self.down = _Linear([layer.output.dense], seen[layer.output.dense], _WIDE_CHANNELS)
        self.down_norm = _norm(layer.output.LayerNorm)
        self.epsilon = np.float32(output.LayerNorm.eps)

    def forward(
        self, residual: torch.Tensor, rows: _Rows, texts: Sequence[tuple[int, int]], following: _Linear
    ) -> None:
        """The residual becomes the layer's output, and `rows` the same for the layer that follows."""
        made = self.projections.product(rows)
        kernels.finish(made.numpy(), self.projections.after, rows.ranges)
        mixed = _attention(made, texts, self.heads)
        kernels.quantise(mixed.numpy(), self.mix.before, rows.whole.numpy(), rows.ranges)
        norm = (self.mix.after, residual.numpy(), self.mix_norm, self.epsilon, self.up.before)
        kernels.norm_and_quantise(self.mix.product(rows).numpy(), *norm, rows.whole.numpy(), rows.ranges)
        made = self.up.product(rows)
        inner = _Rows(torch.empty(made.shape, dtype=torch.uint8), rows.ranges)
        wide = torch.empty(len(made), len(self.down.wide))
        gelu = (self.up.after, self.down.wide, wide.numpy(), self.down.before)
        kernels.gelu_and_quantise(made.numpy(), *gelu, inner.whole.numpy(), inner.ranges)
        residual.addmm_(wide, self.down.wide_weight)
        norm = (self.down.after, residual.numpy(), self.down_norm, self.epsilon, following.before)
        kernels.norm_and_quantise(self.down.product(inner).numpy(), *norm, rows.whole.numpy(), rows.ranges)


def _spread(rows: torch.Tensor) -> torch.Tensor:
    """Of each column, between its greatest value and its root mean square: nearer to float32 than either (measured)."""
    return (rows.abs().amax(0) * rows.square().mean(0).sqrt()).sqrt().clamp_min(1e-6)


def _norm(norm: nn.LayerNorm) -> np.ndarray[Any, np.dtype[np.float32]]:
    return torch.stack((norm.weight, norm.bias)).detach().numpy()


def _attention(projected: torch.Tensor, texts: Sequence[tuple[int, int]], heads: int) -> torch.Tensor:
    """Over each text by itself; those of one length, which lie side by side, in one call."""
    width = projected.shape[1] // 3
    mixed = torch.zeros(len(projected), width)
    for first, count, length in _equally_long(texts):
        rows = slice(first, first + count * length)
        parts = projected[rows].view(count, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
        made = functional.scaled_dot_product_attention(*parts)
        mixed[rows] = made.transpose(1, 2).reshape(-1, width)
    return mixed


def _equally_long(texts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """First row, number of texts and their length, of neighbours that are equally long."""
    for length, group in groupby(texts, key=lambda text: text[1]):
        together = list(group)
        yield together[0][0], len(together), length


class _Encoder:
    """The whole model, from texts to unit vectors."""

    def __init__(self, model: "SentenceTransformer", sentences: Sequence[str]) -> None:
        bert: Any = model[0].auto_model
        self._threads = torch.get_num_threads()  # asked for later it may be 1, while another thread's workers start
        self._tokenize = partial(model.tokenizer, truncation=True, max_length=model.max_seq_length)
        self._words = bert.embeddings.word_embeddings.weight.detach()
        self._places = (
            bert.embeddings.position_embeddings.weight + bert.embeddings.token_type_embeddings.weight[0]
        ).detach()
        self._norm = bert.embeddings.LayerNorm
        with torch.inference_mode():
            seen = _inputs(model, sentences)
            self._layers = [_Layer(layer, seen) for layer in bert.encoder.layer]

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """A unit vector a text."""
        ids = self._tokenize(list(texts))["input_ids"]
        threads = self._threads
        batches = list(_batches(list(map(len, ids)), threads))
        vectors = np.empty((len(ids), self._words.shape[1]), np.float32)
        try:
            with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
                made = pool.map(self._embed, [[ids[at] for at in batch] for batch in batches])
                for batch, some in zip(batches, made, strict=True):
                    vectors[batch] = some.numpy()
        finally:
            torch.set_num_threads(threads)  # for threads still to come, which would start with the workers' one
        return vectors

    @torch.inference_mode()
    def _embed(self, texts: Sequence[Sequence[int]]) -> torch.Tensor:
        lengths = [len(one) for one in texts]
        starts = np.cumsum([0, *lengths])
        residual = self._embedded(texts, -(-int(starts[-1]) // _ROWS_STEP) * _ROWS_STEP)
        rows = _Rows(torch.empty(residual.shape, dtype=torch.uint8), np.empty((len(residual), 2), np.float32))
        projections = [layer.projections for layer in self._layers]
        kernels.quantise(residual.numpy(), projections[0].before, rows.whole.numpy(), rows.ranges)
        places = list(zip(starts.tolist(), lengths, strict=False))
        for layer, following in zip(self._layers, projections[1:] + projections[:1], strict=True):
            layer.forward(residual, rows, places, following)
        means = torch.stack([residual[first : first + length].mean(0) for first, length in places])
        return functional.normalize(means)

    def _embedded(self, texts: Sequence[Sequence[int]], count: int) -> torch.Tensor:
        """What the first layer is given, with rows of padding at the end of the whole batch."""
        ids, places = torch.zeros(2, count, dtype=torch.int64)
        held = sum(map(len, texts))
        ids[:held] = torch.tensor([one for text in texts for one in text])
        places[:held] = torch.cat([torch.arange(len(text)) for text in texts])
        return self._norm(self._words[ids] + self._places[places])  # type: ignore[no-any-return]


def _batches(lengths: Sequence[int], cores: int) -> Iterator[list[int]]:
    """The numbers of the texts, longest first, in batches of about as many tokens; few texts in one for each core."""
    most = min(_BATCH_ROWS, -(-sum(lengths) // cores) + max(lengths, default=0) // 2)
    batch: list[int] = []
    held = 0
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if batch and held + lengths[at] > most:
            yield batch
            batch, held = [], 0
        batch.append(at)
        held += lengths[at]
    if batch:
        yield batch


def _inputs(model: "SentenceTransformer", sentences: Sequence[str]) -> dict[nn.Module, torch.Tensor]:
    """The rows that each linear layer is given while the model embeds these sentences."""
    with _watched(model) as seen:
        for sentence in sentences:
            model.encode(sentence, show_progress_bar=False)
    return {layer: torch.cat(rows) for layer, rows in seen.items()}


@contextmanager
def _watched(model: nn.Module) -> Iterator[dict[nn.Module, list[torch.Tensor]]]:
    seen: dict[nn.Module, list[torch.Tensor]] = {}

    def watch(layer: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
        seen.setdefault(layer, []).append(given[0].reshape(-1, given[0].shape[-1]))

    hooks = [one.register_forward_pre_hook(watch) for one in model.modules() if isinstance(one, nn.Linear)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
