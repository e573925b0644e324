"""An archive behind llama-index's own engine: real indexes, explicit parts, a scripted model."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from chat.gathering.archive_retriever import ArchiveRetriever
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import ScriptedLLM, word_hash_model

MODEL = word_hash_model()
README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    articles = [
        article("Ferry fire", "The ferry left at noon.\n\nFour people died in the ferry fire.", source="Port Wire"),
        article("Ferry inquiry", "The ferry fire inquiry opened. People wait.", day="2023-04-02"),
        article("Tram vote", "The council voted for the tram line by 17 to 14.", day="2023-04-01"),
    ]
    sync(articles, tmp_path, MODEL)
    opened = Index(tmp_path, MODEL.fingerprint)
    yield opened
    opened.close()


def example() -> str:
    """The README's example, which is the one that the retriever itself gives."""
    texts = [README.read_text(encoding="utf-8") if README.exists() else "", ArchiveRetriever.__doc__ or ""]
    blocks = [block for text in texts for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL)]
    return dedent(next(block for block in blocks if "ArchiveRetriever(" in block))


def test_a_node_says_where_its_words_stand_and_who_printed_them_when(index: Index) -> None:
    best = ArchiveRetriever(index, MODEL.embedding, limit=3).retrieve("How many people died in the ferry fire?")[0]
    assert best.metadata["title"] == "Ferry fire"
    assert best.metadata["source"] == "Port Wire"
    assert best.metadata["published_at"] == "2023-03-15T00:00:00+00:00"
    assert best.metadata["url"] == "https://courier.example/ferry-fire"
    text = next(one.text for one in index.archive.articles() if one.title == "Ferry fire")
    assert text[best.metadata["start"] : best.metadata["end"]] == best.text
    assert best.score is not None
    assert best.score > 0


def test_nothing_published_after_the_as_of_moment_is_retrieved(index: Index) -> None:
    moment = datetime(2023, 3, 20, tzinfo=UTC)
    nodes = ArchiveRetriever(index, MODEL.embedding, as_of=moment).retrieve("the ferry fire inquiry and the tram")
    assert [node.metadata["title"] for node in nodes] == ["Ferry fire"]


def test_a_source_that_the_question_names_is_a_limit(index: Index) -> None:
    nodes = ArchiveRetriever(index, MODEL.embedding).retrieve('ferry fire source:"The Ellery Courier"')
    assert {node.metadata["source"] for node in nodes} == {"The Ellery Courier"}


def test_a_model_is_told_title_source_and_date_but_no_offsets(index: Index) -> None:
    from llama_index.core.schema import MetadataMode

    node = ArchiveRetriever(index, MODEL.embedding).retrieve("ferry fire")[0]
    told = node.get_content(metadata_mode=MetadataMode.LLM)
    assert "source: " in told
    assert "published_at: 2023-" in told
    assert "start: " not in told
    assert "url: " not in told


def test_the_example_runs_without_any_part_that_was_not_given(
    index: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    llm = ScriptedLLM(replies=["Four people died."])
    exec(example(), {"index": index, "model": MODEL, "llm": llm})
    printed = capsys.readouterr().out
    assert printed.startswith("Four people died.\n")
    assert "Port Wire 2023-03-15T00:00:00+00:00 https://courier.example/ferry-fire" in printed
    assert "Four people died in the ferry fire." in llm.heard[0]
