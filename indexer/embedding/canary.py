"""A sentence whose vector shows whether a model still gives the vectors that the archive was embedded with."""

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
_FURTHEST = 0.045  # from the vector of before, of length 1: a cosine of .999, which faster arithmetic must reach


def check_canary(archive: Archive, model: "EmbeddingModel") -> None:
    """Raise ModelMismatchError when the model gives other vectors than before, whatever its name and fingerprint."""
    stored = archive.state(_STATE)
    if stored is None:
        set_canary(archive, model)
        return
    vector = _vector(model)
    before = np.asarray(json.loads(stored))
    if before.shape != vector.shape or not np.linalg.norm(before - vector) <= _FURTHEST:
        name = archive.state("model_name")
        raise ModelMismatchError(
            f"{archive.path} was embedded with {name}, and {model.name} gives other vectors now; "
            f"restore the weights of {name}, or add the articles again to another data folder"
        )


def set_canary(archive: Archive, model: "EmbeddingModel") -> None:
    """Store this model's vector of the sentence."""
    archive.set_state(_STATE, json.dumps(_vector(model).tolist()))


def _vector(model: "EmbeddingModel") -> npt.NDArray[np.float64]:
    return np.asarray(model.embedding.get_query_embedding(_SENTENCE), dtype=np.float64)
