from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.dates import ParsedDate, date_of_address, parse_date

FETCHED_AT = datetime(2023, 3, 10, 12, 0, tzinfo=UTC)


def day(year: int, month: int, number: int) -> ParsedDate:
    return ParsedDate(datetime(year, month, number, tzinfo=UTC), day_only=True)


def moment(*parts: int) -> ParsedDate:
    return ParsedDate(datetime(*parts, tzinfo=UTC), day_only=False)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-06-24", day(2022, 6, 24)),
        ("2022/6/4", day(2022, 6, 4)),
        ("20220624", day(2022, 6, 24)),
        ("2022-06-24T14:30:00Z", moment(2022, 6, 24, 14, 30)),
        ("2022-06-24T14:30:00+02:00", moment(2022, 6, 24, 12, 30)),
        ("2022-06-24T01:30:00+0900", moment(2022, 6, 23, 16, 30)),
        ("2022-06-24 14:30", moment(2022, 6, 24, 14, 30)),
        ("2022-06-24T14:30:00.123456Z", ParsedDate(datetime(2022, 6, 24, 14, 30, 0, 123456, UTC), False)),
        ("Fri, 24 Jun 2022 14:30:00 GMT", moment(2022, 6, 24, 14, 30)),
        ("Fri, 24 Jun 2022 14:30:00 -0400", moment(2022, 6, 24, 18, 30)),
        ("24 Jun 2022 14:30:00 EST", moment(2022, 6, 24, 19, 30)),
        ("1656081000", moment(2022, 6, 24, 14, 30)),
        ("1656081000000", moment(2022, 6, 24, 14, 30)),
        ("June 24, 2022", day(2022, 6, 24)),
        ("Published: June 24, 2022", day(2022, 6, 24)),
        ("Jun. 24, 2022 5:00 PM EST", moment(2022, 6, 24, 22, 0)),
        ("24 June 2022 at 14:30", moment(2022, 6, 24, 14, 30)),
        ("24 juin 2022", day(2022, 6, 24)),
        ("24. Juni 2022", day(2022, 6, 24)),
        ("24 июня 2022", day(2022, 6, 24)),
        ("2022年6月24日", day(2022, 6, 24)),
        ("٢٤ يونيو ٢٠٢٢", day(2022, 6, 24)),
        ("24.06.2022", day(2022, 6, 24)),
        ("3.4.2022", day(2022, 4, 3)),
        ("24/06/2022", day(2022, 6, 24)),
        ("06/24/2022", day(2022, 6, 24)),
        ("06/24/2022 14:30", moment(2022, 6, 24, 14, 30)),
        ("05/05/2022", day(2022, 5, 5)),
        ("2022-W25-5", day(2022, 6, 24)),
        ("2022W255", day(2022, 6, 24)),
        ("2022-W25-5T14:30:00+02:00", moment(2022, 6, 24, 12, 30)),
        ("2022-175", day(2022, 6, 24)),
        ("2022-175T14:30:00Z", moment(2022, 6, 24, 14, 30)),
        ("1656081000000000", moment(2022, 6, 24, 14, 30)),
        ("1656081000000000000", moment(2022, 6, 24, 14, 30)),
        ("Fri Jun 24 14:30:00 +0000 2022", moment(2022, 6, 24, 14, 30)),
        ("ven., 24 juin 2022 14:30:00 +0200", moment(2022, 6, 24, 12, 30)),
        ("Пт, 24 июн 2022 14:30:00 +0300", moment(2022, 6, 24, 11, 30)),
        ("Am 24.06.2022 um 14:30 Uhr", moment(2022, 6, 24, 14, 30)),
        ("piątek, 24 czerwca 2022", day(2022, 6, 24)),
    ],
)
def test_a_date_is_read_as_it_is_written(text: str, expected: ParsedDate) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2024-03-05T08:30:00+11:00", "2024-03-05T08:30:00+11:00"),
        ("2024-03-04T21:40:00-0800", "2024-03-04T21:40:00-08:00"),
        ("Mon, 04 Mar 2024 21:40:00 PST", "2024-03-04T21:40:00-08:00"),
        ("March 4, 2024 9:40 PM PST", "2024-03-04T21:40:00-08:00"),
        ("lun. 4 mars 2024 23:40:00 -0500", "2024-03-04T23:40:00-05:00"),
        ("2024-03-05T08:30:00Z", "2024-03-05T08:30:00+00:00"),
        ("2024-03-05", "2024-03-05T00:00:00+00:00"),
    ],
)
def test_a_date_keeps_the_offset_that_it_came_with(text: str, local: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.moment.isoformat() == local


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Monday", "14:30", "June", "June 24", "June 2022", "2022", "now", "today", "yesterday"),
        *("two hours ago", "03/04/2022", "2022-02-30", "31/02/2022", "0000-00-00", "0001-01-01", "9999-12-31"),
        *("not a date", "12", "x" * 500, "2022-W54-1", "2022-W25-8", "2022-366", "0"),
        *("1970-01-01", "1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1970-01-01T01:00:00+01:00"),
        *("Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1 January 1970"),
        "In 2022 there were 24 of them in June, and all of them were late, the mayor said in a long speech.",
    ],
)
def test_what_names_no_one_day_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 hours ago", moment(2023, 3, 10, 10, 0)),
        ("yesterday", day(2023, 3, 9)),
        ("3 days ago", day(2023, 3, 7)),
        ("vor 2 Stunden", moment(2023, 3, 10, 10, 0)),
    ],
)
def test_a_relative_date_counts_from_the_time_of_fetching(text: str, expected: ParsedDate) -> None:
    assert parse_date(text, fetched_at=FETCHED_AT) == expected
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2022/06/24/story-a78100", day(2022, 6, 24)),
        ("https://a.example/world/2022/jun/24/story", day(2022, 6, 24)),
        ("https://a.example/2022-06-24/story", day(2022, 6, 24)),
        ("https://a.example/20220624/story", day(2022, 6, 24)),
        ("https://a.example/news/2022/02/31/story", None),
        ("https://a.example/2022/06/story", None),
        ("https://a.example/story-20220624123", None),
        ("https://a.example/2022/abc/24/story", None),
    ],
)
def test_an_address_can_name_the_day(url: str, expected: ParsedDate | None) -> None:
    assert date_of_address(url) == expected


@settings(deadline=None, max_examples=50)  # dateparser loads its languages at the first call
@given(
    st.integers(min_value=-8_000_000_000, max_value=7_000_000_000),  # seconds: 1716 to 2191
    st.integers(min_value=-12 * 60, max_value=14 * 60),
)
def test_a_written_moment_comes_back_with_its_offset(seconds: int, offset_minutes: int) -> None:
    assume(abs(seconds) > 86_400)  # midnight of that day stands for no date
    zone = timezone(timedelta(minutes=offset_minutes))
    zoned = datetime(1970, 1, 1, tzinfo=zone) + timedelta(seconds=seconds)
    found = parse_date(zoned.isoformat())
    assert found is not None
    assert found.moment == zoned
    assert found.moment.utcoffset() == timedelta(minutes=offset_minutes)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=90) | st.text(alphabet="0129/-:. TZ+agohursJnu", max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = parse_date(text, fetched_at=FETCHED_AT)
    assert found is None or found.moment.utcoffset() is not None
