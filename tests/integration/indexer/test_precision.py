"""The fastest precision: chosen by measuring, remembered, and as near to float32 as is asked."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from corpus.article import Article
from corpus.readers import read_articles
from indexer.embedding.int8_embedding import Int8Embedding
from indexer.embedding.model import packaged_folder
from indexer.embedding.plain_sentences import PLAIN_SENTENCES
from indexer.embedding.precision import (
    FILE_NAME,
    MANY,
    SOME,
    FastestEmbedding,
    is_mean_pooled_bert,
    measured,
    remembered,
)
from tests.fakes import WordHashEmbedding

SAMPLE = Path(__file__).parents[3] / "corpus" / "sample"


class SlowEmbedding(WordHashEmbedding):
    """Takes its time for each text."""

    def _get_text_embedding(self, text: str) -> list[float]:
        time.sleep(0.001)
        return super()._get_text_embedding(text)


class FarEmbedding(WordHashEmbedding):
    """Fast, with vectors that are others."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return super()._get_text_embedding(text + " and something else")


def fastest(path: Path, faster: BaseEmbedding, model: str = "model") -> FastestEmbedding:
    plain = SlowEmbedding()
    precisions: dict[str, Callable[[], BaseEmbedding]] = {"float32": lambda: plain, "int8": lambda: faster}
    return FastestEmbedding(plain, precisions, path, model)


def test_the_fastest_precision_is_chosen_and_remembered(tmp_path: Path) -> None:
    path, faster = tmp_path / FILE_NAME, WordHashEmbedding()
    fastest(path, faster).get_text_embedding_batch(["fog"] * MANY)
    assert "fog" in faster.embedded
    assert path.is_file()
    again = WordHashEmbedding()
    fastest(path, again).get_text_embedding_batch(["fog"] * SOME)
    assert again.embedded == ["fog"] * SOME, "what is remembered is not measured again"


def test_few_texts_and_questions_never_pay_for_a_measurement(tmp_path: Path) -> None:
    path, faster = tmp_path / FILE_NAME, WordHashEmbedding()
    embedding = fastest(path, faster)
    embedding.get_text_embedding_batch(["fog"] * SOME)
    for _ in range(MANY):
        embedding.get_query_embedding("fog")
    assert not faster.embedded
    assert not path.exists()


def test_what_is_fast_but_far_from_float32_is_not_chosen() -> None:
    slow, far = SlowEmbedding(), FarEmbedding()
    told = measured({"float32": lambda: slow, "int8": lambda: far})
    assert told["fastest"] == "float32"
    assert told["passages_per_second"]["int8"] > told["passages_per_second"]["float32"]


@pytest.mark.parametrize("held", [b"", b"\x00\xff", b"[]", b'{"fastest": "int8"}', b'{"checksum": 1, "value": {}}'])
def test_a_broken_or_foreign_file_is_made_anew(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(held)
    embedding = fastest(path, WordHashEmbedding())
    assert remembered(path, embedding._conditions) is None
    embedding.get_text_embedding_batch(["fog"] * MANY)
    assert remembered(path, embedding._conditions) == "int8"


def test_another_model_is_measured_by_itself(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    fastest(path, WordHashEmbedding()).get_text_embedding_batch(["fog"] * MANY)
    other = fastest(path, FarEmbedding(), model="another")
    other.get_text_embedding_batch(["fog"] * MANY)
    assert remembered(path, other._conditions) == "float32"


def test_a_choice_that_cannot_be_written_still_holds(tmp_path: Path) -> None:
    faster = WordHashEmbedding()
    fastest(tmp_path / "no such folder" / FILE_NAME, faster).get_text_embedding_batch(["fog"] * MANY)
    assert "fog" in faster.embedded


def test_int8_vectors_are_float32_vectors_to_a_cosine_of_999_thousandths() -> None:
    """On passages of all lengths, in an order that batches have to undo; questions are embedded as before."""
    plain = HuggingFaceEmbedding(str(packaged_folder()), device="cpu", model_kwargs={"dtype": "float32"})
    assert is_mean_pooled_bert(plain)
    assert not is_mean_pooled_bert(WordHashEmbedding())
    articles = (one for one in read_articles([SAMPLE]) if isinstance(one, Article))
    text = "\n".join(article.text for _, article in zip(range(8), articles, strict=False))
    texts = [text[start : start + 20 + start % 1_300] for start in range(0, 64 * 150, 150)]
    int8 = Int8Embedding(plain, PLAIN_SENTENCES[::2])
    made, wanted = (np.asarray(one.get_text_embedding_batch(texts)) for one in (int8, plain))
    cosines = (made * wanted).sum(axis=1)
    assert len(texts) == 64
    assert cosines.min() >= 0.998
    assert cosines.mean() >= 0.9993
    assert np.allclose(np.linalg.norm(made, axis=1), 1.0, atol=1e-5)
    assert int8.get_query_embedding("Who closed the pier?") == plain.get_query_embedding("Who closed the pier?")
    assert np.asarray(int8.get_text_embedding_batch(["", "x"])).shape == (2, 384)
