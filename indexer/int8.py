"""A model's linear layers in 8-bit integers, where the processor multiplies those several times as fast as floats.

A layer's inputs are centred on their means and their channels evened out against the weights' (SmoothQuant, Xiao et al.
2023); each row of them then has a scale of its own, each row of the weights too. The few channels that stand out stay
in floats (LLM.int8(), Dettmers et al. 2022). What means and ranges are is taken from texts that the model is given.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_EVENED = 0.5  # how much of the inputs' ranges the weights take over
_STANDING_OUT = 32  # channels of a wide layer
_WIDE = 1_024  # inputs


class _Int8Linear(nn.Module):
    """A linear layer whose weights are prepared once for oneDNN."""

    def __init__(self, plain: nn.Linear, mean: torch.Tensor, largest: torch.Tensor) -> None:
        super().__init__()
        weight = plain.weight.detach()
        bias = torch.zeros(len(weight)) if plain.bias is None else plain.bias.detach()
        evening = largest.clamp_min(1e-6) ** _EVENED / weight.abs().amax(0).clamp_min(1e-6) ** (1 - _EVENED)
        out = largest.topk(_STANDING_OUT).indices if len(mean) >= _WIDE else torch.tensor([], dtype=torch.int64)
        kept = torch.ones_like(mean).index_fill(0, out, 0.0)
        self._out, self._out_weight = out, weight[:, out].T.contiguous()
        self._times, self._plus = kept / evening, -mean * kept / evening
        self._bias = bias + (weight * kept) @ mean
        weight = weight * kept * evening
        self._scales = weight.abs().amax(1) / 127
        whole = (weight / self._scales[:, None]).round().to(torch.int8).contiguous()
        self._packed = torch.ops.onednn.qlinear_prepack(whole, None)
        self._zeros = torch.zeros(len(weight), dtype=torch.int32)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        rows = given.reshape(-1, given.shape[-1])
        even = torch.addcmul(self._plus, rows, self._times)
        scale = torch.linalg.vector_norm(even, float("inf"), dim=-1, keepdim=True).clamp_min_(1e-9) / 127
        whole = even.div_(scale).add_(128.5).to(torch.uint8)  # rounds: what is cut off is positive
        made = torch.ops.onednn.qlinear_pointwise(
            whole, 1.0, 128, self._packed, self._scales, self._zeros, None, 1.0, 0, torch.float32, "none", [], ""
        )
        made = torch.addcmul(self._bias, made, scale)
        if len(self._out):
            made.addmm_(rows[:, self._out], self._out_weight)
        return made.view(*given.shape[:-1], -1)


def in_int8(model: "SentenceTransformer", texts: Sequence[str]) -> None:
    """Replace the model's linear layers, with means and ranges as they are on these texts."""
    plain = {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Linear)}
    with torch.inference_mode(), _watched(plain) as seen:
        for text in texts:
            model.encode(text, show_progress_bar=False)
    for name, layer in plain.items():
        if name in seen:
            rows = torch.cat(seen[name])
            mean = rows.mean(0)
            parent, _, own = name.rpartition(".")
            setattr(model.get_submodule(parent), own, _Int8Linear(layer, mean, (rows - mean).abs().amax(0)))


@contextmanager
def _watched(layers: dict[str, nn.Linear]) -> Iterator[dict[str, list[torch.Tensor]]]:
    """What goes into each layer meanwhile."""
    seen: dict[str, list[torch.Tensor]] = {}

    def watch(name: str) -> Any:
        return lambda layer, given: seen.setdefault(name, []).append(given[0].reshape(-1, given[0].shape[-1]))

    hooks = [layer.register_forward_pre_hook(watch(name)) for name, layer in layers.items()]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
