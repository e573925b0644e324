"""The embedding model: known by its files, loaded only when something is to be embedded."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from transformers import AutoTokenizer

from indexer.embedding.model import EmbeddingModel, open_embedding, packaged_folder
from indexer.embedding.openvino_bert import OpenVinoEmbedding
from indexer.errors import EmbeddingError
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

# Adds a file again with the command itself, then tells whether anything was loaded that embeds.
_ADD = """
import sys
from indexer.__main__ import app
app(["add", *sys.argv[1:], "--json"], standalone_mode=False)
print([name for name in ("torch", "transformers", "sentence_transformers", "llama_index") if name in sys.modules])
"""


def packaged_with_other_vectors() -> EmbeddingModel:
    """The packaged model by its name and fingerprint, with vectors that need no weights."""
    real, other = open_embedding(), word_hash_model()
    return EmbeddingModel(real.name, real.fingerprint, lambda: other.embedding, real.count_wordpieces)


def test_adding_what_is_held_loads_no_model(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    record = {"title": "Fog", "text": "Fog came in.", "url": "https://a.example/1", "source": "Courier"}
    file.write_text(json.dumps(record), encoding="utf-8")
    data = tmp_path / "data"
    from corpus.readers import read_articles

    sync(read_articles([file]), data, packaged_with_other_vectors())
    command = [sys.executable, "-c", _ADD, str(file), "--data", str(data)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert json.loads(told[0])["kept"] == 1
    assert told[1] == "[]"


def test_a_model_that_cannot_be_loaded_claims_no_archive(tmp_path: Path) -> None:
    broken = tmp_path / "model"
    shutil.copytree(packaged_folder(), broken)
    (broken / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EmbeddingError, match="model"):
        sync([article()], tmp_path / "data", open_embedding(str(broken)))
    assert sync([article()], tmp_path / "data", word_hash_model()).added == 1


def test_the_same_files_are_the_same_model_wherever_they_lie(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(packaged_folder(), copy)
    assert open_embedding(str(copy)).fingerprint == open_embedding().fingerprint
    (copy / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}', encoding="utf-8")
    assert open_embedding(str(copy)).fingerprint != open_embedding().fingerprint


def test_wordpieces_are_counted_as_the_model_counts_them() -> None:
    model = open_embedding()
    texts = ["", "Fog.", "Zoë's naïve co-operation: 1,234.56 €", "東京 — " * 50, "word " * 600]
    tokenizer = AutoTokenizer.from_pretrained(str(packaged_folder()))
    wanted = [
        len(tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]) for text in texts
    ]
    assert model.count_wordpieces(texts) == wanted
    assert model.count_wordpieces([]) == []


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the converted model is stored."""
    data = tmp_path_factory.mktemp("data")
    assert isinstance(open_embedding(data=data).embedding, OpenVinoEmbedding)
    return data


def test_vectors_are_those_of_float32_to_a_cosine_of_9998_ten_thousandths(stored: Path) -> None:
    """Of texts of all lengths, in an order that batches have to undo."""
    words = "The harbour council voted 7 to 2 on Tuesday to close the old ferry pier, said the mayor.".split() * 30
    texts = ["", "x", *(" ".join(words[n % 7 : n % 7 + 1 + (37 * n) % 400]) for n in range(60))]
    plain = HuggingFaceEmbedding(str(packaged_folder()), device="cpu", model_kwargs={"dtype": "float32"})
    embedding = open_embedding(data=stored).embedding
    made, wanted = (np.asarray(one.get_text_embedding_batch(texts)) for one in (embedding, plain))
    assert (made * wanted).sum(axis=1).min() >= 0.9998
    assert np.allclose(np.linalg.norm(made, axis=1), 1.0, atol=1e-3)
    query = "Who closed the pier?"
    assert np.dot(embedding.get_query_embedding(query), plain.get_query_embedding(query)) >= 0.9998


def test_a_stored_conversion_is_opened_without_torch(stored: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from indexer.embedding.model import open_embedding; "
        "open_embedding(data=Path(sys.argv[1])).get_ready(); print('torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(stored)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["False"]


def test_a_model_is_let_go_right_after_it_embedded(stored: Path) -> None:
    """Ten times over: with callbacks of its own, OpenVINO waited for a lock that the one who waits for it holds."""
    code = (
        "import sys; from pathlib import Path; from indexer.embedding.openvino_bert import OpenVinoEmbedding\n"
        "import openvino\n"
        "model = openvino.Core().read_model(next(Path(sys.argv[1]).glob('models/*.xml')))\n"
        "texts = ['a text of words ' * length for length in range(1, 9)]\n"
        "for _ in range(10):\n"
        "    OpenVinoEmbedding('', model, Path(sys.argv[2]), 256).get_text_embedding_batch(texts)"
    )
    tokenizer = packaged_folder() / "tokenizer.json"
    subprocess.run([sys.executable, "-c", code, str(stored), str(tokenizer)], check=True, timeout=240)


def test_a_damaged_conversion_is_made_again(stored: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(stored, data)
    (weights,) = (data / "models").glob("*.bin")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 64
    weights.write_bytes(content)
    open_embedding(data=data).get_ready()
    assert weights.read_bytes() != bytes(content)


def test_nothing_is_asked_of_the_hub_without_an_explicit_word() -> None:
    with pytest.raises(EmbeddingError, match=r"no embedding model 'no/such-model'; give .*, or hub:OWNER/NAME"):
        open_embedding("no/such-model")
    with pytest.raises(EmbeddingError, match="names no model of the hub"):
        open_embedding("hub:../elsewhere")
