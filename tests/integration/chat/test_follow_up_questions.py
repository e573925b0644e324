"""Which questions follow the one before, in an archive with a real embedding of words."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.chatbot import Chatbot
from corpus.article import new_article
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

NOW = datetime(2024, 1, 1, tzinfo=UTC)
STORIES = (
    (
        "Ferry fire kills nine",
        "A fire on the ferry Petrel killed nine people. Forty were hurt. Captain Ohm was in charge.",
    ),
    ("Berg elected mayor", "Ina Berg won the mayoral election in Elm Bay. She was elected mayor with 812 votes."),
    ("Thousands march", "About 1,200 people marched in Elm Bay against the tunnel. The march was peaceful."),
    ("Council approves tram line", "The council approved the tram line in Elm Bay. The tram line has nine stops."),
)


@pytest.fixture
def chatbot(tmp_path: Path) -> Iterator[Chatbot]:
    model = word_hash_model()
    articles = [
        new_article(
            title=title,
            text=text,
            url=f"https://a.example/{at}",
            source="Elm Bay Courier",
            published_at=datetime(2023, 5, 1 + at, tzinfo=UTC),
        )
        for at, (title, text) in enumerate(STORIES)
    ]
    sync(articles, tmp_path, model)
    with closing(Index(tmp_path, model.fingerprint)) as index:
        yield Chatbot(index, model, None, clock=lambda: NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Who won the mayoral election?",
        "How many people marched?",
        "What happened in November 2022?",
        "Is the tram line approved?",
    ],
)
def test_a_question_with_its_own_subject_is_new(chatbot: Chatbot, text: str) -> None:
    before = chatbot.turn("How many people died in the ferry fire?")
    assert not chatbot.understand(text, conversation=[before], as_of=NOW).follows


@pytest.mark.parametrize(
    "text", ["Who was in charge?", "How many were hurt?", "Where was it built?", "And who was hurt?"]
)
def test_a_question_about_the_articles_before_follows(chatbot: Chatbot, text: str) -> None:
    before = chatbot.turn("How many people died in the ferry fire?")
    assert chatbot.understand(text, conversation=[before], as_of=NOW).follows


@pytest.mark.parametrize(("text", "follows"), [("How long was the sentence?", True), ("How tall is the tower?", False)])
def test_the_articles_before_need_not_fit_best_of_a_large_archive(tmp_path: Path, text: str, *, follows: bool) -> None:
    holm = "Ina Holm, who owned the ferry, was convicted of fraud. The sentence of eleven years is long, it is said."
    others = ("How long was the sentence in case {}? It was long.", "How tall is the tower of school {}? It is tall.")
    articles = [
        article("Ferry owner convicted", holm),
        *(article(f"Brief {at}", others[at % 2].format(at), url=f"https://a.example/{at}") for at in range(200)),
    ]
    model = word_hash_model()
    sync(articles, tmp_path, model)
    with closing(Index(tmp_path, model.fingerprint)) as index:
        chatbot = Chatbot(index, model, None, clock=lambda: NOW)
        before = chatbot.turn("Who was convicted of fraud with the ferry?")
        assert bool(chatbot.understand(text, conversation=[before], as_of=NOW).follows) is follows


FACTS = (
    "A bus ticket in Orm costs 2.20 crowns.",
    "A bus ticket in Gull Bay costs 3.10 crowns.",
    "The mayor of Gull Bay is Olga Riis, who was a teacher.",
    "The mayor of Orm is Jens Aker, who was a sailor.",
    "The strike of the bakers lasted nine days.",
    "The strike of the tailors lasted three weeks.",
    "Gull Bay counted 41 owls in 2021.",
    "Gull Bay counted 67 owls in 2022.",
)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("How much does a bus ticket cost in Orm?", "And in Gull Bay?", "3.10 crowns"),
        ("Who is the mayor of Orm?", "What about Gull Bay?", "Olga Riis"),
        ("Who is the mayor of Gull Bay?", "And in Orm?", "Jens Aker"),
        ("How long did the strike of the bakers last?", "And that of the tailors?", "three weeks"),
        ("How many owls were counted in Gull Bay in 2021?", "And in 2022?", "67 owls"),
    ],
)
def test_what_a_follow_up_names_takes_the_place_of_its_parallel(
    tmp_path: Path, first: str, second: str, words: str
) -> None:
    model = word_hash_model()
    days = (datetime(2021 + ("2022" in text), 12, 20, tzinfo=UTC) for text in FACTS)
    sync(
        [
            new_article(title=f"Local news {at}", text=text, source="Post", published_at=day)
            for at, (text, day) in enumerate(zip(FACTS, days, strict=True))
        ],
        tmp_path,
        model,
    )
    with closing(Index(tmp_path, model.fingerprint)) as index:
        bot = Chatbot(index, model, None, clock=lambda: NOW)
        assert words in bot.ask(second, conversation=[bot.turn(first)]).sentences[0].text


def test_articles_of_a_year_are_counted(chatbot: Chatbot) -> None:
    assert "4 articles in the archive" in chatbot.ask("How many articles from 2023?").notice
