"""The dates that a text writes out, with their offsets and as much of each as the words say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.english.written_dates import DateParts, find_written_dates

WRITTEN = [
    ("It opened on 2022-05-03.", "2022-05-03", DateParts(2022, 5, 3)),
    ("It opened on 3 May 2022.", "3 May 2022", DateParts(2022, 5, 3)),
    ("It opened on May 3rd, 2022.", "May 3rd, 2022", DateParts(2022, 5, 3)),
    ("It opened on the 3rd of May.", "the 3rd of May", DateParts(None, 5, 3)),
    ("It opened on Sept. 3.", "Sept. 3", DateParts(None, 9, 3)),
    ("It ran from May 3 to 9.", "May 3 to 9", DateParts(None, 5, 3, 9, is_range=True)),
    ("It ran between 3 and 9 May 2022.", "between 3 and 9 May 2022", DateParts(2022, 5, 3, 9, is_range=True)),
    ("It closed on 3 and 9 May.", "3 and 9 May", DateParts(None, 5, 3, 9)),
    ("It opened in May of 2022.", "May of 2022", DateParts(2022, 5)),
    ("It opened in early May.", "early May", DateParts(None, 5, portion="early ")),
    ("It opened in mid-May 2022.", "mid-May 2022", DateParts(2022, 5, portion="mid-")),
    ("It opened in the autumn of 2022.", "the autumn of 2022", DateParts(2022, season="autumn")),
    ("It opened in late 2022.", "late 2022", DateParts(2022, portion="late ")),
    ("It opened in 1871.", "1871", DateParts(1871)),
    ("It opened on Tuesday.", "Tuesday", DateParts(weekday=1)),
    ("It opens on Tuesdays.", "Tuesdays", DateParts(weekday=1, is_plural=True)),
]


@pytest.mark.parametrize(("text", "words", "parts"), WRITTEN)
def test_a_date_is_read_with_its_words(text: str, words: str, parts: DateParts) -> None:
    (found,) = find_written_dates(text)
    assert (found.words, found.parts) == (words, parts)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "The blast came at 1700 UTC.",
        "It cost $2,000.",
        "It cost 2000% more.",
        "The 1990s were dry.",
        "They may march on.",
        "May they march.",
        "Mar-a-Lago was shut.",
        "Theresa May's deal fell.",
        "Flight BA2022 landed at 9:30.",
        "The 2019-20 season began.",
        "Some 2022.5 tonnes.",
        "",
    ],
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert list(find_written_dates(text)) == []


def test_several_dates_are_found_in_order() -> None:
    text = "Built in 1994, changed in November 2022 and burned on Tuesday, 14 March."
    assert [found.words for found in find_written_dates(text)] == ["1994", "November 2022", "Tuesday", "14 March"]


PIECES = "the 3rd 9 and to May March of 2022 early mid- , . - Tuesday s autumn 2022-05-03".split()


@given(st.text() | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_offsets_reproduce_the_words_of_every_date(text: str) -> None:
    place = 0
    for found in find_written_dates(text):
        assert place <= found.start < found.end
        assert text[found.start : found.end] == found.words
        place = found.end
