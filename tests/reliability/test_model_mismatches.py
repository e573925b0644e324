"""A model that gives other vectors is refused: by what its files are, and by its vectors where these seem the same."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.errors import ModelMismatchError
from indexer.search.index import Index
from indexer.storage.archive import Archive
from indexer.storage.browsing import summary_of
from indexer.storage.file import FILE_NAME
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
    assert summary_of(archive).articles == 1
    archive.close()


@pytest.mark.parametrize("what", CHANGES)
def test_other_vectors_under_the_same_fingerprint_are_refused(what: str, tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    _refuses(tmp_path, dataclasses.replace(word_hash_model(), load=lambda: Changed(change=CHANGES[what])))


def test_another_prefix_is_refused(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    other = Changed(change=lambda vector: vector, prefix="query: ")
    _refuses(tmp_path, dataclasses.replace(word_hash_model(), load=lambda: other))


def test_another_fingerprint_is_refused(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    _refuses(tmp_path, word_hash_model("another"))


def test_the_rounding_of_half_precision_is_let_through(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    rounded = Changed(change=lambda vector: list(np.asarray(vector, np.float16).astype(float).tolist()))
    model = dataclasses.replace(word_hash_model(), load=lambda: rounded)
    assert sync([article("Two", "More.")], tmp_path, model).added == 1


def test_passages_that_were_cut_by_another_rule_are_refused(tmp_path: Path) -> None:
    sync([article()], tmp_path, word_hash_model())
    archive = Archive(tmp_path / FILE_NAME)
    archive.set_state("passage_rule", "paragraphs")
    archive.close()
    with pytest.raises(
        ModelMismatchError, match=r"\(paragraphs\), not by sentences, .*: python -m indexer add PATH --data"
    ):
        sync([article("Two", "More.")], tmp_path, word_hash_model())


def tiny_model(folder: Path, *, seed: int = 0, size: int = 32) -> None:
    """A sentence-transformers model of letters, with weights drawn by lot."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = [chr(number) for number in range(33, 127)]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words), encoding="ascii")
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(words), hidden_size=size, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    parts = [Transformer(str(folder / "bert"), max_seq_length=256), Pooling(size, "mean"), Normalize()]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder / "model"))


def _set(**values: Any) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told | values != told
        path.write_text(json.dumps(told | values), encoding="utf-8")

    return change


def _weights(change: Callable[[Any], Any]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        from safetensors.torch import load_file, save_file

        save_file({name: change(tensor) for name, tensor in load_file(path).items()}, path, {"format": "pt"})

    return write


def _without_last(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))[:-1]), encoding="utf-8")


def _in_other_words(path: Path) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = told["model"]["vocab"]
    vocabulary["a"], vocabulary["e"] = vocabulary["e"], vocabulary["a"]
    path.write_text(json.dumps(told), encoding="utf-8")


FILES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "other weights": ("model.safetensors", _weights(lambda tensor: tensor * 1.01)),
    "quantised": ("model.safetensors", _weights(lambda tensor: (tensor * 64).round() / 64)),
    "half precision": ("model.safetensors", _weights(lambda tensor: tensor.half())),
    "another activation": ("config.json", _set(hidden_act="relu")),
    "not normalised": ("modules.json", _without_last),
    "other pooling": ("1_Pooling/config.json", _set(pooling_mode="cls")),
    "shorter texts": ("sentence_bert_config.json", _set(max_seq_length=32)),
    "another prompt for questions": ("config_sentence_transformers.json", _set(prompts={"query": "question: "})),
    "another prompt for passages": ("config_sentence_transformers.json", _set(prompts={"document": "passage: "})),
    "other tokens": ("tokenizer.json", _in_other_words),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A model, and an archive that it embedded."""
    folder = tmp_path_factory.mktemp("made")
    tiny_model(folder / "tiny")
    sync([article()], folder / "data", open_embedding(str(folder / "tiny" / "model")))
    return folder / "tiny" / "model", folder / "data"


def _is_refused_by_name(data: Path, held: Path, other: Path) -> None:
    model = open_embedding(str(other))
    with pytest.raises(ModelMismatchError) as told:
        sync([article("Two", "More.")], data, model)
    assert all(name in str(told.value) for name in (str(held), str(other), model.fingerprint, f"--embedding {held}"))
    with pytest.raises(ModelMismatchError) as told:
        Index(data, model.fingerprint)
    assert all(
        name in str(told.value)
        for name in (str(held), model.fingerprint, f"--embedding {held}", "python -m indexer rebuild --model NAME")
    )


@pytest.mark.parametrize("what", FILES)
def test_a_model_of_which_a_file_is_another_is_refused_by_name(
    what: str, made: tuple[Path, Path], tmp_path: Path
) -> None:
    name, change = FILES[what]
    shutil.copytree(made[0], tmp_path / "other")
    change(tmp_path / "other" / name)
    _is_refused_by_name(made[1], made[0], tmp_path / "other")


@pytest.mark.parametrize(("seed", "size"), [(1, 32), (0, 48)])
def test_another_model_is_refused_by_name_also_one_of_the_same_dimension(
    seed: int, size: int, made: tuple[Path, Path], tmp_path: Path
) -> None:
    tiny_model(tmp_path / "tiny", seed=seed, size=size)
    _is_refused_by_name(made[1], made[0], tmp_path / "tiny" / "model")


def test_the_same_model_in_another_folder_is_taken(made: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copytree(made[0], tmp_path / "copy")
    shutil.copytree(made[1], tmp_path / "data")
    assert sync([article("Two", "More.")], tmp_path / "data", open_embedding(str(tmp_path / "copy"))).added == 1
