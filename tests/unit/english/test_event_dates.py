"""The dates of events, counted from the publication of their report."""

from datetime import UTC, datetime

import pytest

from chat.english.event_dates import Precision, event_date

THURSDAY = datetime(2023, 3, 16, 17, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Nine people died in Tuesday night's fire; two were found on Thursday.", "2023-03-14", "2023-03-14"),
        ("He left last Tuesday.", "2023-03-14", "2023-03-14"),
        ("They met last Thursday.", "2023-03-09", "2023-03-09"),
        ("They met on Thursday.", "2023-03-16", "2023-03-16"),
        ("It opened on 16 March.", "2023-03-16", "2023-03-16"),
        ("It opened on March 3rd.", "2023-03-03", "2023-03-03"),
        ("It broke out yesterday.", "2023-03-15", "2023-03-15"),
        ("It burned last night.", "2023-03-15", "2023-03-15"),
        ("It opens tomorrow.", "2023-03-17", "2023-03-17"),
        ("It sank two days ago.", "2023-03-14", "2023-03-14"),
        ("A service will be held on Sunday 26 March at 15:00.", "2023-03-26", "2023-03-26"),
        ("Next Tuesday they vote, and next Friday they leave.", "2023-03-21", "2023-03-21"),
        ("The board will decide on Monday.", "2023-03-20", "2023-03-20"),
        ("It fell on 28 December.", "2022-12-28", "2022-12-28"),
        ("She was inspected in November 2022.", "2022-11-01", "2022-11-30"),
        ("It fell in December.", "2022-12-01", "2022-12-31"),
        ("The board will vote in October.", "2023-10-01", "2023-10-31"),
        ("They voted last week.", "2023-03-06", "2023-03-12"),
        ("He last marched in 1971.", "1971-01-01", "1971-12-31"),
        ("It was on 29 February 2024.", "2024-02-29", "2024-02-29"),
        ("In 1994 she was built; on Monday she sank.", "2023-03-13", "2023-03-13"),
        ("They met on Friday and will meet again.", "2023-03-10", "2023-03-10"),
        ("They will meet on Friday to hear who lost.", "2023-03-17", "2023-03-17"),
        ("On Friday, the council of Elm Bay voted.", "2023-03-10", "2023-03-10"),
        ("The tunnel is to start in the autumn of 2022.", "2022-09-01", "2022-11-30"),
        ("They left on Friday last week.", "2023-03-10", "2023-03-10"),
        ("They left on Wednesday last week.", "2023-03-08", "2023-03-08"),
        ("It opens on Monday next week.", "2023-03-20", "2023-03-20"),
        ("It ran from 3 to 9 March.", "2023-03-03", "2023-03-09"),
        ("It was held from May 3 to 9, 2022.", "2022-05-03", "2022-05-09"),
        ("It burned in August last year.", "2022-08-01", "2022-08-31"),
        ("A service will be held on 28 April.", "2023-04-28", "2023-04-28"),
        ("A fair is held on Sunday, 9 July.", "2023-07-09", "2023-07-09"),
        ("One Monday in 2019 changed it.", "2019-01-01", "2019-12-31"),
        ("It was shut last year.", "2022-01-01", "2022-12-31"),
        ("At 1700 UTC on Monday it sank.", "2023-03-13", "2023-03-13"),
        ("It sank this week.", "2023-03-13", "2023-03-16"),
        ("The peace process is set to resume Monday.", "2023-03-20", "2023-03-20"),
        ("It burned in August last year and was rebuilt.", "2022-08-01", "2022-08-31"),
    ],
)
def test_the_event_date_is_counted_from_publication(text: str, first: str, last: str) -> None:
    found = event_date(text, THURSDAY)
    assert found
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "Four people died.", "He has worked there since September 2011.", "Sailings are cancelled until Friday.",
        "The board may march on.", "It was on 30 February.", "The largest crowd since 1999.",
        "The doors open at 21:40.",
        "It began at 1700 UTC.",
        "The ferry won the 1864 cup.",
        "They trained in hall 2019.",
        "The hall opens on Monday.",
        "The hall may open on Monday.",
        "The hall would have opened in May.",
        "It fell further than in 2019.",
        "The fair is in December.",
        "The talks were moved to Friday.",
        "The mayor said on Monday that the wall holds.",
        "It is shut on Mondays.",
        "She went abroad and fell ill on 10 August that year.",
        "It happened three years ago.",
        "A service will be held on 28 December.",
        "It ran through the 1990s.",
        "It sank two weeks ago.",
        "It rained in the past five days.",
        "Sales fell below those of last year's quarter.",
        "They had met the previous Monday.",
        "It burned last February.",
        "The loan was extended through January.",
    ],
)  # fmt: skip
def test_a_sentence_that_does_not_say_when_has_no_event_date(text: str) -> None:
    assert event_date(text, THURSDAY) is None


def test_a_day_says_more_than_a_month_and_a_month_more_than_a_year() -> None:
    found = event_date("Built in 1994 and changed in November 2022, she burned on 14 March.", THURSDAY)
    assert found
    assert (found.precision, found.words) == (Precision.DAY, "14 March")
