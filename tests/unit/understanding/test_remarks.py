"""What is said to Dateline itself."""

from collections.abc import Callable
from datetime import date

import pytest

from chat.answering.replies import ArchiveStatus, archive_line, reply
from chat.texts.notices import text_of
from chat.understanding.remarks import Remark, remark_of, subject_to_count
from eval.datasets import open_dataset

STATUS = ArchiveStatus(1076, date(2022, 1, 17), date(2023, 12, 14), {"Harbour Gazette": 13, "The Ellery Courier": 1063})
REMARKS = [
    (Remark.GREETING, ["hello", "Hi there!", "good morning", "Hey, ", "How are you today?"]),
    (Remark.THANKS, ["thanks", "Thank you very much!", "ok, thanks a lot", "bye", "Great, thanks for your help."]),
    (Remark.DATELINE, ["Who are you?", "what can you do", "help", "What questions can I ask?", "how does this work?"]),
    (Remark.SOURCES, ["Which sources do you have?", "what newspapers are in the archive?", "List all the sources"]),
    (
        Remark.ARCHIVE,
        [
            "How many articles do you have?",
            "how many stories are there in the archive?",
            "What is in the archive?",
            "What period does the archive cover?",
            "How far back does the archive go?",
            "what topics do you cover",
        ],
    ),
]
QUESTIONS_FOR_NEWS = [
    "",
    "?",
    "Hello Kitty: how old is the brand?",
    "What did the museum thank the diver for?",
    "Who is the harbour master?",
    "What is this year's budget?",
    "How many articles did the treaty have?",
    "Which newspapers reported the fire?",
    "help for the flooded homes",
    "Hi, who won the election?",
    "thanks, and when was that?",
]


@pytest.mark.parametrize(("remark", "text"), [(remark, text) for remark, texts in REMARKS for text in texts])
def test_a_remark_that_asks_for_no_news_is_known(remark: Remark, text: str) -> None:
    assert remark_of(text) is remark


@pytest.mark.parametrize("text", QUESTIONS_FOR_NEWS)
def test_what_asks_for_news_is_no_remark(text: str) -> None:
    assert (remark_of(text), subject_to_count(text)) == (None, "")


def test_no_question_of_the_sample_is_a_remark() -> None:
    texts = [question.text for question in open_dataset("sample").questions]
    assert [text for text in texts if remark_of(text) or subject_to_count(text)] == []


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("How many articles mention the Grey Petrel?", "the Grey Petrel"),
        ("how many stories are there about Messi", "Messi"),
        ("How many reports do you have on the tram vote?", "the tram vote"),
        ("How many articles about dredging are there?", "dredging"),
    ],
)
def test_articles_are_counted_by_what_they_mention(text: str, subject: str) -> None:
    assert subject_to_count(text) == subject


def said(remark: Remark, status: ArchiveStatus, example: Callable[[], str]) -> str:
    return text_of(reply(remark, status, example))


def test_a_reply_tells_what_the_archive_holds() -> None:
    assert archive_line(STATUS) == "1,076 articles from 2 sources, 17 January 2022 to 14 December 2023"
    assert said(Remark.GREETING, STATUS, lambda: "Who won?") == (
        "Hello. Ask about the news. The archive holds 1,076 articles from 2 sources, 17 January 2022 to "
        "14 December 2023. For example: “Who won?”"
    )
    assert said(Remark.SOURCES, STATUS, str) == (
        "Sources, with their articles: The Ellery Courier (1063), Harbour Gazette (13)."
    )
    assert said(Remark.ARCHIVE, STATUS, str).startswith("The archive holds 1,076 articles")
    assert "numbered citation" in said(Remark.DATELINE, STATUS, str)


def test_an_empty_archive_says_how_it_is_filled() -> None:
    empty = ArchiveStatus(0, None, None, {})
    assert "python -m indexer add PATH" in said(Remark.GREETING, empty, str)
    assert said(Remark.SOURCES, empty, str) == "The archive holds no sources."


def test_many_sources_are_told_in_part() -> None:
    many = ArchiveStatus(100, None, None, {f"Paper {number:02}": 5 for number in range(20)})
    assert said(Remark.SOURCES, many, str).endswith("Paper 11 (5) and 8 more.")
