"""The questions that articles ask themselves, as a measurement."""

from chat.answer import Evidence
from eval.article_questions import Heading, headings_of, report_of
from tests.articles import article

TEXT = "The ferry burned. Who was the captain of the Petrel? It was Ada Ohm. What did Ohm say? Why? Nobody knows."


def test_a_heading_asks_with_a_name_and_stands_before_its_reply() -> None:
    told = article("Ferry fire", TEXT)
    assert list(headings_of([told])) == [Heading("Who was the captain of the Petrel?", told.id, "It was Ada Ohm.")]


def test_the_report_counts_replies_and_questions() -> None:
    told = article("Ferry fire", TEXT)
    (heading,) = headings_of([told])
    at = TEXT.index("It was")
    reply = Evidence(1, told, at, at + len(heading.reply))
    asked = Evidence(2, told, TEXT.index("Who"), at - 1)
    assert report_of([heading, heading], [[reply], [asked, reply]]) == (
        "2 headings: the reply is the first evidence for 1, among the first 3 for 2; a question is among them for 1"
    )
