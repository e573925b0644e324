"""Questions that try to be more than text: every one is answered or refused, and no answer has a foreign part."""

import random
from collections.abc import Iterator

import pytest

from chat.answer import Turn
from chat.chatbot import Chatbot
from chat.errors import ChatError
from chat.understanding.typed_text import typed_question
from eval.answer_structure import structure_faults
from eval.hostile_articles import PAYLOADS
from tests.archive_server import open_small_archive
from tests.published import publish, so_many
from tests.scripted_chatbot import NOW

QUESTIONS = so_many(10_000, 150)
PUBLISHERS = "https://courier.example/"
ORDINARY = (
    *("How many people died in the ferry fire?", "What of the tram?", "and the walrus?", "Who said so?", "yes or no"),
    *(
        "source:",
        'source:"',
        'source:"Harbour Gazette"',
        "before:2023-13-45",
        "after:99999-01-01",
        "author:x",
        "section:",
    ),
    *(
        "in 0000",
        "in the year 999999999999",
        "between 2023 and",
        "as of yesterday",
        "the 32nd of May",
        "“",
        "”“”",
        "«",
        "?!",
    ),
    *("\ud800", "\udfff\ud800", "\x00", "\x9b31m", "\u202e", "a" * 1_900, "(" * 300, "[" * 300, "1" * 400, "ﷺ" * 200),
    *("what else?", "tell me more", "compare it with", "timeline of", "What is the latest news?", "how many articles"),
)


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    with open_small_archive(tmp_path_factory.mktemp("small")) as chatbot:
        yield chatbot


def hostile_question(chance: random.Random) -> str:
    pieces = [chance.choice(chance.choice((PAYLOADS, ORDINARY))) for _ in range(chance.randint(1, 4))]
    return chance.choice((" ", "", "\n", ", ")).join(pieces)


def test_no_question_raises_or_changes_the_structure_of_an_answer(chatbot: Chatbot) -> None:
    chance, faults, refused = random.Random(13), [], 0
    conversation: list[Turn] = []
    for number in range(QUESTIONS):
        try:
            text = typed_question(hostile_question(chance))
            turn = chatbot.turn(text, conversation=conversation, as_of=NOW)
        except ChatError:
            refused += 1
            continue
        faults += structure_faults(text, turn.answer, PUBLISHERS)
        conversation = [*conversation, turn][-3:] if number % 7 else []
    publish(
        "hostile questions",
        f"{QUESTIONS - refused:,} asked, {refused:,} refused",
        f"0 exceptions, {len(faults)} faults",
    )
    assert faults == []
    assert refused < QUESTIONS / 2


def test_a_question_of_ten_megabytes_is_refused_at_once() -> None:
    with pytest.raises(ChatError, match="shorten it"):
        typed_question("a" * 10_000_000)
