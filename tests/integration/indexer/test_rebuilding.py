"""Changing the embedding model of an archive."""

from pathlib import Path

import pytest

from indexer.doctor import examine
from indexer.errors import ModelMismatchError
from indexer.rebuilding import rebuild
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import WordHashEmbedding, word_hash_model


def test_a_rebuilt_archive_is_searched_with_the_new_model_and_refuses_the_old(tmp_path: Path) -> None:
    old, new = word_hash_model("old"), word_hash_model("new")
    articles = [article(f"Fog {n}", f"Fog in harbour {n}.") for n in range(10)]
    sync(articles, tmp_path, old)
    assert rebuild(tmp_path, new) == 10
    index = Index(tmp_path, "new")
    assert len(index.by_vector(new.embedding.get_query_embedding("fog"), 50)) == 10
    index.close()
    with pytest.raises(ModelMismatchError):
        Index(tmp_path, "old")
    assert sync(articles, tmp_path, new).embedded == 0
    assert [finding.what for finding in examine(tmp_path) if finding.advice] == []


def test_going_back_to_a_model_embeds_nothing(tmp_path: Path) -> None:
    old = word_hash_model("old")
    sync([article()], tmp_path, old)
    assert rebuild(tmp_path, word_hash_model("new")) == 1
    assert rebuild(tmp_path, old) == 0
    assert isinstance(old.embedding, WordHashEmbedding)
    assert len(old.embedding.embedded) == 1
