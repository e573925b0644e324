"""What a conversation raises on purpose.

ChatError
├── LanguageModelError
│   └── WeightsError
├── QuestionError
├── FeedbackError
├── ReceiptError
└── StandingError
"""


class ChatError(Exception):
    """Root of everything that this package raises on purpose."""


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
