# ruff: noqa: E501 - the tables are read line by line
"""What each kind of question gets told, in which order and under which label."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from chat.answer import Evidence, Sentence, Support
from chat.answering.arranging import arrange, opening, written_from
from chat.answering.quoting import quotation
from chat.answering.selecting import says_the_same, select
from chat.answering.weighing import Asking, asking_of
from chat.understanding.understand import understand
from tests.articles import article

NOW = datetime(2023, 12, 31, tzinfo=UTC)
COURIER, GAZETTE = "The Ellery Courier", "Harbour Gazette"


def evidence(
    number: int, text: str, *, day: str = "2023-03-15", source: str = COURIER, title: str = "News"
) -> Evidence:
    made = article(title, text, day=day, source=source, url=f"https://{number}.example/a")
    return Evidence(number, made, 0, len(made.text), 1.0 - number / 100)


def asking(text: str, *pieces: Evidence) -> Asking:
    question = understand(text, as_of=NOW)
    return asking_of(question, select(question, question.analysis.kind, pieces, usual=6))


def told(text: str, *pieces: Evidence) -> list[str]:
    one = asking(text, *pieces)
    return [sentence.text for sentence in arrange(one.question, (one,))]


def opened(one: Asking) -> Sequence[Sentence]:
    return opening([one], arrange(one.question, [one]))


TOLL = (
    evidence(1, "Nine people died in Tuesday's fire on the Grey Petrel.", day="2023-03-16", title="Grey Petrel fire"),
    evidence(2, "Four people died in Tuesday's fire on the Grey Petrel.", day="2023-03-15", title="Grey Petrel fire"),
    evidence(
        3, "Twelve people died in the fire on the Grey Petrel on 14 March.", day="2023-04-03", title="Grey Petrel fire"
    ),
    evidence(4, "The Grey Petrel was built in 1994.", title="Grey Petrel"),
)


def test_the_newest_figure_comes_first_and_those_before_it_are_not_told_beside_it() -> None:
    quoted = told("How many people died in the fire on the Grey Petrel?", *TOLL)
    assert quoted[0].startswith("“Twelve people died")
    assert not any("Nine" in text or "Four" in text for text in quoted)


def test_an_answer_is_written_from_the_newest_figure_of_a_count() -> None:
    beside = evidence(6, "The Grey Petrel was built in 1994.")
    question = understand("How many people died in the fire on the Grey Petrel?", as_of=NOW)
    assert [one.text for one in written_from(asking_of(question, (*TOLL, beside)))] == [TOLL[2].text]
    changed = understand("What has changed since the fire on the Grey Petrel?", as_of=NOW)
    assert written_from(asking_of(changed, TOLL)) == tuple(TOLL)


SPOKEN = (
    evidence(1, "Four people died in the fire on the Grey Petrel, the coastguard said."),
    evidence(2, "Captain Ansa Thorvik, the harbour master, closed the port. She said the ferry was drifting."),
    evidence(3, '"It was hot," said Rosalind Achterberg, the chief fire officer.'),
)


@pytest.mark.parametrize(
    ("question", "speaking"),
    [
        ("What did the harbour master say about the fire?", SPOKEN[1:2]),
        ("What did Achterberg say about the fire on the Grey Petrel?", SPOKEN[2:]),
        ("What did the fire chief say?", SPOKEN[2:]),
        ("What did the mayor say about the fire?", SPOKEN),
        ("What was said about the fire on the Grey Petrel?", SPOKEN),
    ],
)
def test_who_is_asked_about_is_told_and_written_of_alone_where_they_speak(
    question: str, speaking: tuple[Evidence, ...]
) -> None:
    quoted = told(question, *SPOKEN)
    assert [any(one.text in text for text in quoted) for one in SPOKEN] == [one in speaking for one in SPOKEN]
    assert set(written_from(asking_of(understand(question, as_of=NOW), SPOKEN))) == set(speaking)


def test_a_written_answer_opens_with_the_newest_figure_of_a_count() -> None:
    told_first = opened(asking("How many people died in the fire on the Grey Petrel?", *TOLL))
    assert [one.text.startswith("“Twelve people died") for one in told_first] == [True]
    assert opened(asking("How many cabins did the Grey Petrel have?", TOLL[3])) == ()


def test_reports_of_one_hour_that_differ_are_no_newer_and_older_figure() -> None:
    one = evidence(1, "Storm Berrin flooded 214 homes in Port Ellery on Friday.", day="2023-11-24")
    other = evidence(2, "Storm Berrin flooded 340 homes in Port Ellery on Friday.", day="2023-11-24", source=GAZETTE)
    quoted = told("How many homes were flooded by Storm Berrin in Port Ellery?", one, other)
    assert ["214" in quoted[0], "340" in quoted[1]] == [True, True]


def test_the_toll_of_another_event_is_not_the_newest_figure() -> None:
    bus = evidence(
        5, "Twenty people died when a bus fell into a river in Peru on Sunday.", day="2023-05-09", title="Peru"
    )
    quoted = told("How many people died in the fire on the Grey Petrel?", *TOLL, bus)
    assert quoted[0].startswith("“Twelve people died")


def test_events_are_told_in_the_order_of_time_under_their_dates() -> None:
    last = evidence(1, "The last ship sailed on 16 July 2023.", day="2023-07-17")
    first = evidence(2, "The deal was signed on 22 July 2022.", day="2022-07-22")
    quoted = told("What happened with the grain deal, in order?", last, first)
    assert [text.partition(":")[0] for text in quoted] == ["22 July 2022", "16 July 2023"]


def test_a_change_is_told_from_the_earlier_report_to_the_later() -> None:
    later = evidence(1, "The channel will be 8.1 metres deep.", day="2023-10-26")
    earlier = evidence(2, "The channel is to be 9 metres deep.", day="2023-01-26")
    quoted = told("What changed in the plan for the channel?", later, earlier)
    assert [text[:12] for text in quoted] == ["Earlier: “Th", "Later: “The "]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("How do the Courier and the Gazette differ on the march?", [COURIER, GAZETTE]),
        ("What was reported on the march by both The Ellery Courier and the Harbour Gazette?", [COURIER, GAZETTE]),
    ],
)
def test_two_sources_stand_side_by_side_each_under_its_name(text: str, labels: list[str]) -> None:
    question = understand(text, as_of=NOW, sources=(COURIER, GAZETTE))
    assert len(question.parts) == 2
    pieces = [evidence(1, "About 1,200 marched.", source=COURIER), evidence(2, "Some 3,000 marched.", source=GAZETTE)]
    parts = [asking_of(part, (piece,)) for part, piece in zip(question.parts, pieces, strict=True)]
    assert [sentence.text.partition(":")[0] for sentence in arrange(question, parts)] == labels
    swapped = [asking_of(part, (piece,)) for part, piece in zip(question.parts, pieces[::-1], strict=True)]
    assert all(sentence.text.startswith("“") for sentence in arrange(question, swapped))  # a label is never untrue


def test_who_speaks_is_named_when_the_sentence_does_not_say_so() -> None:
    text = "Declan Mowbray spoke.\n\n“Two pairs of eyes are no luxury,” Mowbray said. “I have three members dead.”"
    made = article("Quay", text)
    start = text.index("“I have")
    piece = Evidence(1, made, start, len(made.text), 1.0)
    one = asking("What is known about members?", piece)
    assert arrange(one.question, (one,))[0].text.startswith("Declan Mowbray said: “I have three")


def test_a_speaker_whom_nobody_can_name_brings_the_sentence_before_along() -> None:
    text = "A docker and a clerk came out. “Nobody told us,” he said."
    made = article("Quay", text)
    piece = Evidence(1, made, text.index("“Nobody"), len(made.text), 1.0)
    assert asking("What was said?", piece).evidence[0].text == text


def test_what_says_the_same_in_the_same_words_is_cited_and_not_told_twice() -> None:
    one = evidence(1, "The Grey Petrel was towed to Tern Point on Thursday by two tugs of the board.")
    copy = evidence(2, "The Grey Petrel was towed to Tern Point on Thursday by two tugs of the board", source=GAZETTE)
    towed = asking("Where was the Grey Petrel towed?", one, copy)
    (sentence,) = arrange(towed.question, (towed,))
    assert [cited.article.source for cited in sentence.citations] == [COURIER, GAZETTE]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nine people died in the ferry fire off Port Ellery.", "Seven people died in the ferry fire off Port Ellery.", False),
        ("The council approved the tram line to Hill Cross.", "The council rejected the tram line to Hill Cross.", False),
        ("The ferry left Port Ellery at noon on Tuesday.", "The ferry left Port Ellery on Tuesday at noon.", True),
        ("The ferry left Port Ellery at noon.", "The strike ended in June.", False),
    ],
)  # fmt: skip
def test_sentences_that_differ_in_a_number_or_a_denial_do_not_say_the_same(one: str, other: str, same: bool) -> None:
    assert says_the_same(evidence(1, one), evidence(2, other)) is same


def test_every_quotation_is_verbatim_attributed_and_cited() -> None:
    for question in ("How many people died?", "What happened, in order?", "Did nine people die?", "Who died?"):
        one = asking(question, *TOLL)
        for sentence in arrange(one.question, (one,)):
            assert sentence.support is Support.QUOTED
            assert sentence.text.endswith(quotation(sentence.citations[0]).text)


def test_no_evidence_tells_nothing() -> None:
    one = asking("Who died?")
    assert arrange(one.question, (one,)) == ()
