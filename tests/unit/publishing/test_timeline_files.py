"""Timelines as Markdown, CSV and iCalendar: they carry nothing but text."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from chat.answer import Evidence
from chat.answering.timeline import timeline
from chat.publishing.timeline_files import as_calendar, as_csv, as_markdown
from corpus.article import Article
from tests.articles import article

NOW = datetime(2023, 6, 1, 12, tzinfo=UTC)


def whole(number: int, made: Article) -> Evidence:
    return Evidence(number, made, 0, len(made.text))


FIRE = whole(1, article("Ferry fire", "Nine died in Tuesday's fire. The search goes on.", day="2023-03-16"))
PLAN = whole(2, article("Plan", "The ferry was built in 1994.", day="2023-03-15"))
TOLL = whole(3, article("Toll", "The 14 March fire killed twelve.", day="2023-04-03", source="Harbour Gazette"))


def test_the_list_names_event_date_source_publication_and_citation() -> None:
    line = as_markdown("Grey Petrel", timeline([TOLL])).splitlines()[2]
    assert line == "- **14 March 2023**: “The 14 March fire killed twelve.” — Harbour Gazette, 3 April 2023 \\[3\\]"


HOSTILE = (
    "=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "[a](https://evil.example)", "<script>", "a;b,c\\d",
    "![x](y)", "https://evil.example", "www.evil.example", "\r\nBEGIN:VEVENT", '"quoted", "cell"', "\u202eturned",
    "a|b", "`x` **y**",
)  # fmt: skip


def hostile(payload: str) -> Evidence:
    made = article(f"{payload} title", f"{payload} It burned yesterday.", source=payload, day="2023-03-15")
    return whole(1, made)


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_cell_is_calculated_by_a_spreadsheet(payload: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(timeline([hostile(payload)])), newline="")))
    assert {len(row) for row in rows} == {10}
    assert not any(re.match(r"\s*[=+\-@＝＋－＠]", cell) for row in rows for cell in row)


@pytest.mark.parametrize("payload", HOSTILE)
def test_the_list_has_no_link_no_tag_and_no_line_of_its_own(payload: str) -> None:
    told = as_markdown(payload, timeline([hostile(payload)]))
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", told)
    assert not re.search(r"[\[\]<>`|]|://|www\.\w|\u202e", bare)
    assert all(re.match(r"# |## Sources$|- |$", line) for line in told.splitlines())


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").split("\r\n")


@settings(max_examples=60, deadline=None)
@given(payload=st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=200))
def test_a_calendar_is_folded_escaped_and_whole(payload: str) -> None:
    made = replace(FIRE.article, text=f"{payload} It burned yesterday.", title=payload, source=payload)
    events = timeline([whole(1, made)])
    calendar = as_calendar(payload, events, NOW)
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    lines = unfolded(calendar)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(events)
    assert not any("\n" in line or "\r" in line for line in lines)
    for line in lines:
        if line.startswith(("SUMMARY:", "DESCRIPTION:")):
            assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", line.partition(":")[2])


def test_a_calendar_event_ends_on_the_day_after() -> None:
    lines = unfolded(as_calendar("Fire", timeline([PLAN]), NOW))
    assert {"DTSTART;VALUE=DATE:19940101", "DTEND;VALUE=DATE:19950101", "DTSTAMP:20230601T120000Z"} <= set(lines)


def test_a_calendar_reads_back_as_the_words_of_the_article() -> None:
    made = article("Fire; twelve, perhaps", "A \\ stood; there, yesterday…", day="2023-03-15", source="Ärger, 日報")
    entry = Calendar.from_ical(as_calendar("Fire", timeline([whole(1, made)]), NOW)).walk("VEVENT")[0]
    assert entry["SUMMARY"] == "A \\ stood; there, yesterday…"
    assert entry["DESCRIPTION"] == "Fire; twelve, perhaps — Ärger, 日報, 15 March 2023 [1]"
