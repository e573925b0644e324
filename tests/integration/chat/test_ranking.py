"""How hits are laid out: no publisher fills them alone, and passages that stand side by side are one hit."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from chat.gathering.archive_retriever import as_nodes
from chat.gathering.retrieval import Fusion, Hit, RetrievalSettings, retrieve
from chat.understanding.question import Question
from chat.understanding.understand import understand
from corpus.article import Article
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
SUBJECTS = ["quay", "lighthouse", "market", "school", "bridge", "library"]


def asked(text: str) -> Question:
    return understand(text, as_of=datetime(2024, 1, 1, tzinfo=UTC), sources=("Courier", "Gazette"))


@contextmanager
def opened(articles: Sequence[Article], folder: Path) -> Iterator[Index]:
    sync(articles, folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield index
    index.close()


def sources(hits: Sequence[Hit], index: Index) -> list[str]:
    return [index.archive.article(hit.passage.article_id, hit.passage.version).source for hit in hits]


def reports() -> list[Article]:
    """Six of one publisher that use all words of the question, and two of another that use nearly all."""
    mine = [
        article(f"Flood at the {subject}", f"The flood reached the {subject} on the harbour road.", source="Courier")
        for subject in SUBJECTS
    ]
    theirs = [
        article(f"Flood at the {place}", f"The flood reached the {place} on the harbour road, too.", source="Gazette")
        for place in ("mill", "forge")
    ]
    return [*mine, *theirs]


def test_a_publisher_does_not_fill_the_first_hits_when_another_has_something_to_say(tmp_path: Path) -> None:
    with opened(reports(), tmp_path) as index:
        question = asked("Which places on the harbour road did the flood reach?")
        found = sources(retrieve(question, index, MODEL.embedding, 8), index)
        uncapped = retrieve(question, index, MODEL.embedding, 8, RetrievalSettings(source_cap=0))
    assert found[:3] == ["Courier"] * 3
    assert "Gazette" in found[3:5]
    assert len(found) == 8
    assert sources(uncapped, index)[:5].count("Gazette") < found[:5].count("Gazette")


def test_a_publisher_that_was_asked_for_is_not_capped(tmp_path: Path) -> None:
    with opened(reports(), tmp_path) as index:
        hits = retrieve(asked("According to the Courier, what did the flood reach?"), index, MODEL.embedding, 8)
        assert set(sources(hits, index)) == {"Courier"}
        assert all(hit.score == sorted((h.score for h in hits), reverse=True)[at] for at, hit in enumerate(hits))


def test_passages_that_stand_side_by_side_are_one_hit_whose_offsets_reproduce_the_text(tmp_path: Path) -> None:
    paragraphs = [
        f"The flood of {year} covered the harbour road for {year % 7} days, " * 12 for year in range(1900, 1910)
    ]
    floods = article("A century of floods", "\n\n".join(paragraphs), source="Courier")
    with opened([floods, *reports()], tmp_path) as index:
        hits = retrieve(asked("How long did the flood cover the harbour road?"), index, MODEL.embedding, 10)
        apart = retrieve(
            asked("How long did the flood cover the harbour road?"),
            index,
            MODEL.embedding,
            10,
            RetrievalSettings(merge_neighbours=False),
        )
        nodes = as_nodes(hits, index.archive)
    merged = [hit for hit in hits if hit.neighbours]
    assert merged
    for hit in merged:
        assert len(hit.passages) <= 3
        stretches = sorted((passage.start, passage.end) for passage in hit.passages)
        assert all(not floods.text[end:start].strip() for (_, end), (start, _) in itertools.pairwise(stretches))
        assert floods.text[hit.start : hit.end].startswith(floods.text[stretches[0][0] : stretches[0][1]])
    assert [node.get_content() for node in nodes] == [
        index_text[hit.start : hit.end] for hit in hits for index_text in [text_of(hit, [floods, *reports()])]
    ]
    assert not any(hit.neighbours for hit in apart)
    seen = [passage.id for hit in hits for passage in hit.passages]
    assert len(set(seen)) == len(seen)


def text_of(hit: Hit, articles: Sequence[Article]) -> str:
    return next(one.text for one in articles if one.id == hit.passage.article_id)


def test_scores_and_ranks_fuse_to_the_same_first_hit_where_words_and_meaning_agree(tmp_path: Path) -> None:
    with opened(reports(), tmp_path) as index:
        question = asked("Did the flood reach the lighthouse?")
        ranked = RetrievalSettings(fusion=Fusion.RANKS, keyword_weight=1.0, vector_weight=1.0)
        (by_scores, *_), (by_ranks, *_) = (
            retrieve(question, index, MODEL.embedding, 3, settings) for settings in (RetrievalSettings(), ranked)
        )
    assert by_scores.passage == by_ranks.passage
    assert by_scores.similarity is not None
    assert by_scores.similarity > 0.3
