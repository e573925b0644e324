"""Servers for programs: over a small archive without models, and over the sample with the real embedding model."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from chat.chatbot import Chatbot
from chat.standing.asking import StandingQuestions
from chat.standing.store import StandingStore
from tests.archive_server import open_small_archive, serving_chatbot
from tests.scripted_chatbot import NOW
from web.api.access import LOCAL, Access

Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def small_chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """Quotes from a few articles."""
    with open_small_archive(tmp_path_factory.mktemp("small")) as chatbot:
        yield chatbot


@pytest.fixture(scope="module")
def address(small_chatbot: Chatbot) -> Iterator[str]:
    """The address of a server over the few articles, open to programs on this machine."""
    with serving_chatbot(small_chatbot) as address:
        yield address


@pytest.fixture(scope="module")
def sample_folder(sample_data: Callable[[], Path]) -> Path:
    """A data folder with the sample articles."""
    return sample_data()


@pytest.fixture(scope="module")
def sample_address(sample_folder: Path) -> Iterator[str]:
    """The address of a server that quotes from the sample."""
    from chat.opening import open_chatbot
    from chat.settings import ChatSettings
    from indexer.settings import settings_of

    chatbot = open_chatbot(settings_of(ChatSettings, data=sample_folder, llm="quotes"))
    standing = StandingQuestions(chatbot, StandingStore(sample_folder), lambda: NOW)
    with closing(chatbot.index), serving_chatbot(chatbot, standing=standing) as address:
        yield address


@pytest.fixture
def serve(small_chatbot: Chatbot) -> Serve:
    """Serves the few articles under other conditions of access."""

    @contextmanager
    def serving(access: Access = LOCAL) -> Iterator[str]:
        with serving_chatbot(small_chatbot, access) as address:
            yield address

    return partial(serving)
