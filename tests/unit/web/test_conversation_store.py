"""The file of the conversations: whose they are, what is found, and what goes when there is too much."""

import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from web.conversations.store import Bounds, ConversationsError, ConversationStore, KeptTurn

MORNING = datetime(2024, 1, 10, 8, tzinfo=UTC)
HERE, STRANGE = "192.0.2.1", "198.51.100.9"


def ask(
    store: ConversationStore, conversation: str, question: str, *, number: int = 1, owner: str = "me", **of: str
) -> None:
    asked = KeptTurn(number, MORNING + timedelta(minutes=number), question)
    store.ask(conversation, owner, of.get("client", HERE), asked)
    if "answer" in of:
        store.answer(conversation, KeptTurn(number, asked.asked_at, question, of["answer"], "{}"))


def titles(store: ConversationStore, words: str = "", owner: str = "me") -> list[str]:
    return [one.title for one in store.listed(owner, words)]


def test_a_conversation_is_named_by_its_first_question_until_it_is_renamed() -> None:
    store = ConversationStore()
    ask(store, "a", "How many died?")
    ask(store, "a", "And where?", number=2)
    assert titles(store) == ["How many died?"]
    store.rename("a", "  The   ferry ")
    assert titles(store) == ["The ferry"]
    store.rename("a", "")
    assert titles(store) == ["How many died?"]
    assert store.listed("me")[0].started_at == MORNING + timedelta(minutes=1)


def test_words_are_looked_for_in_titles_questions_and_answers_and_mean_nothing_else() -> None:
    store = ConversationStore()
    ask(store, "a", "How many died?", answer="Nine people died on the Grey Petrel.")
    ask(store, "b", "Who won the vote, 100% of it?")
    assert titles(store, "grey nine") == ["How many died?"]
    assert titles(store, "100%") == ["Who won the vote, 100% of it?"]
    assert titles(store, "grey vote") == titles(store, "100_") == titles(store, "'; DROP TABLE turns; --") == []


def test_nobody_finds_the_conversations_of_another_browser() -> None:
    store = ConversationStore()
    ask(store, "a", "How many died?")
    assert titles(store, owner="you") == []
    assert (store.owner("a"), store.latest("you"), store.owner("b")) == ("me", None, None)


def test_a_link_is_shared_until_it_is_taken_away_and_never_comes_back() -> None:
    store = ConversationStore()
    ask(store, "a", "How many died?")
    store.share("a", shared=True)
    name = store.listed("me")[0].shared
    assert name is not None
    assert store.shared(name) == "a"
    store.share("a", shared=False)
    store.share("a", shared=True)
    assert store.shared(name) is None


def test_an_answer_to_a_question_that_was_deleted_is_not_kept() -> None:
    store = ConversationStore()
    ask(store, "a", "How many died?")
    store.delete("a")
    store.answer("a", KeptTurn(1, MORNING, "How many died?", "Nine.", "{}"))
    assert (store.turns("a"), titles(store)) == ([], [])


def test_a_stranger_with_many_questions_drops_only_their_own() -> None:
    store = ConversationStore(bounds=Bounds(of_a_client=20, in_all=30))
    ask(store, "mine", "How many died?")
    for number in range(400):
        ask(store, f"strange-{number}", "Hello?", number=number, owner=f"stranger {number}", client=STRANGE)
    assert titles(store) == ["How many died?"]
    assert store.owner("strange-0") is None
    assert store.owner("strange-399") == "stranger 399"


def test_of_too_many_questions_the_oldest_of_the_client_with_the_most_go() -> None:
    store = ConversationStore(bounds=Bounds(of_a_client=100, in_all=10))
    ask(store, "mine", "How many died?")
    for number in range(1, 40):
        ask(store, "strange", "Hello?", number=number, owner="stranger", client=STRANGE)
    assert titles(store) == ["How many died?"]
    assert [one.number for one in store.turns("strange")] == list(range(31, 40))


def test_the_file_is_only_for_its_owner_and_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    store = ConversationStore(path)
    ask(store, "a", "How many died?", answer="Nine.")
    store.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ConversationStore(path).turns("a")[0].answer == "Nine."


def test_what_was_asked_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    code = (
        "import os, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from web.conversations.store import ConversationStore, KeptTurn\n"
        "store = ConversationStore(Path(sys.argv[1]))\n"
        "for number in range(1, 100):\n"
        "    store.ask('a', 'me', 'here', KeptTurn(number, datetime.now(UTC), 'How many died?'))\n"
        "    if number == 40: os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == -9
    assert len(ConversationStore(path).turns("a")) == 40


def test_a_file_that_is_none_of_ours_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(ConversationsError, match="move it away"):
        ConversationStore(path)
    assert path.read_bytes() == b"no database" * 100


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConversationsError, match="cannot be used"):
        ConversationStore(tmp_path / "absent" / "conversations.sqlite")


def test_a_file_of_a_newer_dateline_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    file = sqlite3.connect(path)
    file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(ConversationsError, match="newer Dateline"):
        ConversationStore(path)


def test_a_file_that_damages_even_the_words_of_its_errors_is_an_error_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    ConversationStore(path).close()
    file = sqlite3.connect(path, isolation_level=None)
    file.execute("CREATE INDEX damaged ON turns(question)")
    file.execute("PRAGMA writable_schema = ON")
    file.execute("UPDATE sqlite_master SET name = CAST(x'd4d4' AS TEXT), sql = 'CREATE INDEX' WHERE name = 'damaged'")
    file.close()
    with pytest.raises(ConversationsError, match="cannot be used"):
        ConversationStore(path)
