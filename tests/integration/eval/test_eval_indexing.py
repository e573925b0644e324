from pathlib import Path

import pytest

from eval.bench.indexing import articles_to_index, index_folder, prepare_index
from eval.datasets import open_dataset
from eval.progress import Lines
from indexer.embedding.model import EmbeddingModel
from tests.fakes import WordHashEmbedding, word_hash_model


def embedded(model: EmbeddingModel) -> list[str]:
    assert isinstance(model.embedding, WordHashEmbedding)
    return model.embedding.embedded


def interrupt_halfway(done: int, total: int) -> None:
    if done > total // 2:
        raise KeyboardInterrupt


def test_an_interrupted_index_is_completed_without_embedding_again(tmp_path: Path) -> None:
    dataset = open_dataset("sample")
    first, second = word_hash_model(), word_hash_model()
    with pytest.raises(KeyboardInterrupt):
        prepare_index(dataset, None, first, tmp_path, interrupt_halfway)
    assert articles_to_index(dataset, tmp_path) is not None
    folder = prepare_index(dataset, None, second, tmp_path, lambda done, total: None)
    assert folder == index_folder(dataset, second, tmp_path)
    assert articles_to_index(dataset, tmp_path) is None
    assert not set(embedded(first)) & set(embedded(second))
    assert len(embedded(first)) > 10 < len(embedded(second))


def test_a_log_gets_a_line_every_half_minute_with_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 10.0, 60.0, 60.0, 61.0, 61.0])
    lines = Lines("indexing", clock=lambda: next(moments))
    lines(5, 100)
    lines(25, 100)
    lines(100, 100)
    lines_printed = capsys.readouterr().err.splitlines()
    assert lines_printed == ["indexing: 25 of 100, about 3 min left", "indexing: 100 of 100"]
