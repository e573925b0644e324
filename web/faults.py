"""Why something failed, for a reader of the page."""

import sqlite3

from chat.errors import ChatError
from chat.texts.notices import Notice, NoticeKind
from chat.texts.table import Texts
from indexer.errors import (
    ArchiveBusyError,
    ArchiveError,
    ChromaServerError,
    DamagedArchiveError,
    ModelMismatchError,
)

_KINDS: tuple[tuple[type[Exception], NoticeKind], ...] = (  # a class stands after those below it
    (ArchiveBusyError, NoticeKind.ARCHIVE_BUSY),
    (DamagedArchiveError, NoticeKind.ARCHIVE_DAMAGED),
    (ArchiveError, NoticeKind.ARCHIVE_FAULT),
    (ModelMismatchError, NoticeKind.OTHER_MODEL),
    (ChromaServerError, NoticeKind.CHROMA_AWAY),
    (sqlite3.Error, NoticeKind.ARCHIVE_FAULT),
    (OSError, NoticeKind.ARCHIVE_FAULT),
)


def reason_of(error: Exception, texts: Texts) -> str:
    """Why something failed; messages of the indexer and of the system stand in it in English."""
    if isinstance(error, ChatError):
        return error.notice.text(texts)
    kind = next((kind for of, kind in _KINDS if isinstance(error, of)), NoticeKind.TECHNICAL)
    return Notice(kind, str(error)).text(texts)
