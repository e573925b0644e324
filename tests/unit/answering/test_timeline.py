"""Timelines: which events, in which order."""

from dataclasses import replace
from datetime import UTC, datetime

from chat.answer import Evidence
from chat.answering.timeline import describe_date, timeline
from corpus.article import Article
from tests.articles import article

NOW = datetime(2023, 6, 1, 12, tzinfo=UTC)


def whole(number: int, made: Article) -> Evidence:
    return Evidence(number, made, 0, len(made.text))


FIRE = whole(1, article("Ferry fire", "Nine died in Tuesday's fire. The search goes on.", day="2023-03-16"))
PLAN = whole(2, article("Plan", "The ferry was built in 1994.", day="2023-03-15"))
TOLL = whole(3, article("Toll", "The 14 March fire killed twelve.", day="2023-04-03", source="Harbour Gazette"))


def test_events_stand_in_the_order_in_which_they_happened_not_in_which_they_were_reported() -> None:
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


def test_a_sentence_that_two_pieces_of_evidence_hold_is_told_once() -> None:
    assert len(timeline([FIRE, replace(FIRE, number=2)])) == 2


def test_an_undated_article_has_no_events() -> None:
    assert timeline([whole(1, replace(FIRE.article, published_at=None))]) == ()
