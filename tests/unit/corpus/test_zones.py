"""The zone of a source, for times that came without an offset."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer

from corpus.article import Article
from corpus.mapping import zones_of
from corpus.readers import read_articles

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
