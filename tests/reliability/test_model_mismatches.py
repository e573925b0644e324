"""A model that gives other vectors is refused, even under the same name and fingerprint."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from indexer.archive import FILE_NAME, Archive
from indexer.embedding import EmbeddingModel
from indexer.errors import ModelMismatchError
from indexer.sync import sync
from tests.articles import article
from tests.fakes import WordHashEmbedding, word_hash_model

Change = Callable[[list[float]], list[float]]


class Changed(WordHashEmbedding):
    """The word-hash embedding with its vectors or texts changed."""

    change: Change
    prefix: str = ""

    def _vector(self, text: str) -> list[float]:
        return self.change(super()._vector(self.prefix + text))


def _unit(vector: list[float]) -> list[float]:
    return list((np.asarray(vector) / np.linalg.norm(vector)).tolist())


CHANGES: dict[str, Change] = {
    "not normalised": lambda vector: [3.0 * value for value in vector],
    "another order": lambda vector: vector[::-1],
    "another sign": lambda vector: [-value for value in vector],
    "fewer dimensions": lambda vector: _unit(vector[:128]),
    "more dimensions": lambda vector: [*vector, 0.0],
    "other weights": lambda vector: _unit([value + 0.01 * (at % 7) for at, value in enumerate(vector)]),
    "quantised coarsely": lambda vector: _unit([round(2.5 * value) / 2.5 for value in vector]),
    "no numbers": lambda vector: [float("nan") for _ in vector],
    "all zero": lambda vector: [0.0 for _ in vector],
}


def _refuses(folder: Path, model: EmbeddingModel) -> None:
    with pytest.raises(ModelMismatchError, match="word-hash"):
        sync([article("Two", "More.")], folder, model)
    archive = Archive(folder / FILE_NAME)
    assert archive.summary().articles == 1
    archive.close()


@pytest.mark.parametrize("what", CHANGES)
def test_other_vectors_under_the_same_fingerprint_are_refused(what: str, tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    _refuses(tmp_path, dataclasses.replace(word_hash_model(), embedding=Changed(change=CHANGES[what])))


def test_another_prefix_is_refused(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    other = Changed(change=lambda vector: vector, prefix="query: ")
    _refuses(tmp_path, dataclasses.replace(word_hash_model(), embedding=other))


def test_another_fingerprint_is_refused(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    _refuses(tmp_path, word_hash_model("another"))


def test_the_rounding_of_half_precision_is_let_through(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    rounded = Changed(change=lambda vector: list(np.asarray(vector, np.float16).astype(float).tolist()))
    model = dataclasses.replace(word_hash_model(), embedding=rounded)
    assert sync([article("Two", "More.")], tmp_path, model).added == 1
