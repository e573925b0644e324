"""How a question was understood, in the reader's language."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chat.english.intervals import Interval, days_of
from chat.texts.days import Days, by_name, in_days
from chat.texts.notices import NoticeKind
from chat.texts.table import texts_in
from chat.understanding.understand import understand

GERMAN = texts_in("de")
AS_OF = datetime(2022, 6, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("What was published in May 2022?", "erschienen 1.–31. Mai 2022"),
        ("What happened in May 2022?", "1.–31. Mai 2022, nichts früher Erschienenes"),
        ("What happened since March?", "möglichst erschienen 1. März – 24. Juni 2022"),
        ("after:2022-03-01 Tokayev", "erschienen seit dem 1. März 2022"),
        ("before:2022-05-03 Tokayev", "erschienen vor dem 3. Mai 2022"),
        ("Who won the 2018 World Cup?", "möglichst erschienen im Jahr 2018"),
        ("Who leads as of 2022-05-01?", "Stand 1. Mai 2022"),
        ("What did the Courier report?", "Quelle Courier"),
        ("source:Pravda Tokayev", "nicht angewandt: das Archiv hat keine Quelle Pravda"),
        ("after:soon Tokayev", "nicht angewandt: soon ist kein Datum; bitte after:2022-06-24 schreiben"),
        ('Who said "show no leniency"?', "„show no leniency“, Wort für Wort"),
        ("What is the latest on the strike?", "Neueste zuerst"),
        (
            "Compare prices in June 2021 and in May 2022",
            "getrennt gesucht: 1. Juni – 7. Juli 2021 / 1. Mai – 7. Juni 2022",
        ),
    ],
)
def test_a_filter_is_named_in_the_readers_language(question: str, label: str) -> None:
    filters = understand(question, as_of=AS_OF, sources=("Courier",)).filters
    assert label in [one.notice.text(GERMAN) for one in filters]


def test_a_filter_of_an_earlier_turn_says_so_in_the_readers_language() -> None:
    before = understand("According to the Courier, what burned?", as_of=AS_OF, sources=("Courier",))
    filters = understand("Did he resign?", as_of=AS_OF, sources=("Courier",), earlier=(before,)).filters
    labels = [one.notice.text(GERMAN) for one in filters]
    assert "Quelle Courier (wie zuvor)" in labels
    assert "folgt auf „According to the Courier, what burned?“" in labels


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "last", "english", "german"),
    [
        ("2023-03-01", "2023-03-31", "March 2023", "März 2023"),
        ("2023-05-01", "2023-06-30", "May - June 2023", "Mai – Juni 2023"),
        ("2022-11-01", "2023-01-31", "November 2022 - January 2023", "November 2022 – Januar 2023"),
        ("2022-01-01", "2023-12-31", "2022 - 2023", "2022 – 2023"),
        ("2022-05-28", "2022-06-03", "28 May - 3 June 2022", "28. Mai – 3. Juni 2022"),
        ("2021-12-28", "2022-01-03", "28 December 2021 - 3 January 2022", "28. Dezember 2021 – 3. Januar 2022"),
    ],
)
def test_months_and_years_have_their_names(first: str, last: str, english: str, german: str) -> None:
    days = Days(day(first), day(last))
    assert (by_name(days), by_name(days, GERMAN)) == (english, german)


def test_the_last_day_that_there_is_can_be_named() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    assert in_days(days_of(Interval(None, end))) == "before 31 December 9999"
    assert in_days(days_of(Interval(end - timedelta(days=1), end))) == "30-31 December 9999"
    assert in_days(Days(None, None), GERMAN) == "zu jeder Zeit"


def test_every_typed_filter_has_its_kinds() -> None:
    for key in ("source", "agency", "author", "section"):
        unknown = understand(f"{key}:Zyx Tokayev", as_of=AS_OF).filters[0].notice
        assert unknown.reason is not None
        assert unknown.reason.kind is NoticeKind(f"no_{key}")
        names = {"source": "sources", "agency": "agencies", "author": "authors", "section": "sections"}
        known = understand(f"{key}:Zyx Tokayev", as_of=AS_OF, **{names[key]: ("Zyx",)}).filters[0].notice  # type: ignore[arg-type]
        assert known.kind is NoticeKind(key)
