"""Which sentences become evidence."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chat.answer import Evidence
from chat.gathering.candidates import Candidate
from chat.gathering.evidence import EvidenceSettings, gather_evidence, score_of
from chat.gathering.features import Features, features_of, with_vectors
from chat.gathering.retrieval import retrieve
from chat.gathering.sentence_vectors import SentenceVectors
from chat.gathering.word_weights import likeness, wanted_words
from chat.understanding.understand import understand
from corpus.article import Article
from corpus.sentences import split_sentences
from indexer.search.index import Index
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
            article(
                "Tram vote", "The council voted for the tram line by 17 to 14. It heard 18 guests.", day="2023-04-01"
            ),
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


def candidates_of(told: Article) -> list[Candidate]:
    spans = split_sentences(told.text)
    texts = [told.text[span.start : span.end] for span in spans]
    return [Candidate(told, span, before) for span, before in zip(spans, ["", *texts], strict=False)]


def features(text: str, index: Index) -> dict[str, Features]:
    candidates = [one for told in index.archive.articles() for one in candidates_of(told)]
    found = features_of(understand(text, as_of=NOW), candidates, index.keywords)
    return {one.text: known for one, known in zip(candidates, found, strict=True)}


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Who saw the mill burn?", "Ada Lund"),
        ("How many workers of the mill were hurt?", "Nine"),
        ("How did the council vote?", "17 to 14"),
    ],
)
def test_the_best_evidence_has_the_answer(question: str, holds: str, index: Index) -> None:
    assert holds in evidence(question, index)[0].text


def test_evidence_is_numbered_best_first(index: Index) -> None:
    found = evidence("Who saw the mill burn?", index)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_sentence_of_two_articles_is_evidence_once(index: Index) -> None:
    assert sum(one.text == "Ada Lund saw the mill burn." for one in evidence("Who saw the mill burn?", index)) == 1


def test_a_sentence_that_begins_with_a_pronoun_brings_the_one_before(index: Index) -> None:
    texts = {one.text for one in evidence("When did it burn, on what night?", index)}
    assert "The mill on Tern Row was lost. It burned on Sunday night." in texts


def test_no_more_is_gathered_than_is_asked_for(index: Index) -> None:
    assert len(evidence("the mill", index, EvidenceSettings(sentences=2))) == 2


def test_a_date_above_a_story_is_no_evidence(tmp_path: Path) -> None:
    text = "Sunday, August 8, 2021\n\nThe pier of Holm fell on Sunday.\n\nIt was built in 1994."
    sync([article("Pier falls", text, day="2021-08-08")], tmp_path, MODEL)
    opened = Index(tmp_path, MODEL.fingerprint)
    told = [one.text for one in evidence("What fell in August 2021?", opened)]
    opened.close()
    assert "The pier of Holm fell on Sunday." in told
    assert not any(one.startswith("Sunday, August") for one in told)


def test_no_hits_give_no_evidence(index: Index) -> None:
    question = understand("the mill", as_of=NOW)
    vectors = SentenceVectors(MODEL.embedding)
    assert gather_evidence(question, (), index.archive, index.keywords, vectors) == ()
    assert features_of(question, (), index.keywords) == []


def test_a_score_is_the_weighted_sum_of_the_features() -> None:
    weights: dict[str, Any] = {name: float(at) for at, name in enumerate(Features._fields)}
    settings = EvidenceSettings(**weights)
    assert score_of(Features(answer_type=0.5), settings) == 0.5 * settings.answer_type
    assert score_of(Features(*(1.0 for _ in weights)), settings) == sum(range(len(weights)))


def test_common_parts_of_all_sentences_do_not_make_one_distinct() -> None:
    candidates = candidates_of(article("Mill", "The mill burned. The mill was sold."))
    rows = np.array([[0.8, 0.6, 0.0], [0.8, 0.0, 0.6]], dtype=np.float32)
    burned, sold = with_vectors(candidates, [Features(), Features()], rows, np.array([0.8, 0.6, 0.0], dtype=np.float32))
    assert burned.similarity == pytest.approx(1.0)
    assert sold.similarity == pytest.approx(0.64)
    assert burned.distinct == pytest.approx(1.0)
    assert sold.distinct == pytest.approx(-1.0)


def test_one_sentence_alone_is_not_set_apart() -> None:
    row = np.array([[0.6, 0.8]], dtype=np.float32)
    (alone,) = with_vectors(candidates_of(article("Mill", "It burned.")), [Features()], row, row[0])
    assert alone.distinct == 0.0


def test_an_opening_pronoun_counts_as_far_as_the_sentence_before_is_similar() -> None:
    candidates = candidates_of(article("Mill", "The mill was lost. It burned. It was old."))
    rows = np.array([[0.6, 0.8], [0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
    pronoun = Features(pronoun=1.0)
    found = with_vectors(candidates, [Features(), pronoun, pronoun], rows, np.array([1.0, 0.0], dtype=np.float32))
    assert [one.pronoun for one in found] == pytest.approx([0.0, 0.6, 0.0])
    (without,) = with_vectors(candidates[1:2], [pronoun], rows[1:2], rows[2])
    assert without.pronoun == 0.0


def test_the_noun_after_which_and_an_opening_pronoun_are_features(index: Index) -> None:
    found = features("Which workers were hurt at the mill of Tern Row?", index)
    assert found["Nine workers of the mill were hurt."].noun == 1.0
    assert found["It burned on Sunday night."].noun == 0.0
    assert (found["It burned on Sunday night."].pronoun, found["Ada Lund saw the mill burn."].pronoun) == (1.0, 0.0)


def test_the_answer_may_follow_the_sentence_with_the_words(index: Index) -> None:
    found = features("When was the mill on Tern Row lost?", index)
    assert found["It burned on Sunday night."].following > 0.5
    assert found["The mill on Tern Row was lost."].following == 0.0


def test_a_name_that_the_article_has_elsewhere_is_as_good_as_in_the_sentence(index: Index) -> None:
    found = features("What of Tern Row?", index)
    assert (
        found["Nine workers of the mill were hurt."].context == found["The mill on Tern Row was lost."].context == 1.0
    )
    assert found["The council voted for the tram line by 17 to 14."].context == 0.0


@pytest.mark.parametrize("date", ["{} May 2023", "May {}, 2023", "the {}th of May 2023", "{} and 21 May 2023"])
def test_the_number_of_a_day_is_no_other_number(index: Index, date: str) -> None:
    voted = "The council voted for the tram line by 17 to 14."
    same, other = (f"Was the tram line voted for on {date.format(day)}?" for day in (17, 18))
    assert features(same, index)[voted] == features(other, index)[voted]


def test_a_number_that_is_asked_for_beside_a_day_counts(index: Index) -> None:
    voted = "The council voted for the tram line by 17 to 14."
    same, other = (f"Did {number} vote for the tram line on 17 May 2023?" for number in (17, 18))
    assert features(same, index)[voted].rare_words > features(other, index)[voted].rare_words


def test_a_month_is_no_march_and_a_march_no_month(tmp_path: Path) -> None:
    marched, closed = "The march left the fish market at noon.", "The bridge was closed in March 2023."
    sync([article("March", f"{marched} {closed}")], tmp_path, MODEL)
    with closing(Index(tmp_path, MODEL.fingerprint)) as index:
        asked = features("What happened in March 2023?", index)
        assert (asked[marched].rare_words, asked[closed].rare_words > 0) == (0.0, True)
        assert features("When did the march leave?", index)[marched].rare_words > 0


def test_words_that_begin_alike_are_alike_by_how_much_they_share() -> None:
    assert likeness("locat", "location") == 5 / 8
    assert likeness("mill", "million") == 4 / 7
    assert likeness("mill", "millionaire") == likeness("sea", "seal") == likeness("tram", "mill") == 0.0


def test_the_words_of_earlier_turns_weigh_together_no_more_than_those_of_the_question(index: Index) -> None:
    before = understand("Which mill on Tern Row burned on Sunday night, and how many workers were hurt?", as_of=NOW)
    wanted = wanted_words(understand("Who voted?", as_of=NOW, earlier=(before,)), index.keywords)
    own = sum(weight for term, weight in wanted.items() if term in index.keywords.terms("Who voted?"))
    assert sum(wanted.values()) == pytest.approx(2 * own)


def test_a_source_that_is_asked_what_it_reports_is_not_searched_for(index: Index) -> None:
    question = understand("What does the Gazette report on the mill?", as_of=NOW, sources=("Harbour Gazette",))
    assert set(wanted_words(question, index.keywords)) == set(index.keywords.terms("what the mill"))


ASKED = (
    "Gas is dear this year. How high are gas prices in Elm Bay? A gallon costs five crowns. Will gas prices be high in "
    "June? Orm has other prices."
)


def test_what_an_article_asks_is_no_evidence_and_what_follows_comes_first(tmp_path: Path) -> None:
    sync([article("Gas", ASKED)], tmp_path, MODEL)
    with closing(Index(tmp_path, MODEL.fingerprint)) as index:
        found = [one.text for one in evidence("How high are gas prices in Elm Bay?", index)]
    assert found[0] == "A gallon costs five crowns."
    assert not any(text.endswith("?") for text in found)


def test_what_follows_a_question_replies_to_its_words(index: Index) -> None:
    candidates = candidates_of(article("Gas", ASKED))
    found = features_of(understand("How high are gas prices in Elm Bay?", as_of=NOW), candidates, index.keywords)
    replies = {one.text: known.replies for one, known in zip(candidates, found, strict=True)}
    assert replies.pop("A gallon costs five crowns.") == pytest.approx(1.0)
    assert replies.pop("Orm has other prices.") < 0.7  # after "Will gas prices be high in June?"
    assert set(replies.values()) == {0.0}


def test_an_article_that_only_asks_is_evidence_for_want_of_better(tmp_path: Path) -> None:
    sync([article("Gas", "How high are gas prices in Elm Bay?")], tmp_path, MODEL)
    with closing(Index(tmp_path, MODEL.fingerprint)) as index:
        assert [one.text for one in evidence("How high are gas prices?", index)] == [
            "How high are gas prices in Elm Bay?"
        ]
