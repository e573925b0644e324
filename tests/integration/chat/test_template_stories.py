"""Stories of one template that differ in their facts: each is a story of its own, and the one asked for is quoted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from chat.chatbot import Chatbot
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)


class Series(NamedTuple):
    """A title and a text with gaps, the days of the stories, and what fills the gaps of each."""

    title: str
    text: str
    stories: dict[str, tuple[str, str]]


SERIES = {
    "tide": Series(
        "Tides of the week",
        "The harbour office of Gull Bay has published the tides of the week. On Thursday the water stood at "
        "{0} centimetres above the mark, and the quay was under water for {1} minutes. Drivers were told to leave "
        "their cars above the church. The tide is measured twice a day at the old customs house, and the figures are "
        "printed every Friday; they are without guarantee.",
        {"2023-09-08": ("212", "40"), "2023-09-15": ("247", "95"), "2023-09-22": ("198", "15")},
    ),
    "fish": Series(
        "Prices of the fish market",
        "The fish market of Skerry Head closed on Saturday with {0} stalls open. A kilo of herring cost {1} crowns at "
        "noon, according to the market office. Plaice and cod were sold out before ten in the morning, as on most "
        "Saturdays of the season. The market office notes the prices of all stalls and gives the mean of them, rounded "
        "to the nearest tenth.",
        {"2023-10-07": ("31", "8.40"), "2023-10-14": ("28", "9.10"), "2023-10-21": ("35", "6.90")},
    ),
    "chess": Series(
        "Chess league: the round in short",
        "The round of the island chess league was played on Sunday in the hall behind the library. {0} beat {1} after "
        "a game of four hours, and leads the table. The other boards ended in draws, and the spectators had tea. "
        "The next round is played in two weeks in the same hall, and the doors open an hour before the first move of "
        "the evening.",
        {
            "2023-11-05": ("Ines Falk", "Tore Brandt"),
            "2023-11-19": ("Tore Brandt", "Olga Riis"),
            "2023-12-03": ("Olga Riis", "Ines Falk"),
        },
    ),
    "draw": Series(
        "Draw of the Lantern Lottery",
        "The Lantern Lottery was drawn on Wednesday in the theatre of Port Ellery before a notary. The winning ticket "
        "is number {0}, and it was sold in {1}. Whoever holds it has sixty days in which to bring it to the box office "
        "of the theatre, with a passport. The money that nobody fetches goes to the roof of the theatre, as the rules "
        "of the lottery say.",
        {"2024-01-10": ("40718", "Orm"), "2024-02-14": ("11395", "Nether Vale"), "2024-03-13": ("52260", "Gull Bay")},
    ),
}
FACTS = ("centimetres", "kilo of herring", " beat ", "number ")  # words of the sentences that differ within a series


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("templates")
    stories = [
        article(series.title, series.text.format(*facts), day=day, url=f"https://a.example/{name}/{day}")
        for name, series in SERIES.items()
        for day, facts in series.stories.items()
    ]
    sync(stories, folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How high did the water stand in Gull Bay on 15 September 2023?", "247 centimetres"),
        ("How high did the water stand in Gull Bay on 22 September 2023?", "198 centimetres"),
        ("What did a kilo of herring cost on 21 October 2023?", "6.90 crowns"),
        ("What did a kilo of herring cost on 7 October 2023?", "8.40 crowns"),
        ("Who won in the island chess league on 19 November 2023?", "Tore Brandt beat Olga Riis"),
        ("Who won in the island chess league in December 2023?", "Olga Riis beat Ines Falk"),
        ("Which ticket won the Lantern Lottery on 14 February 2024?", "number 11395"),
        ("Which ticket won the Lantern Lottery in January 2024?", "number 40718"),
    ],
)
def test_the_facts_of_the_day_that_is_asked_for_come_first(chatbot: Chatbot, question: str, words: str) -> None:
    answer = chatbot.ask(question)
    facts = [one.text for one in answer.sentences if any(words in one.text for words in FACTS)]
    assert words in facts[0]
    assert all(one.copies.listed == () for one in answer.evidence)


def test_no_story_of_a_series_is_a_copy_of_another(chatbot: Chatbot) -> None:
    archive = chatbot.index.archive
    assert [one.title for one in archive.articles() if archive.copies_of(one.id)] == []
