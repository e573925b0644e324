"""Whether cited evidence is of the time that a question names: published in it, or speaking of it."""

from datetime import UTC, datetime

import pytest

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.answering.time_asked import is_of_its_time, judged_by_time
from chat.answering.weighing import asking_of
from chat.texts.notices import plain
from chat.texts.table import texts_in
from chat.understanding.question import Question
from chat.understanding.understand import understand
from tests.articles import article

NOW = datetime(2026, 11, 29, tzinfo=UTC)
IN_MARCH = "Which strikes were there in March 2023?"


def asked(text: str) -> Question:
    return understand(text, as_of=NOW)


def said(text: str, day: str, number: int = 1) -> Evidence:
    return Evidence(number, article(f"Report {number}", text, day=day), 0, len(text))


def answer(*evidence: Evidence, status: Status = Status.ANSWERED, notice: str = "") -> Answer:
    sentences = tuple(Sentence(one.text, (one,), Support.QUOTED) for one in evidence)
    return Answer(sentences, evidence, status, NOW, plain(notice))


@pytest.mark.parametrize(
    ("question", "text", "day"),
    [
        (IN_MARCH, "The crews walked out on Monday.", "2023-03-20"),
        (IN_MARCH, "The crews walked out on Friday.", "2023-04-03"),
        (IN_MARCH, "The strike began on 20 March.", "2023-06-19"),
        (IN_MARCH, "The union has not called a strike since March 2023.", "2024-02-01"),
        ("What happened in March 2023?", "Two ships collided on 4 March.", "2023-07-09"),
        ("Which strikes were there on 20 March 2023?", "A strike closed the port in March 2023.", "2023-09-09"),
        ("Which strikes were there in 2022?", "The ferry crews were on strike in 2022.", "2023-09-09"),
        ("What did banks owe at the end of 2022?", "The bank owed 3 billion at the end of 2022.", "2023-03-13"),
    ],
)
def test_evidence_is_of_the_time_when_published_in_it_or_naming_a_day_of_it(question: str, text: str, day: str) -> None:
    assert is_of_its_time(asked(question), [said(text, day)])


@pytest.mark.parametrize(
    ("question", "text", "day"),
    [
        (IN_MARCH, "The crews walked out on Monday.", "2023-06-19"),
        (IN_MARCH, "The fire of 14 March killed twelve people.", "2023-06-19"),
        (IN_MARCH, "The strike of 2023 cost two million crowns.", "2024-06-19"),
        ("Which strikes were there in 2022?", "The strike began on Monday.", "2023-06-19"),
    ],
)
def test_evidence_of_another_time_or_of_something_else_then_is_not(question: str, text: str, day: str) -> None:
    assert not is_of_its_time(asked(question), [said(text, day)])


@pytest.mark.parametrize(
    "question",
    [
        "Which strikes were there?",
        "Which strikes were there in March?",
        "Which strikes were there last week?",
        "Which strikes were planned for March 2023?",
        "Which strikes were there since March 2023?",
        "Which strikes were there before March 2023?",
        "How did wages change to March 2023?",
    ],
)
def test_a_time_that_is_guessed_open_ahead_or_one_end_of_a_change_puts_nothing_in_doubt(question: str) -> None:
    assert is_of_its_time(asked(question), [said("The crews walked out on Monday.", "2023-06-19")])


def test_an_answer_without_anything_of_the_time_is_in_doubt_and_says_what_was_found_instead() -> None:
    found = [said("The crews walked out.", "2023-06-19", 1), said("The strike is over.", "2023-06-30", 2)]
    judged = judged_by_time([asking_of(asked(IN_MARCH), tuple(found))], answer(*found, notice="No model."))
    assert judged.status is Status.UNCERTAIN
    assert judged.notice == (
        "No model. No report found here is from March 2023 or about it; the nearest are from June 2023."
    )


def test_what_was_found_instead_is_said_in_the_readers_language() -> None:
    found = (said("The crews walked out.", "2023-06-19", 1), said("The strike is over.", "2023-08-30", 2))
    [notice] = judged_by_time([asking_of(asked(IN_MARCH), found)], answer(*found)).notices
    assert notice.text(texts_in("de")) == (
        "Keine Meldung hier ist aus der gefragten Zeit (März 2023) oder handelt davon; "
        "die nächsten sind aus: Juni – August 2023."
    )


def test_only_what_is_cited_counts() -> None:
    late, of_march = said("The crews walked out.", "2023-06-19", 1), said("A strike began.", "2023-03-02", 2)
    asking = asking_of(asked(IN_MARCH), (late, of_march))
    assert judged_by_time([asking], answer(late)).notice.endswith("the nearest is from 19 June 2023.")
    assert judged_by_time([asking], answer(late, of_march)) == answer(late, of_march)


def test_an_answer_in_parts_is_partial_where_one_part_has_nothing_of_its_time() -> None:
    of_may, late = said("A strike began.", "2023-05-02", 1), said("The crews walked out.", "2023-06-19", 2)
    askings = [
        asking_of(asked("Which strikes were there in May 2023?"), (of_may,)),
        asking_of(asked(IN_MARCH), (late,)),
    ]
    judged = judged_by_time(askings, answer(of_may, late))
    assert (judged.status, "March 2023" in judged.notice) == (Status.PARTIAL, True)


def test_an_abstention_stays_as_it_is() -> None:
    late = said("The crews walked out.", "2023-06-19")
    missing = answer(late, status=Status.NOT_IN_ARCHIVE)
    assert judged_by_time([asking_of(asked(IN_MARCH), (late,))], missing) == missing
