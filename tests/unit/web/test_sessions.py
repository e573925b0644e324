"""Conversations in memory: bounded, and nobody's calls push out another's."""

from web.conversation import Session
from web.sessions import Sessions


def kept(sessions: Sessions, token: str, client: str) -> Session:
    session = Session()
    sessions.keep(token, client, session)
    return session


def test_a_stranger_cannot_push_out_a_readers_conversation() -> None:
    sessions = Sessions(most=50, most_of_a_client=20)
    mine = kept(sessions, "mine", "192.0.2.1")
    strange = [kept(sessions, f"strange-{number}", "198.51.100.9") for number in range(1_000)]
    assert sessions.of("mine") is mine
    assert [sessions.of(f"strange-{number}") is one for number, one in enumerate(strange)].count(True) == 20


def test_calls_without_a_question_keep_nothing() -> None:
    sessions = Sessions(most=2)
    mine = kept(sessions, "mine", "192.0.2.1")
    for number in range(1_000):
        sessions.of(f"strange-{number}")
    assert sessions.of("mine") is mine


def test_of_too_many_the_oldest_of_the_client_with_the_most_goes() -> None:
    sessions = Sessions(most=4, most_of_a_client=4)
    mine = kept(sessions, "mine", "192.0.2.1")
    for token in ("a", "b", "c", "d"):
        kept(sessions, token, "198.51.100.9")
    assert sessions.of("mine") is mine
    assert sessions.of("a") is not sessions.of("a")
    assert sessions.of("d") is sessions.of("d")


def test_a_session_that_is_used_is_no_longer_the_oldest() -> None:
    sessions = Sessions(most=9, most_of_a_client=2)
    first = kept(sessions, "first", "192.0.2.1")
    kept(sessions, "second", "192.0.2.1")
    sessions.keep("first", "192.0.2.1", first)
    kept(sessions, "third", "192.0.2.1")
    assert sessions.of("first") is first
    assert sessions.of("second") is not sessions.of("second")
