"""The zone of a source, for times that came without an offset."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer

from corpus.article import Article, new_article
from corpus.dates import UNSTATED
from corpus.mapping import zones_of
from corpus.readers import read_articles
from corpus.readers.source_zones import with_zones

ZONES = {"Saltburn Echo": ZoneInfo("Europe/London"), "Awaroa Times": ZoneInfo("Pacific/Auckland")}


@pytest.mark.parametrize(
    ("source", "date", "moment", "day"),
    [
        ("Saltburn Echo", "2023-06-14 00:30", "2023-06-13T23:30:00+00:00", "2023-06-14"),
        ("Saltburn Echo", "2023-01-14 00:30", "2023-01-14T00:30:00+00:00", "2023-01-14"),
        ("Awaroa Times", "14 June 2023 09:15", "2023-06-13T21:15:00+00:00", "2023-06-14"),
        ("Awaroa Times", "2023-06-14T09:15:00Z", "2023-06-14T09:15:00+00:00", "2023-06-14"),
        ("Awaroa Times", "2023-06-14T22:15:00-05:00", "2023-06-15T03:15:00+00:00", "2023-06-14"),
        ("Awaroa Times", "2023-06-14", "2023-06-14T00:00:00+00:00", "2023-06-14"),
        ("Another Paper", "2023-06-14 09:15", "2023-06-14T09:15:00+00:00", "2023-06-14"),
    ],
)
def test_a_time_without_an_offset_is_of_the_zone_of_its_source(
    tmp_path: Path, source: str, date: str, moment: str, day: str
) -> None:
    record = {"title": "Harbour opens", "text": "The harbour is open.", "source": source, "published_at": date}
    (tmp_path / "one.json").write_text(json.dumps([record]))
    (found,) = (one for one in read_articles([tmp_path], zones=ZONES) if isinstance(one, Article))
    assert found.published_at
    assert (found.published_at.isoformat(), f"{found.published_day}") == (moment, day)


@pytest.mark.parametrize("pair", ["Courier", "=Europe/London", "Courier=Nowhere/City", "Courier=", "Courier=../etc"])
def test_a_zone_that_is_none_is_named(pair: str) -> None:
    with pytest.raises(typer.BadParameter, match="SOURCE=ZONE"):
        zones_of([pair])


def test_zones_are_read_from_the_command_line() -> None:
    assert zones_of(["Saltburn Echo=Europe/London", "Awaroa Times=Pacific/Auckland"]) == ZONES


def read(folder: Path, *dates: str, source: str = "Awaroa Times") -> dict[str, Article]:
    """The articles of these dates, in one file, by their date."""
    records = [
        {"title": f"Story {date}", "text": "A story of the harbour.", "source": source, "published_at": date}
        for date in dates
    ]
    (folder / "stories.json").write_text(json.dumps(records))
    found = [one for one in read_articles([folder]) if isinstance(one, Article)]
    return {one.title.removeprefix("Story "): one for one in found}


LONDON = [
    "2023-01-10T08:00:00+00:00",
    "2023-02-10T08:00:00+00:00",
    "2023-06-10T08:00:00+01:00",
    "2023-07-10T08:00:00+01:00",
]


@pytest.mark.parametrize(
    ("stated", "unstated", "moment", "day"),
    [
        # one offset, whether before or after in the file; a day without a time and one that is no habit say nothing
        ([f"2023-06-0{n}T08:00:00+12:00" for n in (1, 2, 3)], "2023-06-14 09:15", "2023-06-13T21:15", "2023-06-14"),
        ([f"2023-06-0{n}T08:00:00-05:00" for n in (1, 2, 3)], "14 June 2023 22:15", "2023-06-15T03:15", "2023-06-14"),
        ([f"2023-06-0{n}T08:00:00+12:00" for n in (1, 2)], "2023-06-14 09:15", "2023-06-14T09:15", "2023-06-14"),
        ([f"2023-06-0{n}" for n in (1, 2, 3)], "2023-06-14 09:15", "2023-06-14T09:15", "2023-06-14"),
        # summer and winter, by the season, in another year too
        (LONDON, "2022-06-20 00:30", "2022-06-19T23:30", "2022-06-20"),
        (LONDON, "2024-01-20 00:30", "2024-01-20T00:30", "2024-01-20"),
        # a feed in UTC beside pages in local time
        (
            [*(f"2023-06-0{n}T08:00:00+12:00" for n in (1, 2, 3)), "Fri, 02 Jun 2023 08:00:00 GMT"],
            "2023-06-14 09:15",
            "2023-06-13T21:15",
            "2023-06-14",
        ),
        # offices in several zones: none is the source's
        (
            ["2023-06-01T08:00:00-05:00", "2023-06-02T08:00:00+08:00", "2023-06-03T08:00:00-05:00"],
            "2023-06-14 09:15",
            "2023-06-14T09:15",
            "2023-06-14",
        ),
        ([f"2023-06-0{n}T08:00:00Z" for n in (1, 2, 3)], "2023-06-14 09:15", "2023-06-14T09:15", "2023-06-14"),
    ],
)
def test_a_time_without_an_offset_is_of_the_zone_that_the_other_dates_of_its_source_show(
    tmp_path: Path, stated: list[str], unstated: str, moment: str, day: str
) -> None:
    for dates in ([unstated, *stated], [*stated, unstated]):
        found = read(tmp_path, *dates)
        assert len(found) == len(dates)
        article = found[unstated]
        assert article.published_at
        assert (f"{article.published_at:%Y-%m-%dT%H:%M}", f"{article.published_day}") == (moment, day)


def test_the_dates_of_another_source_show_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    read(other, *(f"2023-06-0{n}T08:00:00+12:00" for n in (1, 2, 3)))
    found = read(tmp_path, "2023-06-14 09:15", source="Saltburn Echo")["2023-06-14 09:15"]
    assert found.utc_offset_minutes == 0


def test_an_earlier_version_without_an_offset_stays_before_the_later_one(tmp_path: Path) -> None:
    dates = ("2023-06-14 09:15", "2023-06-14T10:15:00+12:00")
    records = [
        {"title": "Ferry", "text": f"{n} hurt.", "url": "https://a.example/ferry", "source": "A", "published_at": date}
        for n, date in enumerate(dates)
    ]
    (tmp_path / "versions.json").write_text(json.dumps(records))
    assert [one.text for one in read_articles([tmp_path]) if isinstance(one, Article)] == ["0 hurt.", "1 hurt."]


def test_articles_that_wait_for_the_dates_of_others_are_bounded_and_stay_in_order() -> None:
    taken = 0

    def articles() -> Iterator[Article]:
        nonlocal taken
        for taken in range(1, 2_101):
            yield new_article(
                title=f"Story {taken}", text="Open.", published_at=datetime(2023, 6, 14, 9, tzinfo=UNSTATED)
            )

    found = with_zones(articles(), {})
    first = next(found)
    assert taken == 2_001
    titles = [one.title for one in (first, *found) if isinstance(one, Article)]
    assert titles == [f"Story {number}" for number in range(1, 2_101)]
