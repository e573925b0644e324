"""Kinds of question over a real archive: tolls that rise, articles that were corrected, and a hostile model."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.answer import Answer, Status, Support
from chat.answering.quoting import quotation
from chat.answering.writers import LOCAL_MODEL
from chat.chatbot import AnswerSettings, Chatbot
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import ScriptedLLM, word_hash_model

MODEL = word_hash_model()
NOW = datetime(2023, 12, 31, tzinfo=UTC)
VOTE = "https://courier.example/vote"
SHIP = "https://gazette.example/ship"
WRONG = "The council voted by 18 to 13 on Thursday to build the tram line to Hill Cross."
RIGHT = (
    "The council voted by 17 to 14 on Thursday to build the tram line to Hill Cross.\n\n"
    "Correction: An earlier version of this article gave the result of the vote as 18 to 13."
)
ARTICLES = (
    article("Ferry fire", "Four people died in Tuesday's fire on the ferry Grey Petrel.", day="2023-03-15"),
    article(
        "Nine dead in ferry fire", "Nine people died in Tuesday's fire on the ferry Grey Petrel.", day="2023-03-16"
    ),
    article("Twelfth victim", "Twelve people died in the fire on the ferry Grey Petrel on 14 March.", day="2023-04-03"),
    article("Tram vote", WRONG, url=VOTE, day="2023-06-08"),
    article("Tram vote", RIGHT, url=VOTE, day="2023-06-08", updated="2023-06-09"),
    article("New ferry", "The new ferry Sea Heron was launched on 3 May.", url=SHIP, day="2023-05-10"),
    article(
        "New ferry", "The new ferry Sea Heron was launched on 5 May.", url=SHIP, day="2023-05-10", updated="2023-05-12"
    ),
    article("Flood wall", "The council approved the flood wall in December. Ada Brook praised it.", day="2023-12-14"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("data")
    sync(ARTICLES, folder, MODEL)
    opened = Index(folder, MODEL.fingerprint)
    yield opened
    opened.close()


def ask(index: Index, text: str, day: str | None = None) -> Answer:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    return Chatbot(index, MODEL, None, clock=lambda: NOW).ask(text, as_of=moment)


DEAD = "How many people died in the fire on the ferry Grey Petrel?"


def test_the_newest_toll_comes_first_and_how_it_rose_is_told_once(index: Index) -> None:
    answer = ask(index, DEAD)
    assert answer.sentences[0].text.startswith("“Twelve people died")
    assert answer.sentences[-1].text == (
        "The figure as the reports came in: four (The Ellery Courier, 15 March 2023), then nine (The Ellery Courier, "
        "16 March 2023), then twelve (The Ellery Courier, 3 April 2023)."
    )
    assert [one.article.title for one in answer.sentences[-1].citations] == [
        "Ferry fire",
        "Nine dead in ferry fire",
        "Twelfth victim",
    ]


@pytest.mark.parametrize("written", ["Nine people died in the fire.", "Forty people died.", "Twelve died."])
def test_a_written_answer_has_the_newest_toll_whatever_a_model_writes(index: Index, written: str) -> None:
    llm = ScriptedLLM(replies=[written])
    answer = Chatbot(index, MODEL, llm, clock=lambda: NOW).ask(DEAD)
    assert "Nine people" not in llm.heard[0]
    texts = [one.text for one in answer.sentences]
    assert texts[0].startswith("“Twelve people died")
    assert len(texts) == len(set(texts))
    assert not any("Forty" in text or "Nine" in text for text in texts)


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("1] Twelve people died in the fire.", "Twelve people died in the fire."),
        ("1] Nine people died in the fire.", "“Twelve people died"),
        ("2] Four people died in the fire.", "“Twelve people died"),
    ],
)
def test_a_reading_model_gives_the_newest_toll_in_one_line_or_none(index: Index, written: str, first: str) -> None:
    llm = ScriptedLLM(replies=[written])
    settings = AnswerSettings(writer=LOCAL_MODEL)
    answer = Chatbot(index, MODEL, llm, clock=lambda: NOW, settings=settings).ask(DEAD)
    assert answer.sentences[0].text.startswith(first)
    assert not any("Nine people" in one.text or "Four people" in one.text for one in answer.sentences)
    assert answer.sentences[-1].text.startswith("The figure as the reports came in: four")


def test_the_toll_as_of_a_day_is_that_of_the_day(index: Index) -> None:
    answer = ask(index, DEAD, "2023-03-17")
    assert answer.sentences[0].text.startswith("“Nine people died")
    assert not any("welve" in sentence.text for sentence in answer.sentences)


def test_a_corrected_article_gives_its_corrected_words_and_says_so(index: Index) -> None:
    answer = ask(index, "By how many votes did the council build the tram line to Hill Cross?")
    assert "17 to 14" in answer.sentences[0].text
    note = answer.sentences[-1]
    assert note.text.startswith("Corrected on 9 June 2023: “An earlier version of this article gave")
    assert {one.article.version for sentence in answer.sentences for one in sentence.citations} == {2}
    assert note.citations[0] in answer.evidence


def test_before_its_correction_an_article_says_what_it_said_then(index: Index) -> None:
    answer = ask(index, "By how many votes did the council build the tram line to Hill Cross?", "2023-06-08T12:00")
    assert "18 to 13" in answer.sentences[0].text
    assert not any("orrected" in sentence.text or "17 to 14" in sentence.text for sentence in answer.sentences)


def test_an_article_that_changed_without_a_word_is_told_to_have_changed(index: Index) -> None:
    answer = ask(index, "When was the new ferry Sea Heron launched?")
    assert "5 May" in answer.sentences[0].text
    assert any(
        sentence.text.startswith("The article was changed: first 3 May") and "now 5 May" in sentence.text
        for sentence in answer.sentences
    )


def test_what_was_not_touched_by_a_correction_is_told_without_one(index: Index) -> None:
    answer = ask(index, "Did the council approve the flood wall?")
    assert answer.sentences[0].text.startswith("“The council approved the flood wall")
    assert not any("orrect" in sentence.text for sentence in answer.sentences)


def test_a_model_may_not_say_yes_or_no_of_its_own(index: Index) -> None:
    llm = ScriptedLLM(replies=["No, the council approved the flood wall in December [1]."])
    answer = Chatbot(index, MODEL, llm, clock=lambda: NOW).ask("Did the council approve the flood wall?")
    assert not any("No" in sentence.text for sentence in answer.sentences)


QUESTIONS = (
    DEAD,
    "Did the council approve the flood wall?",
    "Did the council approve the tram line to Hill Cross?",
    "Why did the council reject the flood wall?",
    "What happened with the ferry Grey Petrel, in order?",
    "What changed about the ferry Grey Petrel?",
    "Which people died in the fire on the ferry Grey Petrel?",
    "What did Ada Brook say about the flood wall?",
    "How do the fire on the ferry Grey Petrel and the new ferry Sea Heron differ?",
    "When was the new ferry Sea Heron launched, and did the council approve the flood wall?",
    "By how many votes did the council build the tram line to Hill Cross?",
)
PIECES = st.sampled_from(
    ["Yes. ", "No, ", "[1]", "[2]", "[7]", "[0]", "[99]", "Twelve people died", " in the fire", ". ", '"Nine people"',
     " said Bo Lund", "The council voted by 18 to 13", " on 5 May", "\n", "**", "[here](https://evil.example)", "<b>"]
)  # fmt: skip


def check(answer: Answer) -> None:
    """Every citation is of numbered evidence, and its text is what stands there and, quoted, what is shown."""
    numbered = {one.number: one for one in answer.evidence}
    assert sorted(numbered) == list(range(1, len(answer.evidence) + 1))
    for sentence in answer.sentences:
        assert sentence.citations
        assert len(set(sentence.citations)) == len(sentence.citations)
        for one in sentence.citations:
            assert numbered[one.number] == one
            assert one.article.text[one.start : one.end] == one.text
        if sentence.support is Support.QUOTED and "“" in sentence.text:
            assert sentence.text.endswith(quotation(sentence.citations[0]).text)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_of_every_kind_of_quoted_answer_resolves(index: Index, question: str) -> None:
    for day in ("2023-03-15T12:00", "2023-06-08T12:00", None):
        answer = ask(index, question, day)
        check(answer)
        assert day or answer.status is not Status.NOT_IN_ARCHIVE


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.sampled_from(QUESTIONS), written=st.lists(PIECES, max_size=12).map("".join), piece=st.integers(1, 40)
)
def test_every_citation_resolves_whatever_a_model_writes(index: Index, question: str, written: str, piece: int) -> None:
    llm = ScriptedLLM(replies=[written], piece=piece)
    check(Chatbot(index, MODEL, llm, clock=lambda: NOW).ask(question))
