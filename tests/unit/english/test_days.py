"""The days that a text names, held against the days of another text and the day of its publication."""

from datetime import date

import pytest

from chat.english.days import (
    Day,
    blank_days,
    days_of,
    is_named,
    read_days,
    too_old_for,
    words_of_dates,
    words_of_dates_alone,
)

THURSDAY = date(2023, 3, 16)


@pytest.mark.parametrize(
    ("said", "evidence", "expected"),
    [
        ("on 14 March", "on Tuesday", True),  # counted back from Thursday 16 March
        ("on Tuesday", "on 14 March", True),
        ("on Wednesday", "on 14 March", False),
        ("on 14 March", "yesterday", False),
        ("on 15 March", "yesterday", True),
        ("on 17 March", "tomorrow", True),
        ("in March 2023", "this month", True),
        ("in February 2023", "last month", True),
        ("in 2022", "last year", True),
        ("in 2021", "last year", False),
        ("in December 2022", "in December", True),
        ("in May 2023", "in May", True),
        ("on 3 May 2022", "on 3 and 9 May 2022", True),
        ("on 9 May 2022", "on 3 and 9 May 2022", True),
        ("in 2022", "in the autumn of 2022", True),
        ("on 16 March 2023", "nothing of a day", True),  # the day of the report itself
        ("in 2019", "hall 2019", True),  # the figure is there: whether it is a year is not this module's business
    ],
)
def test_a_day_is_named_when_the_evidence_means_it(said: str, evidence: str, expected: bool) -> None:
    (day,) = read_days(said)
    assert is_named(day, days_of(evidence, THURSDAY)) is expected


def test_evidence_without_a_day_of_publication_means_what_it_writes_alone() -> None:
    assert days_of("yesterday and on 3 May", None) == [Day("3 May", month=5, day=3)]


def test_blanking_dates_keeps_all_offsets() -> None:
    text = "It sank on 3 May 2022 with 31 aboard."
    assert blank_days(text) == "It sank on            with 31 aboard."
    assert len(blank_days(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "inside", "alone"),
    [
        ("What sank on 3 June 2022?", {"3"}, {"3"}),
        ("What sank on May 3rd, 2022?", {"may", "3rd"}, {"may", "3rd"}),
        ("What sank between 3 and 9 March?", {"3", "9", "march"}, {"3", "9", "march"}),
        ("What sank on 2022-05-03?", {"05", "03"}, {"05", "03"}),
        ("What sank in June 2022?", set(), set()),
        ("What happened to the 3 boats on 3 June?", {"3"}, set()),
        ("Who joined the march in March?", {"march"}, set()),
        ("Which 3 boats may march?", set(), set()),
    ],
)
def test_some_words_of_dates_mean_something_else_elsewhere(text: str, inside: set[str], alone: set[str]) -> None:
    assert [set(words_of_dates(text)), set(words_of_dates_alone(text))] == [inside, alone]


@pytest.mark.parametrize(
    ("text", "age_days", "words"),
    [
        ("It opens today.", 0, ""),
        ("It opens today.", 2, "today"),
        ("It opened this week.", 7, ""),
        ("It opened this week.", 8, "this week"),
        ("It opened this year.", 300, ""),
        ("It opened on 3 May.", 3000, ""),
    ],
)
def test_words_that_mean_now_are_too_old_after_a_while(text: str, age_days: int, words: str) -> None:
    assert too_old_for(text, THURSDAY, date.fromordinal(THURSDAY.toordinal() + age_days)) == words
