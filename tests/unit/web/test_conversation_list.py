"""The list of a browser's conversations: what is shown, and what is said of the rest."""

import pytest

from chat.texts.table import texts_in
from tests.scripted_chatbot import NOW
from web.conversations.drawing import drawn_list
from web.conversations.store import ConversationStore, KeptTurn

ENGLISH = texts_in("en")


@pytest.mark.parametrize(("kept", "listed", "are_more"), [(100, 100, False), (101, 100, True)])
def test_a_list_that_leaves_conversations_out_says_how_to_find_them(kept: int, listed: int, are_more: bool) -> None:
    store = ConversationStore()
    for number in range(kept):
        store.ask(f"{number}", "me", "192.0.2.1", KeptTurn(1, NOW, f"Question {number}?"))
    drawn = drawn_list(store.listed("me"), "", "", ENGLISH)
    assert drawn.count('class="title"') == listed
    assert ("The last 100 are listed; search for older ones." in drawn) is are_more
