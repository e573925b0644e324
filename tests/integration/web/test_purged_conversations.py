"""After a purge no byte of the data folder has a word of the article, whatever was asked about it."""

from pathlib import Path

import pytest

from indexer.removing import Selection, purge
from tests.archive_server import open_small_archive
from tests.open_conversations import open_conversations, wait_until
from web.conversations.open_conversations import OpenConversations
from web.conversations.session import Session
from web.conversations.store import FILE_NAME

WORDS = (b"Nine people died", b"Grey Petrel. The cause", b"She was built in 1994", b"courier.example/fire")


def answered(conversations: OpenConversations, session: Session, question: str) -> None:
    conversations.ask(session, "192.0.2.1", conversations.next_exchange(session, question, None))
    wait_until(lambda: not session.is_busy)


@pytest.mark.parametrize("server_runs", [True, False])
def test_after_a_purge_no_byte_has_a_word_of_the_article(tmp_path: Path, server_runs: bool) -> None:
    with open_small_archive(tmp_path) as chatbot:
        conversations = open_conversations({"Quotations": chatbot}, chatbot.index.archive.article, tmp_path / FILE_NAME)
        fire, tram = conversations.begin("fire", "me"), conversations.begin("tram", "me")
        answered(conversations, fire, "How many people died in the ferry fire?")
        assert fire.conversation.last is not None
        assert fire.conversation.last.progress.sentences
        answered(conversations, tram, "What is in the archive?")
        if not server_runs:
            conversations.store.close()
        report = purge(tmp_path, Selection(address="https://courier.example/fire"))
        assert (report.articles, report.files) == (1, ())
        for path in filter(Path.is_file, tmp_path.rglob("*")):
            content = path.read_bytes()
            assert [words for words in WORDS if words in content] == [], path
        again = open_conversations({"Quotations": chatbot}, chatbot.index.archive.article, tmp_path / FILE_NAME)
        assert [one.title for one in again.store.listed("me")] == ["What is in the archive?"]
        if server_runs:
            assert conversations.read("fire").exchanges == ()
            assert len(conversations.read("tram").exchanges) == 1
