"""Text as somebody typed it, made valid before anything reads it."""

import re

from chat.errors import QuestionError
from chat.texts.notices import Notice, NoticeKind

LONGEST_QUESTION = 2_000  # characters

# Lone surrogates cannot be encoded, control characters command a terminal, and the last ranges turn the direction of
# all text that follows.
_INVALID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def valid_text(text: str) -> str:
    """The text without lone surrogates, control characters and overrides of its direction."""
    return text if text.isascii() and text.isprintable() else _INVALID.sub("", text)


def typed_question(text: str) -> str:
    """A question as it is asked: valid, without blanks around it; raises QuestionError when it is too long."""
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(Notice(NoticeKind.TOO_LONG, count=len(text), limit=LONGEST_QUESTION))
    return valid_text(text).strip()
