"""The pairs of follow-ups and new subjects about the sample, with the real embedding."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from chat.chatbot import Chatbot
from eval.bench.follow_up_pairs import ask_pair, read_pairs
from indexer.embedding.model import open_embedding
from indexer.search.index import Index

PAIRS = Path(__file__).parents[3] / "eval" / "questions" / "follow_ups.jsonl"
AS_OF = datetime(2023, 12, 31, tzinfo=UTC)
FLOOR = 0.95


def test_follow_ups_and_new_subjects_are_told_apart(sample_data: Callable[[], Path]) -> None:
    model = open_embedding()
    with closing(Index(sample_data(), model.fingerprint)) as index:
        chatbot = Chatbot(index, model, None, clock=lambda: AS_OF)
        results = [ask_pair(one, chatbot, AS_OF) for one in read_pairs(PAIRS, "sample", "development")]
    assert sum(one.right for one in results) >= FLOOR * len(results)
