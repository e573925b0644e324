"""What a conversation raises on purpose.

ChatError
├── LanguageModelError
│   └── WeightsError
├── QuestionError
├── FeedbackError
├── ReceiptError
└── StandingError
"""

from chat.texts.notices import Notice, NoticeKind


class ChatError(Exception):
    """Root of everything that this package raises on purpose; its notice is the message in any language."""

    def __init__(self, said: str | Notice) -> None:
        self.notice = said if isinstance(said, Notice) else Notice(NoticeKind.TECHNICAL, said)
        super().__init__(self.notice.text())


class LanguageModelError(ChatError):
    """A language model that is unknown, unreachable, too slow or absurd; quotations can be given instead."""


class WeightsError(LanguageModelError):
    """Weights that are missing, damaged or cannot be written."""


class QuestionError(ChatError):
    """A question that is not asked; the message says why."""


class FeedbackError(ChatError):
    """A reader's opinion of an answer that cannot be kept."""


class ReceiptError(ChatError):
    """A receipt that cannot be written, read or trusted."""


class StandingError(ChatError):
    """A standing question that cannot be saved, found or kept."""
