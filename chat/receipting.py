"""A receipt of a turn, with all that the answer was made with."""

from pathlib import Path
from typing import Any

from chat.answer import Turn
from chat.chatbot import Chatbot
from chat.publishing.receipts import MadeWith, prompt_sha256, receipt
from chat.settings import ChatSettings


def receipt_of(turn: Turn, chatbot: Chatbot, settings: ChatSettings) -> dict[str, Any]:
    """The receipt of an answer that this chatbot gave, in plain JSON types."""
    return receipt(turn.question, turn.answer, made_with(turn, chatbot, settings), chatbot.index.archive)


def made_with(turn: Turn, chatbot: Chatbot, settings: ChatSettings) -> MadeWith:
    """The models and the state of the archive with which this chatbot made an answer."""
    index, nli = chatbot.index, chatbot.nli
    messages = chatbot.messages(turn.question, turn.answer.evidence) if turn.answer.sentences else None
    return MadeWith(
        embedding=index.archive.state("model_name") or settings.embedding,
        embedding_fingerprint=index.model,
        language_model=public_name(settings.llm) if messages else None,
        prompt_sha256=prompt_sha256(messages) if messages else None,
        nli_model=nli.name if messages and nli else None,
        archive_sequence=index.archive.sequence(),
        vectors_sequence=index.vectors.generation.sequence,
    )


def public_name(spec: str) -> str:
    """Only the name of a file: a receipt is passed on, and a path describes the machine."""
    return Path(spec).name if spec.endswith(".gguf") else spec
