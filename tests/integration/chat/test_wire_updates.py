"""The update of a wire report is another report: it is not hidden as a copy, and nobody is said to have printed it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from chat.answer import Answer
from chat.chatbot import Chatbot
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)


class Wired(NamedTuple):
    """A wire report, words of it, and what the update has in their place."""

    title: str
    text: str
    old: str
    new: str


STORIES = (
    Wired(
        "Tanker aground",
        """\
SKERRY HEAD (CPA) - The tanker Sea Heron ran aground off Skerry Head on Tuesday morning in thick fog. Three sailors
were hurt, the coast guard said. Tugs from Port Ellery will try to pull the ship free at high tide. There is no oil
on the water so far, and the beaches of the island stay open, according to the harbour office.
""",
        "Three sailors",
        "Nine sailors",
    ),
    Wired(
        "Chess title",
        """\
GULL BAY (CPA) - The chess title of the islands was decided in Gull Bay late on Sunday after a match of nine hours.
The champion is Dora Lind, the federation said. The final was held in the old customs house before four hundred
people, more than in any year before, and the next one will be played in the spring on Skerry Head.
""",
        "Dora Lind",
        "Petra Quist",
    ),
    Wired(
        "Dam inspected",
        """\
NETHER VALE (CPA) - Engineers have inspected the dam above Nether Vale after the heavy rain of the last weeks. The
dam is safe, the water board said. People in the houses below the dam were told to keep a bag packed, and the road
along the lake stays shut for lorries until the level of the water has fallen by another two metres.
""",
        "is safe",
        "is not safe",
    ),
    Wired(
        "Ferry sails",
        """\
PORT ELLERY (CPA) - The new ferry to the outer islands will make its first crossing soon, the company has
announced. It sails on Friday at noon, the director said. Tickets are sold at the quay and in the library, and
children travel for nothing in the first month, while the old ferry will be taken to the yard in Gull Bay and
broken up.
""",
        "on Friday",
        "on Saturday",
    ),
)
QUESTIONS = [
    ("How many sailors were hurt on the tanker Sea Heron?", "Three sailors", "Nine sailors"),
    ("Who is the chess champion of the islands?", "Dora Lind", "Petra Quist"),
    ("Is the dam above Nether Vale safe?", "is safe", "is not safe"),
    ("When does the new ferry sail to the outer islands?", "on Friday", "on Saturday"),
]


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("updates")
    stories = [
        article(title, printed, source=source, day=day, url=f"https://{source.split()[1].lower()}.example/{title[:5]}")
        for title, text, old, new in STORIES
        for source, day, printed in (
            ("Wire Post", "2024-03-05", text),
            ("Copy Gazette", "2024-03-05", text),
            ("Late Echo", "2024-03-06", text.replace(old, new)),
            ("Short Bee", "2024-03-05", f"{text[: text.index(old)]}No more is known."),
        )
    ]
    sync(stories, folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


def printed(answer: Answer, words: str) -> set[str]:
    """The sources that the answer says printed these words."""
    found: set[str] = set()
    for one in answer.evidence:
        if words in one.text:
            found |= {one.article.source, *(copy.source for copy in one.copies.listed)}
    return found


@pytest.mark.parametrize(("question", "old", "new"), QUESTIONS)
def test_report_and_update_are_both_told_each_with_its_own_papers(
    chatbot: Chatbot, question: str, old: str, new: str
) -> None:
    answer = chatbot.ask(question)
    assert any(new in one.text for one in answer.sentences)
    assert printed(answer, new) == {"Late Echo"}
    assert printed(answer, old) <= {"Wire Post", "Copy Gazette"}


def test_of_a_count_the_update_comes_first(chatbot: Chatbot) -> None:
    answer = chatbot.ask(QUESTIONS[0][0])
    assert answer.sentences[0].text.startswith("“Nine sailors were hurt")
    assert answer.sentences[-1].text.startswith("The figure as the reports came in: three")
