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
    ],
)  # fmt: skip
def test_a_sentence_that_does_not_say_when_has_no_event_date(text: str) -> None:
    assert event_date(text, THURSDAY) is None


def test_a_day_says_more_than_a_month_and_a_month_more_than_a_year() -> None:
    found = event_date("Built in 1994 and changed in November 2022, she burned on 14 March.", THURSDAY)
    assert found
    assert (found.precision, found.words) == (Precision.DAY, "14 March")
