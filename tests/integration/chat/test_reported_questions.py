"""Questions that people reported as answered wrongly: long articles, several titles, false premises, odd numbers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Answer, Status
from chat.chatbot import Chatbot
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)
HIDDEN = {  # in the middle of 400 sentences
    "quay": "Surveyor Nils Aker measured a gap of nine metres under the south quay.",
    "mill": "Miller Eva Strand hid the ledger of the mill behind the oven.",
    "choir": "Conductor Ruth Amsel left the choir after the concert in Gull Bay.",
}
NOTES = {
    "quay": "Note {0} of the survey of the quay deals with bollard {0}, which was painted in week {0}.",
    "mill": "Sack {0} in the books of the mill weighed as much as it should, and its seal was whole.",
    "choir": "Rehearsal {0} was held in the parish room, where {0} chairs had been put up.",
}
COPIED = {
    "tunnel": "The tunnel below Nether Vale was dug by forty men in eleven years. Nobody has walked through it since "
    "the war, and the key hangs in the town hall. Its walls are dry, the mayor said after a visit with two engineers.",
    "herring": "The herring of Skerry Head came back this spring after nine empty years. The boats were full by noon, "
    "and the smokehouses worked through the night. The fishermen said that the water had been cold enough at last.",
    "orchard": "The oldest orchard of Port Ellery will be cut down in the autumn. Its owner is eighty and has no heir, "
    "and the pears no longer pay for the picking. A school asked for two of the trees and will get them.",
}
TITLES = ("{} | Opinion - The Ellery Courier", "Opinion: {}", "{}")
DENIED = {
    "The glassworks of Gull Bay goes on. Nobody was dismissed, the owner said.": (
        "I read that the glassworks of Gull Bay dismissed 30 people. Is that true?"
    ),
    "The zoo of Nether Vale keeps its wolves. No wolf has escaped, the director said.": (
        "Is it true that a wolf escaped from the zoo of Nether Vale?"
    ),
    "The Lantern theatre opens on Friday as planned. There was no fire, the manager said.": (
        "I heard that there was a fire at the Lantern theatre. Is that right?"
    ),
}
NUMBERED = {
    "Forty nurses trained in ward 2021 of the old barracks in Orm.": "How many nurses trained in ward 2021?",
    "Flight 1998 to Skerry Head carried seventy pupils.": "How many pupils were on flight 1998?",
    "The winning ticket had the number 2016, and a baker from Orm bought it.": "Who bought the ticket number 2016?",
}


def long_text(subject: str, hidden: str) -> str:
    sentences = [NOTES[subject].format(n) for n in range(400)]
    return " ".join([*sentences[:200], hidden, *sentences[200:]])


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("reported")
    articles = [article(f"Report on the {name}", long_text(name, hidden)) for name, hidden in HIDDEN.items()]
    articles += [
        article(title.format(f"The {name}"), text, source=source, url=f"https://p{number}.example/{name}")
        for name, text in COPIED.items()
        for number, (title, source) in enumerate(zip(TITLES, ("Ellery Courier", "Orm Post", "Vale Echo"), strict=True))
    ]
    facts = (*DENIED, *NUMBERED)
    articles += [article(f"Local news {number}", text, day="2022-03-15") for number, text in enumerate(facts)]
    sync(articles, folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


def told(answer: Answer) -> str:
    return " ".join(one.text for one in answer.sentences)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who measured a gap under the south quay?", "Nils Aker"),
        ("Who hid the ledger of the mill?", "Eva Strand"),
        ("Who left the choir after the concert in Gull Bay?", "Ruth Amsel"),
    ],
)
def test_a_fact_in_the_middle_of_a_very_long_article_is_quoted(chatbot: Chatbot, question: str, words: str) -> None:
    assert words in told(chatbot.ask(question))


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("tunnel", "Who dug the tunnel below Nether Vale?"),
        ("herring", "When did the herring of Skerry Head come back?"),
        ("orchard", "What will happen to the oldest orchard of Port Ellery?"),
    ],
)
def test_one_text_under_several_titles_is_one_voice(chatbot: Chatbot, name: str, question: str) -> None:
    printed = [one for one in chatbot.ask(question).evidence if one.article.text == COPIED[name]]
    assert len({one.article.id for one in printed}) == 1
    assert len(printed[0].copies.listed) == 2


@pytest.mark.parametrize(("denial", "question"), DENIED.items())
def test_a_report_that_denies_what_the_question_supposes_is_quoted(
    chatbot: Chatbot, denial: str, question: str
) -> None:
    assert any(sentence.rstrip(".") in told(chatbot.ask(question)) for sentence in denial.split(". ")[1:])


@pytest.mark.parametrize(
    "question", ["Who won the curling championship?", "What did the pope say of Pluto?", "Who directed the film Amber?"]
)
def test_what_no_report_deals_with_is_not_in_the_archive(chatbot: Chatbot, question: str) -> None:
    assert chatbot.ask(question).status is Status.NOT_IN_ARCHIVE


@pytest.mark.parametrize(("fact", "question"), NUMBERED.items())
def test_a_number_that_looks_like_a_year_is_no_time(chatbot: Chatbot, fact: str, question: str) -> None:
    answer = chatbot.ask(question)
    assert answer.sentences
    assert answer.sentences[0].citations[0].text.strip(".") in fact
