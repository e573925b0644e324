"""Timelines: which events, in which order."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from chat.answer import Evidence
from chat.answering.timeline import describe_date, timeline, timeline_of
from chat.gathering.search import EvidenceSearch
from corpus.article import Article
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model


def whole(number: int, made: Article) -> Evidence:
    return Evidence(number, made, 0, len(made.text))


FIRE = whole(1, article("Ferry fire", "Nine died in Tuesday's fire. The search goes on.", day="2023-03-16"))
PLAN = whole(2, article("Plan", "The ferry was built in 1994.", day="2023-03-15"))
TOLL = whole(3, article("Toll", "The 14 March fire killed twelve.", day="2023-04-03", source="Harbour Gazette"))


def test_events_come_in_the_order_in_which_they_happened_not_in_which_they_were_reported() -> None:
    events = timeline([TOLL, FIRE, PLAN])
    told = [(describe_date(event.happened), event.is_stated, event.evidence.number) for event in events]
    assert told == [
        ("1994", True, 2),
        ("14 March 2023", True, 1),
        ("14 March 2023", True, 3),
        ("16 March 2023", False, 1),
    ]


def test_every_event_is_the_evidence_word_for_word() -> None:
    for event in timeline([TOLL, FIRE, PLAN]):
        assert event.text in event.evidence.text


def test_an_event_is_shown_without_the_dateline_of_its_article() -> None:
    wire = article("Ferry", "PORT ELLERY (CPA) - The ferry sank on 14 March 2023. It was old.", day="2023-03-16")
    assert [one.text for one in timeline([whole(1, wire)])] == ["The ferry sank on 14 March 2023.", "It was old."]


def test_a_sentence_in_two_pieces_of_evidence_is_one_event() -> None:
    assert len(timeline([FIRE, replace(FIRE, number=2)])) == 2


def test_an_undated_article_has_no_events() -> None:
    assert timeline([whole(1, replace(FIRE.article, published_at=None))]) == ()


def test_the_events_of_a_subject_are_those_that_the_archive_held_at_that_moment(tmp_path: Path) -> None:
    model = word_hash_model()
    stories = [
        article("Mill burns", "The mill on Tern Row burned on 14 March 2023.", day="2023-03-15"),
        article("Mill sold", "The mill on Tern Row was sold on 2 May 2023.", day="2023-05-03"),
        article("Tram vote", "The council voted for the tram line by 17 to 14.", day="2023-04-01"),
    ]
    sync(stories, tmp_path, model)
    index = Index(tmp_path, model.fingerprint)
    search = EvidenceSearch(index, model.embedding)
    events = timeline_of("the mill on Tern Row", search, datetime(2023, 6, 1, tzinfo=UTC))
    assert [event.text for event in events] == [stories[0].text, stories[1].text]
    before = timeline_of("the mill on Tern Row", search, datetime(2023, 4, 1, tzinfo=UTC))
    assert [event.text for event in before] == [stories[0].text]
    assert timeline_of("the mill", search, datetime(2023, 1, 1, tzinfo=UTC)) == ()
    index.close()
