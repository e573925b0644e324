"""Which sentences become evidence."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Evidence
from chat.evidence import Bearing, EvidenceSettings, SentenceVectors, bear, gather_evidence, likeness
from chat.question import understand
from chat.retrieval import retrieve
from indexer.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2023, 6, 1, tzinfo=UTC)
MILL = (
    "The mill on Tern Row was lost. It burned on Sunday night. Nine workers of the mill were hurt. "
    "The mill of Tern Row was a pride of the town. Ada Lund saw the mill burn."
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("archive")
    sync(
        [
            article("Mill burns", MILL, url="https://courier.example/mill"),
            article("Mill", "Ada Lund saw the mill burn.", url="https://gazette.example/mill", source="Gazette"),
            article("Tram vote", "The council voted for the tram line by 17 to 14.", day="2023-04-01"),
        ],
        folder,
        MODEL,
    )
    opened = Index(folder, MODEL.fingerprint)
    yield opened
    opened.close()


def evidence(text: str, index: Index, settings: EvidenceSettings = EvidenceSettings()) -> tuple[Evidence, ...]:
    question = understand(text, as_of=NOW)
    hits = retrieve(question, index, MODEL.embedding, settings.passages)
    return gather_evidence(question, hits, index.archive, index.keywords, SentenceVectors(MODEL.embedding), settings)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Who saw the mill burn?", "Ada Lund"),
        ("How many workers of the mill were hurt?", "Nine"),
        ("How did the council vote?", "17 to 14"),
    ],
)
def test_the_first_piece_has_what_is_asked_for(question: str, holds: str, index: Index) -> None:
    assert holds in evidence(question, index)[0].text


def test_evidence_is_numbered_best_first(index: Index) -> None:
    found = evidence("Who saw the mill burn?", index)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_what_two_articles_say_in_the_same_words_is_evidence_once(index: Index) -> None:
    assert sum(one.text == "Ada Lund saw the mill burn." for one in evidence("Who saw the mill burn?", index)) == 1


def test_a_sentence_that_begins_with_a_pronoun_brings_the_one_before(index: Index) -> None:
    texts = {one.text for one in evidence("When did it burn, on what night?", index)}
    assert "The mill on Tern Row was lost. It burned on Sunday night." in texts


def test_no_more_is_gathered_than_is_asked_for(index: Index) -> None:
    assert len(evidence("the mill", index, EvidenceSettings(sentences=2))) == 2


def test_no_hits_give_no_evidence(index: Index) -> None:
    question = understand("the mill", as_of=NOW)
    vectors = SentenceVectors(MODEL.embedding)
    assert gather_evidence(question, (), index.archive, index.keywords, vectors) == ()
    assert bear(question, (), index.keywords) == []


def test_a_score_is_the_weighted_sum_of_what_speaks_for_a_sentence() -> None:
    settings = EvidenceSettings(similarity=1, telling=2, shared=3, around=4, fit=5, passage=6)
    assert Bearing(1, 1, 1, 1, 1, 1).score(settings) == 21
    assert Bearing(0, 0, 0, 0, 0.5, 0).score(settings) == 2.5


def test_words_that_begin_alike_are_alike_by_how_much_they_share() -> None:
    assert likeness("locat", "location") == 5 / 8
    assert likeness("mill", "million") == 4 / 7
    assert likeness("mill", "millionaire") == likeness("sea", "seal") == likeness("tram", "mill") == 0.0
