"""A small archive whose server programs ask in tests: real indexes, an embedding that hashes words."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chat.chatbot import Chatbot
from chat.standing.asking import StandingQuestions
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import NOW, ScriptedChatbot
from tests.served import serving
from web.api.access import LOCAL, Access
from web.page import build_page
from web.programs import add_programs

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

FIRE = "in the fire on the ferry Grey Petrel. The cause of the fire is not known. She was built in 1994."
HOSTILE = (
    "The [lighthouse](http://evil.example/x) keeper ![said](http://evil.example/y.png) <b>nothing</b> of the paint."
)
ARTICLES = (
    article(
        "Ferry fire",
        f"Four people died {FIRE}",
        url="https://courier.example/fire",
    ),
    article(
        "Ferry fire",
        f"Nine people died {FIRE}",
        url="https://courier.example/fire",
        day="2023-03-15",
        updated="2023-03-20",
    ),
    article(
        "Tram vote", "The council voted for the tram line by 17 to 14.", day="2023-04-01", source="Harbour Gazette"
    ),
    article("Mobile library", "A walrus came ashore. He ate the herring of Bo Lund.", day="2023-05-01"),
    article("Lighthouse painted", HOSTILE, day="2023-05-20"),
)


@contextmanager
def open_small_archive(folder: Path, llm: "LLM | None" = None) -> Iterator[Chatbot]:
    """A chatbot over the articles, at a fixed present."""
    model = word_hash_model()
    for one in ARTICLES:
        sync([one], folder, model)
    with closing(Index(folder, model.fingerprint)) as index:
        yield Chatbot(index, model, llm, clock=lambda: NOW)


@contextmanager
def serving_chatbot(
    chatbot: Chatbot, access: Access = LOCAL, standing: StandingQuestions | None = None
) -> Iterator[str]:
    """The address of a server for programs, beside a page that nobody visits."""
    archive = chatbot.index.archive
    conversations = open_conversations({"Scripted": ScriptedChatbot({})}, archive.article)
    page = partial(build_page, conversations, archive, lambda turns, thumb, reason, as_of: None)
    with serving(page, partial(add_programs, chatbot=chatbot, access=access, standing=standing)) as address:
        yield address
