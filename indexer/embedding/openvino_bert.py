"""A mean-pooled BERT computed by OpenVINO: in bfloat16 where the processor has it, else in float32.

Three times as fast as torch on two cores with AMX, at a cosine of at least .9999 to float32; 8-bit weights and
activations (nncf, ONNX Runtime, kernels of our own) were no faster than bfloat16 or further from float32.
"""

import contextlib
import logging
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from indexer.storage.checksums import checksums, is_whole, read_signed, write_signed

if TYPE_CHECKING:
    from torch import nn

_BATCH_TEXTS = 4  # fewer waste calls, more leave one stream idle while the other ends
_WIDTH_STEP = 16  # OpenVINO prepares itself anew for every other shape, which takes longer than the padding
_STREAMS = 2  # batches computed side by side
_TEXTS_A_CALL = 256
_FOLDER = "models"

Batch = tuple[list[int], npt.NDArray[np.int64], npt.NDArray[np.int64]]


class OpenVinoEmbedding(BaseEmbedding):
    """Embeds passages and questions alike; safe to use from several threads."""

    _tokenizer: Any = PrivateAttr()
    _compiled: Any = PrivateAttr()

    def __init__(self, name: str, model: Any, tokenizer_file: Path, window: int) -> None:
        """Of an OpenVINO model from wordpiece ids and mask to unit vectors, which reads `window` wordpieces."""
        super().__init__(model_name=name, embed_batch_size=_TEXTS_A_CALL)
        import openvino
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(window)
        core = openvino.Core()
        has_bfloat16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        settings = {
            "NUM_STREAMS": str(_STREAMS),
            "INFERENCE_PRECISION_HINT": "bf16" if has_bfloat16 else "f32",
        }
        self._compiled = core.compile_model(model, "CPU", settings)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        # Not AsyncInferQueue: the thread that ran its callback may still wait for the interpreter's lock while that
        # lock's holder destroys the model and waits for the thread.
        vectors: dict[int, list[float]] = {}
        requests = [self._compiled.create_infer_request() for _ in range(_STREAMS)]
        at_work: deque[tuple[Any, list[int]]] = deque()
        for places, ids, mask in self._batches(texts):
            request = requests.pop() if requests else _take(*at_work.popleft(), vectors)
            request.start_async([ids, mask], share_inputs=False)
            at_work.append((request, places))
        for request, places in at_work:
            _take(request, places, vectors)
        return [vectors[place] for place in range(len(texts))]

    def _batches(self, texts: Sequence[str]) -> Iterator[Batch]:
        """Texts of about equal length together, the longest first."""
        encoded = [one.ids for one in self._tokenizer.encode_batch_fast(list(texts))]
        longest_first = sorted(range(len(encoded)), key=lambda place: -len(encoded[place]))
        for start in range(0, len(longest_first), _BATCH_TEXTS):
            yield _padded(longest_first[start : start + _BATCH_TEXTS], encoded)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _take(request: Any, places: Sequence[int], vectors: dict[int, list[float]]) -> Any:
    """Wait for a request and put its vectors at their texts' places; returns the request, free again."""
    request.wait()
    rows = request.get_output_tensor(0).data[: len(places)]
    vectors.update(zip(places, rows.tolist(), strict=True))
    return request


def _padded(places: list[int], encoded: Sequence[Sequence[int]]) -> Batch:
    """A batch in one of few shapes: unless it is one text, with empty rows, whose vectors nobody takes."""
    width = -(-len(encoded[places[0]]) // _WIDTH_STEP) * _WIDTH_STEP
    ids = np.zeros((1 if len(places) == 1 else _BATCH_TEXTS, width), dtype=np.int64)
    mask = np.zeros_like(ids)
    mask[:, 0] = 1  # a mean over no wordpiece would divide by zero
    for row, place in enumerate(places):
        ids[row, : len(encoded[place])] = encoded[place]
        mask[row, : len(encoded[place])] = 1
    return places, ids, mask


def converted(embedding: BaseEmbedding) -> Any:
    """An OpenVINO model of what sentence-transformers computes in float32, from ids and mask to unit vectors."""
    import torch
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
    from transformers.utils import logging as transformers_logging

    example = (torch.ones(2, 8, dtype=torch.int64), torch.ones(2, 8, dtype=torch.int64))
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the tracer: the shapes it takes for constants are dynamic all the same
        decoder = TorchScriptPythonDecoder(_pooled(embedding), example_input=example)
        # Not openvino.convert_model, which reports its use to the maker where it can.
        frontend = FrontEndManager().load_by_framework("pytorch")
        model = frontend.convert(frontend.load(decoder))
    model.reshape({given: [-1, -1] for given in model.inputs})
    return model


def _pooled(embedding: BaseEmbedding) -> "nn.Module":
    import torch
    from torch import nn

    class Pooled(nn.Module):
        def __init__(self, bert: nn.Module) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            rows = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
            counted = mask.unsqueeze(-1).to(rows.dtype)
            return nn.functional.normalize((rows * counted).sum(1) / counted.sum(1))

    return Pooled(embedding._model[0].auto_model).eval()  # type: ignore[attr-defined]  # it has no public name


def is_mean_pooled_bert(embedding: BaseEmbedding) -> bool:
    """Whether `converted` computes what the model does: BERT, mean pooling, normalised, no prompts."""
    model: Any = getattr(embedding, "_model", None)
    kinds = [type(part).__name__ for part in model.children()] if hasattr(model, "children") else []
    if kinds[:2] != ["Transformer", "Pooling"] or not getattr(embedding, "normalize", False):
        return False
    return (
        kinds[2:] in ([], ["Normalize"])
        and type(model[0].auto_model).__name__ == "BertModel"
        and model[1].get_config_dict().get("pooling_mode") == "mean"
        and model.truncate_dim is None
        and not any(model.prompts.values())
    )


def window_of(embedding: BaseEmbedding) -> int:
    """How many wordpieces the model reads of a text, its own marks included."""
    return int(embedding._model.max_seq_length)  # type: ignore[attr-defined]  # it has no public name


def read_converted(data: Path, fingerprint: str) -> tuple[Any, int] | None:
    """The model and window that `keep_converted` stored, read without torch; None where they are missing or damaged."""
    import openvino

    path = _path(data, fingerprint)
    stored = read_signed(path.with_suffix(".json"))
    if stored is None or not is_whole(path.parent, stored["files"]):
        return None
    return openvino.Core().read_model(path), int(stored["window"])


def keep_converted(model: Any, window: int, data: Path, fingerprint: str) -> None:
    """Store a converted model in the data folder, where it can be written."""
    import openvino

    path = _path(data, fingerprint)
    try:
        path.parent.mkdir(exist_ok=True)
        openvino.save_model(model, path, compress_to_fp16=False)
        files = checksums(path.parent, [path.name, path.with_suffix(".bin").name])
        write_signed(path.with_suffix(".json"), {"files": files, "window": window})
    except (OSError, RuntimeError) as error:  # it is converted again another time
        logging.getLogger(__name__).info("the converted embedding model was not stored: %s", error)
        with contextlib.suppress(OSError):
            path.with_suffix(".json").unlink(missing_ok=True)


def _path(data: Path, fingerprint: str) -> Path:
    return data / _FOLDER / f"embedding-{fingerprint}.xml"
