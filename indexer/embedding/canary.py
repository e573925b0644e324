"""One sentence whose vector shows that a model still gives the vectors that the archive was embedded with."""

import json
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexer.errors import ModelMismatchError
from indexer.storage.archive import Archive

if TYPE_CHECKING:
    from indexer.embedding.model import EmbeddingModel

_SENTENCE = "On Tuesday the harbour council voted 7 to 2 to close the old ferry pier, the mayor said."
_STATE = "canary"
_FURTHEST = 0.045  # from the vector of before, of length 1: a cosine of .999, which faster arithmetic must keep


def check_canary(archive: Archive, model: "EmbeddingModel") -> None:
    """Raise ModelMismatchError when the model embeds otherwise than before, whatever its name and fingerprint are."""
    told = archive.state(_STATE)
    if told is None:
        set_canary(archive, model)
        return
    vector = _vector(model)
    held = np.asarray(json.loads(told))
    if held.shape != vector.shape or not np.linalg.norm(held - vector) <= _FURTHEST:
        name = archive.state("model_name")
        raise ModelMismatchError(
            f"{archive.path} was embedded with {name}, and {model.name} gives other vectors now than it gave then; "
            f"put the weights of {name} back, or add the articles anew into another data folder"
        )


def set_canary(archive: Archive, model: "EmbeddingModel") -> None:
    """Keep how this model embeds the sentence."""
    archive.set_state(_STATE, json.dumps(_vector(model).tolist()))


def _vector(model: "EmbeddingModel") -> npt.NDArray[np.float64]:
    return np.asarray(model.embedding.get_query_embedding(_SENTENCE), dtype=np.float64)
