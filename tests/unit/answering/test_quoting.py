"""Quotation marks around quoted sentences: none are doubled, and the words stay as they are."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.answer import Evidence, Support
from chat.answering.quoting import in_marks, quotation
from chat.publishing.receipt_sentences import sentence_fault
from chat.understanding.understand import understand
from tests.articles import article

NESTED = '"We waited for hours," he said.'


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("The ferry sank.", "“The ferry sank.”"),
        ("The ferry's crew said 'no'.", "“The ferry's crew said 'no'.”"),
        ('"We waited for hours."', '"We waited for hours."'),
        ("“We waited for hours.”", "“We waited for hours.”"),
        (NESTED, f"‘{NESTED}’"),
        ('He said: "We waited."', '‘He said: "We waited."’'),
        ('"Yes." "No."', '‘"Yes." "No."’'),
        ('"We waited for hours.', '‘"We waited for hours.’'),
        ("The “Grey Petrel” sank.", "‘The “Grey Petrel” sank.’"),
    ],
)
def test_a_sentence_with_marks_of_its_own_gets_no_doubled_ones(words: str, shown: str) -> None:
    assert in_marks(words) == shown


@given(st.text(alphabet='ab."“”‘’« »', min_size=1))
def test_the_words_stand_between_the_marks_as_they_are(words: str) -> None:
    shown = in_marks(words)
    assert shown in (words, f"“{words}”", f"‘{words}’")
    assert shown == words or not shown.startswith(('“"', "““"))


@pytest.mark.parametrize("written", [f"‘{NESTED}’", f"“{NESTED}”"])
def test_a_receipt_may_have_the_marks_of_today_or_of_earlier_versions(written: str) -> None:
    story, now = article("Ferry", NESTED), datetime(2023, 6, 1, tzinfo=UTC)
    evidence = Evidence(1, story, 0, len(NESTED))
    today = quotation(evidence).text
    question = understand("Who waited?", as_of=now)
    assert sentence_fault(today.replace(f"‘{NESTED}’", written), Support.QUOTED, [evidence], question) == ""
    assert sentence_fault(today.replace("hours", "days"), Support.QUOTED, [evidence], question)


def test_a_quotation_leaves_out_the_dateline_of_its_report_unless_a_place_may_be_asked_for() -> None:
    text = "PORT ELLERY (CPA) - Crews walked out on Monday. They want more."
    report = article("Strike", text)
    opening = Evidence(1, report, 0, text.index(" They"))
    assert quotation(opening).text.startswith("“Crews walked out on Monday.” — ")
    assert quotation(opening).citations == (opening,)
    assert quotation(opening, with_dateline=True).text.startswith("“PORT ELLERY (CPA) - Crews")
    assert quotation(Evidence(1, report, text.index("They"), len(text))).text.startswith("“They want more.”")
