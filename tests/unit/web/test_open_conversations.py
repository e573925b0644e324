"""Conversations that are asked in: what a follow-up is given, what is kept, and what a restart leaves."""

import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from chat.answer import Status
from indexer.errors import ArchiveError
from tests.browser.stories import FERRY, SCRIPTS, SHELVES
from tests.open_conversations import open_conversations, wait_until
from tests.scripted_chatbot import NOW, ScriptedChatbot
from web.conversations.answering import AnswerPool, BusyError
from web.conversations.open_conversations import OpenConversations
from web.conversations.session import Session

DIED, FOREVER = "How many people died?", "Go on forever"


@pytest.fixture
def chatbot() -> ScriptedChatbot:
    return ScriptedChatbot(SCRIPTS, word_seconds=0.001, further=("And why?",))


@pytest.fixture
def conversations(chatbot: ScriptedChatbot, tmp_path: Path) -> OpenConversations:
    return open_conversations({"Scripted": chatbot}, SHELVES.article, tmp_path / "conversations.sqlite")


def ask(conversations: OpenConversations, session: Session, question: str) -> None:
    conversations.ask(session, "192.0.2.1", conversations.next_exchange(session, question, None))


def answered(conversations: OpenConversations, session: Session, question: str) -> None:
    ask(conversations, session, question)
    wait_until(lambda: not session.is_busy)


def test_a_question_that_the_next_one_stops_counts_as_asked(
    conversations: OpenConversations, chatbot: ScriptedChatbot
) -> None:
    session = conversations.begin("a", "me")
    for question in (FOREVER, "Go on forever, again", "And what did he say?"):
        ask(conversations, session, question)
    wait_until(lambda: not session.is_busy)
    before = chatbot.asked[-1].conversation
    assert [turn.question.text for turn in before] == [FOREVER, "Go on forever, again"]
    assert before[0].answer.status is Status.PARTIAL
    assert [one.progress.failure for one in session.conversation.exchanges] == ["Stopped.", "Stopped.", ""]


def test_a_conversation_is_the_same_after_a_restart(conversations: OpenConversations, chatbot: ScriptedChatbot) -> None:
    session = conversations.begin("a", "me")
    for question in (DIED, "What did Ines Tolland say?", "What happened in March 2023?", "Who won the World Cup?"):
        answered(conversations, session, question)
    again = open_conversations({"Scripted": chatbot}, SHELVES.article, conversations.store.path)
    opened = again.open("a", "me")
    assert opened is not None
    assert opened.conversation == session.conversation
    assert opened.conversation.exchanges[0].suggestions == ("And why?",)
    assert again.open("a", "you") is None


def test_an_answer_that_was_under_way_when_the_server_ended_is_marked_as_stopped(
    conversations: OpenConversations, chatbot: ScriptedChatbot
) -> None:
    session = conversations.begin("a", "me")
    answered(conversations, session, DIED)
    ask(conversations, session, FOREVER)
    again = open_conversations({"Scripted": chatbot}, SHELVES.article, conversations.store.path)
    opened = again.open("a", "me")
    session.stop()
    assert opened is not None
    last = opened.conversation.last
    assert last is not None
    assert (last.progress.question, last.progress.failure) == (FOREVER, "Stopped.")
    answered(again, opened, DIED)
    assert opened.conversation.last is not None
    assert opened.conversation.last.progress.answer


def test_an_answer_whose_article_is_gone_keeps_its_quoted_words(
    conversations: OpenConversations, chatbot: ScriptedChatbot
) -> None:
    session = conversations.begin("a", "me")
    answered(conversations, session, DIED)

    def gone(article_id: str, version: int) -> None:
        raise ArchiveError("gone")

    again = open_conversations({"Scripted": chatbot}, gone, conversations.store.path)  # type: ignore[arg-type]
    before, after = session.conversation.last, again.read("a").last
    assert before is not None
    assert after is not None
    assert [one.text for one in after.progress.evidence or ()] == [one.text for one in before.progress.evidence or ()]
    assert {one.article.title for one in after.progress.evidence or ()} >= {FERRY.title}
    assert after.progress.sentences[0].text == before.progress.sentences[0].text


def test_two_owners_and_their_canaries_never_meet(conversations: OpenConversations, chatbot: ScriptedChatbot) -> None:
    sessions = [conversations.begin(f"c{number}", f"owner {number}") for number in range(8)]
    for turn in range(3):
        for number, session in enumerate(sessions):
            ask(conversations, session, f"And canary {number} of turn {turn}?")
        wait_until(lambda: not any(session.is_busy for session in sessions))
    for number, session in enumerate(sessions):
        assert {f"canary {number} " in one.progress.question for one in session.conversation.exchanges} == {True}
        assert conversations.latest(f"owner {number}") is session
        assert len(conversations.store.listed(f"owner {number}")) == 1
    for asked in chatbot.asked:
        owner = asked.text.split()[2]
        assert all(turn.question.text.split()[2] == owner for turn in asked.conversation)


def test_an_answer_that_nobody_watches_any_more_is_stopped(chatbot: ScriptedChatbot) -> None:
    conversations = open_conversations({"Scripted": chatbot}, SHELVES.article, linger_s=0.2)
    session = conversations.begin("a", "me")
    ask(conversations, session, FOREVER)
    with session.watched():
        wait_until(lambda: bool(chatbot.asked))
    with session.watched():  # the page was loaded again
        time.sleep(0.4)
        assert not chatbot.asked[-1].stop.is_set()
    assert chatbot.asked[-1].stop.wait(10)


def test_asking_again_answers_the_same_question_by_another_writer(chatbot: ScriptedChatbot) -> None:
    other = ScriptedChatbot(SCRIPTS)
    conversations = open_conversations({"Scripted": chatbot, "Other": other}, SHELVES.article)
    session = conversations.begin("a", "me")
    answered(conversations, session, DIED)
    last = session.conversation.last
    assert last is not None
    conversations.ask(session, "192.0.2.1", last.again(writer="Other", as_of=NOW))
    wait_until(lambda: not session.is_busy)
    assert (len(session.conversation.exchanges), other.asked[-1].text, other.asked[-1].as_of) == (1, DIED, NOW)
    assert (other.asked[-1].conversation, len(conversations.store.turns("a"))) == ((), 1)


def test_a_question_that_cannot_be_kept_is_answered_all_the_same(
    conversations: OpenConversations, chatbot: ScriptedChatbot
) -> None:
    session = conversations.begin("a", "me")
    conversations.store.close()
    with pytest.raises(Exception, match="cannot be written"):
        ask(conversations, session, DIED)
    wait_until(lambda: not session.is_busy)
    assert session.conversation.last is not None
    assert session.conversation.last.progress.answer


def _wait(hold: threading.Event) -> None:
    hold.wait(10)


def test_when_too_many_wait_the_next_is_told_how_many() -> None:
    pool, hold = AnswerPool(at_once=1, most_waiting=2), threading.Event()
    for _ in range(3):
        pool.refuse_when_full()
        pool.run(partial(_wait, hold))
    with pytest.raises(BusyError, match="3 questions are waiting"):
        pool.refuse_when_full()
    hold.set()
    pool.close()


def test_suggestions_wait_until_no_reader_waits_for_an_answer(conversations: OpenConversations) -> None:
    busy, session = conversations.begin("a", "another"), conversations.begin("b", "me")
    ask(conversations, busy, FOREVER)
    ask(conversations, session, DIED)
    wait_until(lambda: session.is_last(1))
    time.sleep(0.1)
    assert _suggestions(session) == ()
    busy.stop()
    wait_until(lambda: not session.is_busy)
    assert _suggestions(session) == ("And why?",)


def test_an_answer_gets_no_suggestions_once_its_reader_has_asked_on(conversations: OpenConversations) -> None:
    busy, session = conversations.begin("a", "another"), conversations.begin("b", "me")
    ask(conversations, busy, FOREVER)
    ask(conversations, session, DIED)
    wait_until(lambda: session.is_last(1))
    ask(conversations, session, DIED)
    busy.stop()
    wait_until(lambda: not session.is_busy)
    assert [one.suggestions for one in session.conversation.exchanges] == [(), ("And why?",)]


def _suggestions(session: Session) -> tuple[str, ...]:
    last = session.conversation.last
    assert last is not None
    return last.suggestions


def test_an_undone_question_is_gone_from_the_page_and_the_file(conversations: OpenConversations) -> None:
    session = conversations.begin("a", "me")
    answered(conversations, session, DIED)
    answered(conversations, session, "And then?")
    conversations.undo(session)
    assert [one.progress.question for one in session.conversation.exchanges] == [DIED]
    assert [one.question for one in conversations.store.turns("a")] == [DIED]
    answered(conversations, session, "And why?")
    last = session.conversation.last
    assert last is not None
    assert replace(last, suggestions=()).number == 2
