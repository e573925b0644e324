"""The embedding model: known by its files, loaded only when something is to be embedded."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.embedding.model import EmbeddingModel, open_embedding, packaged_folder
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
    tokenizer = model.embedding._model.tokenizer  # type: ignore[attr-defined]
    wanted = [
        len(tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]) for text in texts
    ]
    assert model.count_wordpieces(texts) == wanted
    assert model.count_wordpieces([]) == []
