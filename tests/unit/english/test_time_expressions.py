"""What time expressions ask for, asked on Friday 24 June 2022 at noon."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.english.intervals import Interval, describe
from chat.english.time_expressions import find_shift, find_times, find_times_covered, together
from chat.english.written_dates import read_date

AS_OF = datetime(2022, 6, 24, 12, tzinfo=UTC)


def shown(interval: Interval | None) -> str:
    def day(moment: datetime | None) -> str:
        return moment.strftime("%Y-%m-%d" if moment.hour == 0 else "%Y-%m-%dT%H") if moment else ""

    return f"{day(interval.start)}..{day(interval.end)}" if interval else "-"


def read(text: str) -> tuple[str, str]:
    _, published, preferred = together(find_times(text, AS_OF))
    return shown(published), shown(preferred)


CALENDAR = [  # words, nothing published outside, preferred with room for late reports
    ("What happened in June 2022?", "2022-06-01..", "2022-06-01..2022-06-24T12"),
    ("What happened in May 2022?", "2022-05-01..", "2022-05-01..2022-06-08"),
    ("the protests of Jan 2022", "2022-01-01..", "2022-01-01..2022-02-08"),
    ("between the 3rd and 9th of May 2022", "2022-05-03..", "2022-05-03..2022-05-12"),
    ("from 3 to 9 May 2022", "2022-05-03..", "2022-05-03..2022-05-13"),
    ("May 3-9, 2022", "2022-05-03..", "2022-05-03..2022-05-13"),
    ("between 3 May 2022 and 9 June 2022", "2022-05-03..", "2022-05-03..2022-06-12"),
    ("from March to May 2022", "2022-03-01..", "2022-03-01..2022-06-08"),
    ("in March and April 2022", "2022-03-01..", "2022-03-01..2022-05-08"),
    ("between 2019 and 2021", "2019-01-01..", "2019-01-01..2022-02-01"),
    ("on 3 May 2022", "2022-05-03..", "2022-05-03..2022-05-06"),
    ("on May 3rd, 2022", "2022-05-03..", "2022-05-03..2022-05-06"),
    ("on the 3rd of May, 2022", "2022-05-03..", "2022-05-03..2022-05-06"),
    ("2022-05-03", "2022-05-03..", "2022-05-03..2022-05-06"),
    ("in 2022-05", "2022-05-01..", "2022-05-01..2022-06-08"),
    ("What happened in 2014?", "2014-01-01..", "2014-01-01..2015-02-01"),
    ("in the 1990s", "1990-01-01..", "1990-01-01..2000-02-01"),
    ("in early June 2022", "2022-06-01..", "2022-06-01..2022-06-18"),
    ("at the end of 2021", "2021-09-02..", "2021-09-02..2022-02-01"),
    ("in Q1 2022", "2022-01-01..", "2022-01-01..2022-04-15"),
    ("in the first half of 2021", "2021-01-01..", "2021-01-01..2021-07-15"),
    ("since June 2021", "2021-06-01..", "2021-06-01..2022-06-24T12"),
    ("since 2014", "2014-01-01..", "2014-01-01..2022-06-24T12"),
    ("after 3 May 2022", "2022-05-03..", "2022-05-03..2022-06-24T12"),
    ("after May 2022", "2022-06-01..", "2022-06-01..2022-06-24T12"),
    ("before June 2022", "..2022-06-01", "-"),
    ("until the end of May 2022", "..2022-06-01", "-"),
]
RELATIVE = [
    ("yesterday", "2022-06-23..2022-06-24T12"),
    ("today", "2022-06-24..2022-06-24T12"),
    ("this morning", "2022-06-24..2022-06-24T12"),
    ("last night", "2022-06-23..2022-06-24T12"),
    ("the day before yesterday", "2022-06-22..2022-06-24T12"),
    ("What happened last week?", "2022-06-13..2022-06-23"),
    ("this week", "2022-06-17..2022-06-24T12"),
    ("earlier this week", "2022-06-17..2022-06-24T12"),
    ("on Tuesday", "2022-06-21..2022-06-24"),
    ("on Friday", "2022-06-24..2022-06-24T12"),
    ("last Friday", "2022-06-17..2022-06-20"),
    ("customers were without power Thursday due to the storm", "2022-06-23..2022-06-24T12"),
    ("on Tuesday last week", "2022-06-14..2022-06-17"),
    ("last weekend", "2022-06-18..2022-06-22"),
    ("over the weekend", "2022-06-18..2022-06-22"),
    ("last month", "2022-05-01..2022-06-08"),
    ("this month", "2022-06-01..2022-06-24T12"),
    ("last year", "2021-01-01..2022-02-01"),
    ("so far this year", "2022-01-01..2022-06-24T12"),
    ("this year so far", "2022-01-01..2022-06-24T12"),
    ("last quarter", "2022-01-01..2022-04-15"),
    ("in the last 24 hours", "2022-06-23T12..2022-06-24T12"),
    ("over the past two weeks", "2022-06-10T12..2022-06-24T12"),
    ("in the past few days", "2022-06-20T12..2022-06-24T12"),
    ("over the last year", "2021-06-24..2022-06-24T12"),
    ("3 days ago", "2022-06-21..2022-06-24"),
    ("two weeks ago", "2022-06-07..2022-06-17"),
    ("in March", "2022-03-01..2022-04-08"),
    ("in September", "2021-09-01..2021-10-08"),
    ("last May", "2022-05-01..2022-06-08"),
    ("in May last year", "2021-05-01..2021-06-08"),
    ("since March", "2022-03-01..2022-06-24T12"),
    ("since Monday", "2022-06-20..2022-06-24T12"),
    ("between the 3rd and 9th of May", "2022-05-03..2022-05-12"),
    ("from Monday to Wednesday", "2022-06-20..2022-06-24T12"),
    ("on the 3rd", "2022-06-03..2022-06-06"),
    ("on the 30th", "2022-05-30..2022-06-02"),
    ("in the summer of 2021", "2021-06-01..2021-09-15"),
    ("in the winter of 2021", "2021-12-01..2022-03-15"),
    ("last summer", "2021-06-01..2021-09-15"),
    ("this spring", "2022-03-01..2022-06-15"),
    ("What was planned for June 2022?", "2022-06-01..2022-06-24T12"),
    ("Who is expected to speak in June 2022?", "2022-06-01..2022-06-24T12"),
]
PUBLISHING = [
    ("articles published in May 2022", "2022-05-01..2022-06-01"),
    ("articles from last week", "2022-06-13..2022-06-20"),
    ("headlines from yesterday", "2022-06-23..2022-06-24"),
    ("articles about Kazakhstan from May 2022", "2022-05-01..2022-06-01"),
    ("stories published before June 2022", "..2022-06-01"),
    ("news published between 3 and 9 May 2022", "2022-05-03..2022-05-10"),
]
LEFT_ALONE = [
    "before the election",
    "since the invasion",
    "after the war",
    "the day after the vote",
    "What did May say to March?",
    "may 3 people enter?",
    "Black Friday sales",
    "Bloody Sunday",
    "Which supermarkets plan to merge in 2024?",
    "What happens next week?",
    "Who won the 2020 election?",
    "Who won the 2014 World Cup?",
    "a baseball card from 1952",
    "person of the year for 2022",
    "on 30 February 2022",
    "a second of silence",
    "today's teens",
    "more than a year ago's prices",
    "a new attack in Mar-a-Lago",
    "It cost 2000 dollars",
    "",
]


LIMITS = [  # words, nothing published outside, the words that are not searched for
    ("What was said of the ferry before 2022?", "..2022-01-01", "before 2022"),
    ("What was said prior to 2022?", "..2022-01-01", "prior to 2022"),
    ("reports older than March 2022", "..2022-03-01", "older than March 2022"),
    ("Published before 2022: what was said?", "..2022-01-01", "Published before 2022"),
    ("ferry news published on or before 3 May 2022", "..2022-05-04", "published on or before 3 May 2022"),
    ("What was said until March 2022?", "..2022-04-01", "until March 2022"),
    ("What was said by March 2022?", "..2022-04-01", "by March 2022"),
    ("ferry news no later than March 2022", "..2022-04-01", "no later than March 2022"),
    ("ferry news in 2020 or earlier", "..2021-01-01", "in 2020 or earlier"),
    ("What was said of the ferry after 2021?", "2022-01-01..", "after 2021"),
    ("Anything on the ferry later than 2021?", "2022-01-01..", "later than 2021"),
    ("What was said since 2021?", "2021-01-01..", "since 2021"),
    ("the ferry from 2021 onwards", "2021-01-01..", "from 2021 onwards"),
    ("From 2021 on, what was said?", "2021-01-01..", "From 2021 on"),
    ("What was said of it in or after 2021?", "2021-01-01..", "in or after 2021"),
    ("What was said of it, not before 2021?", "2021-01-01..", "not before 2021"),
    ("stories dated 2021", "2021-01-01..2022-01-01", "dated 2021"),
    ("reports from after 2021 on ferries", "2022-01-01..2022-06-24T12", "from after 2021"),
]
NO_LIMITS = [
    "Will it open by Friday?",
    "an article by May",
    "better than before",
    "He fell after 2 minutes",
    "hall 2019",
]


@pytest.mark.parametrize(("text", "published", "words"), LIMITS)
def test_a_limit_in_words_bounds_as_a_filter_does_and_is_not_looked_for(text: str, published: str, words: str) -> None:
    (time,) = find_times(text, AS_OF)
    assert (shown(time.published), time.words, time.is_limit) == (published, words, True)
    assert text[time.start : time.end] == words


@pytest.mark.parametrize("text", NO_LIMITS)
def test_a_limit_of_something_else_bounds_nothing(text: str) -> None:
    assert not any(time.is_limit or time.published for time in find_times(text, AS_OF))


@pytest.mark.parametrize(("text", "published", "preferred"), CALENDAR)
def test_calendar_words_bound_from_below_and_prefer(text: str, published: str, preferred: str) -> None:
    assert read(text) == (published, preferred)


@pytest.mark.parametrize(("text", "preferred"), RELATIVE)
def test_relative_and_guessed_words_only_prefer(text: str, preferred: str) -> None:
    assert read(text) == ("-", preferred)


@pytest.mark.parametrize(("text", "published"), PUBLISHING)
def test_words_about_publishing_bound_at_both_ends(text: str, published: str) -> None:
    assert read(text) == (published, "-")


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_no_past_time_of_the_calendar_is_left_alone(text: str) -> None:
    assert find_times(text, AS_OF) == ()


def test_a_month_takes_the_year_of_the_earlier_question() -> None:
    earlier = Interval(datetime(2019, 6, 1, tzinfo=UTC), datetime(2019, 7, 1, tzinfo=UTC))
    (time,) = find_times("and in March?", AS_OF, earlier)
    assert shown(time.named) == "2019-03-01..2019-04-01"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What happened the next day?", "2022-05-04..2022-05-05"),
        ("and the previous day", "2022-05-02..2022-05-03"),
        ("the following week", "2022-05-04..2022-05-11"),
        ("the next month", "2022-05-01..2022-06-01"),
    ],
)
def test_a_time_beside_the_earlier_one_is_found(text: str, named: str) -> None:
    earlier = Interval(datetime(2022, 5, 3, tzinfo=UTC), datetime(2022, 5, 4, tzinfo=UTC))
    time = find_shift(text, earlier, AS_OF)
    assert time is not None
    assert shown(time.named) == named


def test_two_times_apart_reach_from_the_first_to_the_last() -> None:
    times = find_times("in June 2021 and in June 2022", AS_OF)
    assert len(times) == 2
    assert shown(together(times)[0]) == "2021-06-01..2022-06-24T12"


def test_offsets_reproduce_the_words() -> None:
    text = "What did they say on Tuesday, and since March?"
    assert [text[time.start : time.end] for time in find_times(text, AS_OF)] == ["on Tuesday", "since March"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2022", "2022-01-01"),
        ("2022-06", "2022-06-01"),
        ("2022-6-4", "2022-06-04"),
        ("2022-02-30", None),
        ("May", None),
    ],
)
def test_a_typed_date_is_read_or_refused(words: str, expected: str | None) -> None:
    moment = read_date(words)
    assert (moment.strftime("%Y-%m-%d") if moment else None) == expected


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2022-06-13", "2022-06-20", "13-19 June 2022"),
        ("2022-06-13", "2022-06-14", "13 June 2022"),
        ("2022-05-30", "2022-06-06", "30 May - 5 June 2022"),
        ("2021-12-30", "2022-01-02", "30 December 2021 - 1 January 2022"),
        ("2022-06-13", None, "since 13 June 2022"),
        (None, "2022-06-13", "before 13 June 2022"),
        (None, None, "at any time"),
    ],
)
def test_an_interval_is_described_by_its_days(start: str | None, end: str | None, words: str) -> None:
    interval = Interval(read_date(start) if start else None, read_date(end) if end else None)
    assert describe(interval) == words


WORDS = st.sampled_from(
    [
        "the",
        "between",
        "and",
        "in",
        "on",
        "since",
        "before",
        "last",
        "this",
        "next",
        "June",
        "May",
        "3rd",
        "9th",
        "of",
        "2022",
        "2014",
        "1999-12-31",
        "31",
        "week",
        "Tuesday",
        "ago",
        "999",
        "years",
        "months",
        "winter",
        "summer",
        "from",
        "to",
        "published",
        "articles",
        "Q4",
        "end",
        "early",
        "half",
        "second",
        ",",
        "-",
        "?",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(WORDS, max_size=12),
    as_of=st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_intervals_never_end_before_they_start(words: list[str], as_of: datetime) -> None:
    times = find_times(" ".join(words), as_of)
    for interval in filter(
        None, [*together(times), *(each for time in times for each in (time.named, time.preferred))]
    ):
        assert interval.start is None or interval.end is None or interval.start <= interval.end
        assert interval.start is None or interval.start <= as_of


ENDED = datetime(2020, 7, 10, 9, tzinfo=UTC)  # the last day of an archive, two years before the asking


@pytest.mark.parametrize(
    ("text", "days", "is_last"),
    [
        ("What did the Courier say in May?", "1-31 May 2020", True),
        ("What happened on 5 March?", "5 March 2020", True),
        ("What happened in December?", "1-31 December 2019", True),
        ("What happened in early July?", "1-10 July 2020", True),
        ("What happened in May 2022?", "1-31 May 2022", False),
        ("What happened last May?", "1-31 May 2022", False),
        ("What happened in May last year?", "1-31 May 2021", False),
        ("What happened last week?", "13-19 June 2022", False),
        ("What happened in 2021?", "1 January - 31 December 2021", False),
    ],
)
def test_a_time_without_a_year_is_the_last_one_that_the_archive_covers(text: str, days: str, is_last: bool) -> None:
    (found,) = find_times_covered(text, AS_OF, ENDED)
    assert (describe(found.named), found.is_last_of_archive) == (days, is_last)
    assert days[-4:] in found.notice.text()
    assert ("the last in the archive" in found.notice.text()) is is_last


def test_an_archive_that_is_up_to_date_changes_nothing() -> None:
    for text, _, _ in CALENDAR:
        assert find_times_covered(text, AS_OF, AS_OF) == find_times(text, AS_OF)
        assert find_times_covered(text, AS_OF, None) == find_times(text, AS_OF)
