"""Why something failed, in the reader's language."""

import sqlite3

import pytest

from chat.errors import ChatError, StandingError
from chat.texts.notices import Notice, NoticeKind
from chat.texts.table import ENGLISH, texts_in
from indexer.errors import ArchiveBusyError, ChromaServerError, DamagedArchiveError, IndexerError, ModelMismatchError
from web.faults import reason_of

GERMAN = texts_in("de")


@pytest.mark.parametrize(
    ("error", "german"),
    [
        (ArchiveBusyError("process 7 is writing"), "ein anderer Prozess schreibt gerade ins Archiv"),
        (DamagedArchiveError("a page is torn"), "das Archiv ist beschädigt"),
        (ModelMismatchError("made with m"), "das Archiv entstand mit einem anderen Embedding-Modell"),
        (ChromaServerError("refused"), "der Chroma-Server antwortet nicht"),
        (sqlite3.OperationalError("disk I/O error"), "das Archiv lässt sich nicht lesen oder schreiben"),
        (OSError(28, "No space left on device"), "das Archiv lässt sich nicht lesen oder schreiben"),
        (IndexerError("something else"), "Meldung auf Englisch: something else"),
        (ChatError("something else"), "Meldung auf Englisch: something else"),
        (StandingError(Notice(NoticeKind.NO_NEWS)), "dies fragt nicht nach Nachrichten"),
    ],
)
def test_a_failure_is_said_in_german_with_its_details(error: Exception, german: str) -> None:
    said = reason_of(error, GERMAN)
    assert said.startswith(german)
    if not isinstance(error, StandingError):
        assert str(error) in said


def test_in_english_the_message_of_an_unknown_failure_stands_alone() -> None:
    assert reason_of(IndexerError("something else"), ENGLISH) == "something else"
