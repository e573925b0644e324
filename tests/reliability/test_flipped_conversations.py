"""One bit of what is kept beside the archive is flipped: no altered word of an answer is shown, and nothing breaks."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.errors import ChatError
from chat.publishing.signing import KEY_FILE, public_key, signed, signer_of
from chat.standing.question import Change, Known, Reason, ReasonKind, StandingQuestion
from chat.standing.store import FILE_NAME as STANDING
from chat.standing.store import StandingStore, asked_record, saved_record
from tests.browser.stories import SCRIPTS, SHELVES
from tests.open_conversations import open_conversations, wait_until
from tests.published import publish, so_many
from tests.scripted_chatbot import NOW, ScriptedChatbot
from web.conversations.open_conversations import OpenConversations
from web.conversations.store import FILE_NAME

FLIPS = so_many(4_000, 150)  # in each file; most hit empty pages
QUESTIONS = ("How many people died?", "What did Ines Tolland say?", "What happened in March 2023?", "And then?")


def opened(folder: Path) -> OpenConversations:
    return open_conversations({"Scripted": ScriptedChatbot(SCRIPTS)}, SHELVES.article, folder / FILE_NAME)


def said_in(conversations: OpenConversations) -> Iterator[tuple[str, ...]]:
    """The words of each answer that would be shown."""
    for exchange in conversations.read("one").exchanges:
        progress = exchange.progress
        yield from ((one.text, *(cited.text for cited in one.citations)) for one in progress.sentences)
        yield from ((one.text, one.article.title, one.article.source) for one in progress.evidence or ())


def changes_in(folder: Path) -> Iterator[tuple[str, ...]]:
    for one in StandingStore(folder).stored().changes.values():
        yield (*(reason.text for reason in one.reasons), str(one.answer))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a conversation, a standing question that has changed, and a key."""
    folder = tmp_path_factory.mktemp("kept")
    conversations = opened(folder)
    session = conversations.begin("one", "owner")
    for question in QUESTIONS:
        conversations.ask(session, "client", conversations.next_exchange(session, question, None))
        wait_until(lambda: not session.is_busy)
    conversations.close()
    conversations.store.close()
    asked = StandingQuestion(id="asked", text=QUESTIONS[0], since=NOW)
    change = Change(
        id="change", question_id="asked", question=asked.text, noticed_at=NOW,
        reasons=(Reason(ReasonKind.FIGURE, "The figure was eight and is nine."),),
        answer={"sentences": [{"text": "Nine people died.", "citations": []}], "evidence": [], "notice": ""},
    )  # fmt: skip
    with (store := StandingStore(folder)).changing():
        store.append(saved_record(asked), asked_record("asked", Known(1), change))
    public_key(folder)
    return folder


def flipped(whole: Path, name: str, folder: Path, chance: random.Random) -> None:
    """Write the file into the folder with one bit flipped."""
    content = bytearray((whole / name).read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    (folder / name).write_bytes(content)


def test_no_altered_word_of_a_kept_answer_is_shown(whole: Path, tmp_path: Path) -> None:
    with closing((conversations := opened(whole)).store):
        true = {*said_in(conversations)}
    chance, wrong, refused = random.Random(3), 0, 0
    for _ in range(FLIPS):
        for leftover in tmp_path.iterdir():
            leftover.unlink()
        flipped(whole, FILE_NAME, tmp_path, chance)
        try:
            conversations = opened(tmp_path)
            with closing(conversations.store):
                wrong += bool({*said_in(conversations)} - true)
                conversations.store.listed("owner")
        except ChatError:
            refused += 1
    publish(
        "one bit flipped in the file of conversations",
        f"{FLIPS:,} flips",
        f"{wrong} wrong words; {refused} refused with an error of ours",
    )
    assert true
    assert wrong == 0


def test_no_altered_change_of_a_standing_question_is_shown(whole: Path, tmp_path: Path) -> None:
    true, chance, wrong = {*changes_in(whole)}, random.Random(4), 0
    for _ in range(FLIPS):
        flipped(whole, STANDING, tmp_path, chance)
        wrong += bool({*changes_in(tmp_path)} - true)
    publish("one bit flipped in the standing questions", f"{FLIPS:,} flips", f"{wrong} wrong words")
    assert true
    assert wrong == 0


def test_a_damaged_key_signs_for_nobody_else(whole: Path, tmp_path: Path) -> None:
    true, chance, accepted = public_key(whole), random.Random(5), 0
    for _ in range(FLIPS // 10):
        flipped(whole, KEY_FILE, tmp_path, chance)
        if (tmp_path / KEY_FILE).read_bytes().lower() == (whole / KEY_FILE).read_bytes():
            continue  # a digit in capitals is the same digit
        try:
            accepted += signer_of(signed({"sha256": "0" * 64}, tmp_path)) == true
        except ChatError:
            continue
    publish("one bit flipped in the key of receipts", f"{FLIPS // 10:,} flips", f"{accepted} accepted as the old key")
    assert accepted == 0
