"""Answers as Markdown: marks at their offsets, and nothing from an article as markup."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chat.answer import Answer, Sentence, Status, Support
from tests.articles import article
from tests.scripted_chatbot import NOW, evidence
from web.api.cited_text import closing_piece, escaped, joined, opening_piece, sentence_piece, without_sources

FIRST = evidence(1, article("Harbour opens"), "The harbour opened on Monday.")
SECOND = evidence(2, article("Ships come"), "Ships came in at noon.")
BOTH = Sentence("It opened *on* Monday.", (FIRST, SECOND), Support.SUPPORTED)
MARKUP = st.text(st.sampled_from("ab \\`*_[]<>&~|!()/:.@#-+=1\"'\nhtpsw"), max_size=60)
LINKS = (
    "![a](http://b.example/c)",
    "[a](b)",
    "<http://a.b>",
    "http://a.b",
    "www.a.b",
    "<img src=x>",
    "&lt;b&gt;",
    "[a]: b",
)


def answer(*sentences: Sentence, status: Status = Status.ANSWERED) -> Answer:
    return Answer(sentences, (FIRST, SECOND), status, NOW)


def test_every_mark_stands_at_its_offsets() -> None:
    text = joined((opening_piece(Status.UNCERTAIN), sentence_piece(BOTH), sentence_piece(BOTH)))
    assert [text.text[one.start : one.end] for one in text.marks] == ["[1]", "[2]", "[1]", "[2]"]
    assert [one.evidence.number for one in text.marks] == [1, 2, 1, 2]


def test_only_what_is_cited_is_a_source_unless_the_answer_is_missing() -> None:
    only_first = Sentence("It opened.", (FIRST,), Support.SUPPORTED)
    assert "[2]" not in closing_piece(answer(only_first)).text
    missing = closing_piece(answer(status=Status.NOT_IN_ARCHIVE)).text
    assert missing.startswith("The archive does not hold an answer to this.\n\nNearest articles:\n- [1] Harbour opens")
    assert "- [2] Ships come" in missing


def test_the_sentences_of_an_answer_are_read_back_as_they_were() -> None:
    text = joined((sentence_piece(BOTH), closing_piece(answer(BOTH)))).text
    assert without_sources(text) == "It opened *on* Monday."


@given(st.one_of(MARKUP, st.sampled_from(LINKS), st.lists(st.sampled_from(LINKS)).map(" ".join)))
def test_no_text_becomes_a_link_an_image_or_html(text: str) -> None:
    shown = escaped(text)
    html = MarkdownIt("commonmark").render(f"{shown} [1]\n\n- [1] {shown}\n")
    assert not re.findall(r"<(?!/?(?:p|ul|ol|li|h[1-6]|br|hr)\b)", html)
    assert "://" not in shown
    assert not re.search(r"\bwww\.", shown, re.IGNORECASE)
