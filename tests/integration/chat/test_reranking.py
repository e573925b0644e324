"""A second look at what was retrieved: real indexes, a tiny cross-encoder with random weights, a plain stand-in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle

from chat.errors import ChatError
from chat.gathering.reranking import open_reranker, rerank
from chat.gathering.retrieval import Hit, retrieve
from chat.understanding.question import Question
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
QUESTION = Question(text="ferry fire", search_text="who died in the ferry fire", as_of=datetime(2023, 6, 1, tzinfo=UTC))


class ByLength(BaseNodePostprocessor):
    """Prefers short passages; drops those of fewer characters than `least`."""

    least: int = 0

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        assert query_bundle
        assert query_bundle.query_str == QUESTION.search_text
        return sorted(
            (one for one in nodes if len(one.text) >= self.least), key=lambda one: (len(one.text), one.node_id)
        )


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    articles = [
        article(f"Ferry fire {number}", "The ferry fire" + " burned on" * (10 - number) + f" for {number} days.")
        for number in range(6)
    ]
    sync(articles, tmp_path / "data", MODEL)
    opened = Index(tmp_path / "data", MODEL.fingerprint)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def tiny_cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of a few thousand random weights that reads a handful of words."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] the ferry fire burned on for days who died in 0 1 2 3 4 5".split()
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(5)
    config = BertConfig(  # type: ignore[call-arg]  # it takes what every configuration takes
        num_labels=1,
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=512,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def ids(hits: tuple[Hit, ...]) -> list[int]:
    return [hit.passage.id for hit in hits]


def test_both_ranks_decide_together_and_the_scores_keep_their_meaning(index: Index) -> None:
    hits = retrieve(QUESTION, index, MODEL.embedding, 6)
    again = rerank(QUESTION, hits, ByLength(), index.archive)
    by_length = sorted(ids(hits), key=lambda one: len(next(hit for hit in hits if hit.passage.id == one).passage.text))
    ranks = {one: 1 / (61 + ids(hits).index(one)) + 1 / (61 + by_length.index(one)) for one in ids(hits)}
    assert [ranks[one] for one in ids(again)] == sorted(ranks.values(), reverse=True)
    assert [hit.score for hit in again] == [hit.score for hit in hits]
    assert {hit.why[-1] for hit in again} == {f"reranker rank {rank}" for rank in range(1, 7)}


def test_what_the_reranker_drops_is_dropped(index: Index) -> None:
    hits = retrieve(QUESTION, index, MODEL.embedding, 6)
    least = sorted(len(hit.passage.text) for hit in hits)[2]
    again = rerank(QUESTION, hits, ByLength(least=least), index.archive)
    assert {hit.passage.id for hit in again} == {hit.passage.id for hit in hits if len(hit.passage.text) >= least}


def test_nothing_retrieved_is_nothing_reranked(index: Index) -> None:
    assert rerank(QUESTION, (), ByLength(), index.archive) == ()


def test_a_cross_encoder_in_a_local_folder_reads_every_passage(index: Index, tiny_cross_encoder: Path) -> None:
    hits = retrieve(QUESTION, index, MODEL.embedding, 6)
    reranker = open_reranker(str(tiny_cross_encoder))
    again = rerank(QUESTION, hits, reranker, index.archive)
    assert sorted(ids(again)) == sorted(ids(hits))
    assert again == rerank(QUESTION, hits, reranker, index.archive)


def test_a_reranker_that_is_not_there_is_named_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(ChatError, match=r"no reranker .*nowhere.*DATELINE_RERANKER"):
        open_reranker(str(tmp_path / "nowhere"))
