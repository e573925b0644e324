# ruff: noqa: E501 - the tables are read line by line
"""What reports disagree about: in a table made by hand, and in the sample."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Evidence, Support
from chat.answering.disagreement import (
    Difference,
    Disagreement,
    disagreement_sentence,
    disagreement_text,
    find_disagreements,
)
from corpus.article import Article, new_article
from corpus.readers import read_articles
from corpus.sentences import split_sentences

SHELF = Path(__file__).parents[3] / "corpus" / "sample" / "port-ellery"
COURIER, GAZETTE = "The Ellery Courier", "Harbour Gazette"
C, U, NONE = Difference.CONFLICT, Difference.UPDATE, None


def report(number: int, source: str, moment: str, text: str, title: str = "Fire at Dunmore Mill") -> Evidence:
    made = new_article(
        title=title,
        text=text,
        source=source,
        url=f"https://{number}.example/a",
        published_at=datetime.fromisoformat(moment).replace(tzinfo=UTC),
    )
    return Evidence(number, made, 0, len(made.text))


# Day and hour of two reports in May 2023 (the 9th is a Tuesday), their publishers, their words, what they are.
TABLE = [
    ("09T20", COURIER, "Four people died in the fire at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "Six people died in the fire at Dunmore Mill on Tuesday.", C),
    ("09T20", COURIER, "Four people died in the fire at Dunmore Mill on Tuesday.", "10T18", GAZETTE, "The death toll of the fire at Dunmore Mill rose to six.", U),
    ("09T20", COURIER, "At least four people died in the fire at Dunmore Mill on Tuesday.", "10T09", COURIER, "Seven people are now known to have died in Tuesday's fire at Dunmore Mill.", U),
    ("09T20", COURIER, "Four people died in the fire at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "The fire at Dunmore Mill killed four people on Tuesday.", NONE),
    ("09T20", COURIER, "Four people died in the fire at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "A woman of 67 died in the fire at Dunmore Mill on Tuesday.", NONE),
    ("09T20", COURIER, "Nineteen people were missing after the fire at Dunmore Mill on Tuesday.", "10T20", COURIER, "Eight people are still missing after Tuesday's fire at Dunmore Mill.", U),
    ("09T20", COURIER, "Nineteen were missing after the fire at Dunmore Mill on Tuesday.", "09T22", GAZETTE, "Twelve were missing after the fire at Dunmore Mill on Tuesday.", C),
    ("09T20", COURIER, "Thirty people were injured in the fire at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "The fire at Dunmore Mill on Tuesday injured 45 people.", C),
    ("09T20", COURIER, "Some 30 people were injured in the fire at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "31 people were hurt in the fire at Dunmore Mill on Tuesday.", NONE),
    ("09T20", COURIER, "About 1,200 people marched to Dunmore Mill on Tuesday, police said.", "09T21", GAZETTE, "Some 3,000 people marched to Dunmore Mill on Tuesday.", C),
    ("09T20", COURIER, "About 3,000 people marched to Dunmore Mill on Tuesday.", "09T21", GAZETTE, "Volunteers counted 2,960 marchers at Dunmore Mill on Tuesday.", NONE),
    ("09T20", COURIER, "A crowd of 500 stood at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "Nearly 2,000 people protested at Dunmore Mill on Tuesday.", C),
    ("09T20", COURIER, "On Tuesday 214 homes were flooded around Dunmore Mill.", "09T21", GAZETTE, "Storm water put 340 homes under water at Dunmore Mill on Tuesday.", C),
    ("09T20", COURIER, "On Tuesday 214 homes were flooded around Dunmore Mill.", "10T12", COURIER, "Tuesday's storm left 260 homes flooded around Dunmore Mill.", U),
    ("09T20", COURIER, "About 4,300 customers lost their power at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "Tuesday's fire at Dunmore Mill cut off the power to some 6,100 customers.", C),
    ("09T20", COURIER, "Police arrested 12 at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "Twenty people were arrested at Dunmore Mill on Tuesday.", C),
    ("09T20", COURIER, "Police arrested 12 at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "Twelve people were detained at Dunmore Mill on Tuesday.", NONE),
    ("09T20", COURIER, "The council voted by 17 to 14 on Tuesday to close Dunmore Mill.", "09T21", GAZETTE, "The council voted by 18 to 13 on Tuesday to close Dunmore Mill.", C),
    ("09T20", COURIER, "The council voted by 17 to 14 on Tuesday to close Dunmore Mill.", "09T21", GAZETTE, "On Tuesday the vote to close Dunmore Mill was 17 to 14.", NONE),
    ("09T20", COURIER, "Dunmore Mill was last inspected by the surveyor in November 2021.", "09T21", GAZETTE, "Dunmore Mill was last inspected by the surveyor in November 2022.", C),
    ("09T20", COURIER, "Dunmore Mill was last inspected by the surveyor in November 2021.", "09T21", GAZETTE, "Dunmore Mill was last inspected by the surveyor in late November 2021.", NONE),
    ("09T20", COURIER, "The owner of Dunmore Mill is the merchant Ada Brook, officials said.", "09T21", GAZETTE, "The owner of Dunmore Mill is the merchant Otto Kane, officials said.", C),
    ("09T20", COURIER, "Four people died in the fire at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "Nineteen people were missing after the fire at Dunmore Mill on Tuesday.", NONE),
    ("09T20", COURIER, "Four people died in the fire at Dunmore Mill on Tuesday.", "30T20", GAZETTE, "Six people died in the fire at Dunmore Mill on Monday.", NONE),
    ("09T20", COURIER, "Four people died in the fire at Dunmore Mill on 9 May.", "20T20", GAZETTE, "Five people died in the fire at Dunmore Mill on 9 May.", U),
    ("09T20", COURIER, "The owner of Dunmore Mill is the United Spinners, officials said.", "09T21", GAZETTE, "The owner of Dunmore Mill is the US, officials said.", NONE),
    ("09T20", COURIER, "The owner of Dunmore Mill is the Holm-Ellery Bank, officials said.", "09T21", GAZETTE, "The owner of Dunmore Mill is the Holm Ellery Company, officials said.", NONE),
    ("09T20", COURIER, "Dunmore Mill was last inspected by the surveyor on Tuesday.", "16T21", COURIER, "Dunmore Mill was last inspected by the surveyor on Tuesday.", NONE),
    ("09T20", COURIER, "The mill has 40 looms and 200 windows.", "09T21", GAZETTE, "The mill employs 60 people in two shifts.", NONE),
    ("09T20", COURIER, "Eleven people died at Dunmore Mill on Tuesday.", "09T21", GAZETTE, "More than ten people died at Dunmore Mill on Tuesday.", NONE),
]  # fmt: skip


def difference(found: tuple[Disagreement, ...]) -> Difference | None:
    assert len(found) <= 1
    return found[0].difference if found else None


@pytest.mark.parametrize("row", TABLE)
def test_the_table_made_by_hand(row: tuple[str, str, str, str, str, str, Difference | None]) -> None:
    day, source, text, other_day, other_source, other_text, expected = row
    pair = report(1, source, f"2023-05-{day}:00", text), report(2, other_source, f"2023-05-{other_day}:00", other_text)
    assert difference(find_disagreements(pair)) is expected
    assert difference(find_disagreements(pair[::-1])) is expected


def test_reports_of_different_events_do_not_disagree() -> None:
    mill = report(1, COURIER, "2023-05-09T20:00", "Four people died in the fire on Tuesday.")
    bus = report(2, GAZETTE, "2023-05-09T21:00", "Six people died on the bus on Tuesday.", "Bus crash on Castle Road")
    assert find_disagreements([mill, bus]) == ()


@pytest.fixture(scope="module")
def shelf() -> dict[str, list[Evidence]]:
    """Every sentence of the shelf by its article's address; a corrected version is version 2."""
    found: dict[str, list[Evidence]] = {}
    number = 0
    for one in sorted(read_articles([SHELF]), key=lambda one: str(getattr(one, "updated_at", ""))):
        assert isinstance(one, Article)
        made = replace(one, version=2) if one.updated_at else one
        for span in split_sentences(made.text):
            number += 1
            found.setdefault((made.url or "").rsplit("/", 1)[1], []).append(Evidence(number, made, *span))
    return found


def among(shelf: dict[str, list[Evidence]], *names: str) -> list[Disagreement]:
    return list(find_disagreements([one for name in names for one in shelf[name]]))


def told(found: list[Disagreement]) -> set[tuple[str, str, str, str]]:
    return {(one.difference.value, one.about, one.first.words.lower(), one.second.words.lower()) for one in found}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("dredging-march-custom-house", "three-thousand-march-for-tern-bay"), ("conflict", "marched", "about 1,200", "some 3,000")),
        (("storm-berrin-low-quay-flooded", "storm-berrin-340-homes"), ("conflict", "homes flooded", "214", "340")),
        (("storm-berrin-low-quay-flooded", "storm-berrin-340-homes"), ("conflict", "without power", "about 4,300", "some 6,100")),
        (("ferry-fire-grey-petrel", "ferry-fire-seven-dead"), ("update", "died", "at least four", "seven")),
        (("ferry-fire-grey-petrel", "ferry-fire-seven-dead"), ("update", "missing", "19", "eight")),
        (("ferry-fire-seven-dead", "ferry-fire-nine-dead"), ("update", "died", "seven", "nine")),
        (("ferry-fire-seven-dead", "ferry-fire-nine-dead"), ("update", "missing", "eight", "two")),
        (("ferry-fire-nine-dead", "ferry-fire-eleven-dead-search-ends"), ("update", "died", "nine", "eleven")),
        (("ferry-fire-eleven-dead-search-ends", "ferry-fire-twelfth-victim"), ("update", "died", "eleven", "twelve")),
        (("ferry-fire-nine-dead",), ("correction", "date", "november 2021", "november 2022")),
        (("council-backs-tram-line",), ("correction", "vote", "18 to 13", "17 to 14")),
    ],
)  # fmt: skip
def test_disagreements_planted_in_the_sample_are_found(
    shelf: dict[str, list[Evidence]], names: tuple[str, ...], expected: tuple[str, str, str, str]
) -> None:
    assert expected in told(among(shelf, *names))


def test_copies_of_one_report_and_reports_of_like_events_do_not_disagree(shelf: dict[str, list[Evidence]]) -> None:
    for names in (
        ("ferry-fire-grey-petrel", "holm-island-ferry-ablaze", "night-of-fire-off-gannet-rock"),
        ("holm-island-ferry-strike", "holm-islanders-ferry-strike"),
        ("coast-road-crash-gannet-bend", "coast-road-crash-cannery-junction"),
        ("planning-dunmore-cannery-flats", "planning-ropewalk-hotel-refused"),
    ):
        assert among(shelf, *names) == []


def test_a_conflict_names_the_source_and_the_day_of_each_side(shelf: dict[str, list[Evidence]]) -> None:
    found = next(one for one in among(shelf, "dredging-march-custom-house", "three-thousand-march-for-tern-bay"))
    sentence = disagreement_sentence(found)
    assert sentence.text == (
        "The reports differ: About 1,200 (The Ellery Courier, 22 April 2023); Some 3,000 (Harbour Gazette, 22 April 2023)."
    )
    assert sentence.citations == (found.first.evidence, found.second.evidence)
    assert sentence.support is Support.SUPPORTED
    assert f"22 April 2023 [{found.second.evidence.number}]" in disagreement_text(found)


def test_every_side_is_in_the_words_of_its_evidence(shelf: dict[str, list[Evidence]]) -> None:
    for one in among(shelf, *(name for name in shelf if "ferry" in name or "storm" in name)):
        for side in (one.first, one.second):
            assert side.words in side.evidence.text


def test_a_side_from_a_corrected_article_says_so(shelf: dict[str, list[Evidence]]) -> None:
    (vote,) = (one for one in among(shelf, "council-backs-tram-line") if one.about == "vote")
    assert (vote.first.is_corrected, vote.second.is_corrected) == (False, True)
    assert "version 2, corrected" in disagreement_text(vote)
