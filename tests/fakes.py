"""Stand-ins at the seams: an embedding that hashes words, and a language model with scripted replies."""

import math
import re
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    LLMMetadata,
    LogProb,
    MessageRole,
)
from llama_index.core.llms import CustomLLM
from pydantic import Field, PrivateAttr

from indexer.embedding.model import EmbeddingModel

_DIMENSIONS = 256


class WordHashEmbedding(BaseEmbedding):
    """Deterministic and meaningful: texts that share words are near each other."""

    _embedded: list[str] = PrivateAttr(default_factory=list)

    @property
    def embedded(self) -> list[str]:
        """Every text that was embedded, in order; questions are not counted."""
        return self._embedded

    def _vector(self, text: str) -> list[float]:
        vector = np.zeros(_DIMENSIONS)
        for word in re.findall(r"\w+", text.lower()):
            vector[zlib.crc32(word.encode()) % _DIMENSIONS] += 1.0
        return list((vector / (np.linalg.norm(vector) or 1.0)).tolist())

    def _get_text_embedding(self, text: str) -> list[float]:
        self._embedded.append(text)
        return self._vector(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)


def word_hash_model(fingerprint: str = "word-hash") -> EmbeddingModel:
    """The word-hash embedding as an opened model; a wordpiece is a word."""
    embedding = WordHashEmbedding()
    return EmbeddingModel("word-hash", fingerprint, lambda: embedding, lambda texts: [len(t.split()) for t in texts])


class ScriptedLLM(CustomLLM):
    """Gives its replies, one a call, in pieces of a few characters; remembers its prompts.

    Asked for one token, it says Yes with the first probability of `yes`; the last one stays.
    """

    replies: list[str]
    piece: int = 5
    yes: list[float] = Field(default_factory=lambda: [0.9])
    _heard: list[str] = PrivateAttr(default_factory=list)

    @property
    def heard(self) -> list[str]:
        """The last message of every prompt whose reply was streamed."""
        return self._heard

    @property
    def metadata(self) -> LLMMetadata:
        """The model's description for llama-index."""
        return LLMMetadata(model_name="scripted", is_chat_model=True)

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """One token, with its log-probability."""
        probability = self.yes.pop(0) if len(self.yes) > 1 else self.yes[0]
        first = LogProb(token="Yes", logprob=math.log(probability))
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content="Yes"), logprobs=[[first]])

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The next reply, a piece at a time."""
        self._heard.append(str(messages[-1].content))
        return self._pieces(self.replies.pop(0))

    def _pieces(self, reply: str) -> ChatResponseGen:
        for first in range(0, len(reply), self.piece):
            message = ChatMessage(role=MessageRole.ASSISTANT, content=reply[: first + self.piece])
            yield ChatResponse(message=message, delta=reply[first : first + self.piece])

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Not asked for by anything here."""
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Not asked for by anything here."""
        raise NotImplementedError
