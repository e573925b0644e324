"""The first tokens of a language model's replies, kept in a file between runs: reading takes seconds a question."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, ChatResponseGen, LLMMetadata, LogProb
from llama_index.core.llms import CustomLLM
from pydantic import PrivateAttr

from eval.files import write_whole

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


class KeptReadings(CustomLLM):
    """Gives the first token of a reply with its log-probability; the model is opened only for a prompt that is new."""

    file: Path | None
    open_model: Callable[[], Any]
    _kept: dict[str, tuple[str, float]] = PrivateAttr(default_factory=dict)
    _model: "LLM | None" = PrivateAttr(default=None)

    def model_post_init(self, context: Any, /) -> None:
        """Read the file, if there is one."""
        super().model_post_init(context)
        if self.file and self.file.exists():
            self._kept = {key: (token, logprob) for key, (token, logprob) in json.loads(self.file.read_text()).items()}

    @property
    def metadata(self) -> LLMMetadata:
        """A chat model, for llama-index."""
        return LLMMetadata(model_name="kept readings", is_chat_model=True)

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The likeliest first token."""
        key = _key(messages)
        if key not in self._kept:
            first = (self._opened().chat(messages, max_tokens=1).logprobs or [[]])[0][0]
            self._kept[key] = first.token, first.logprob
        token, logprob = self._kept[key]
        message = ChatMessage(role="assistant", content=token)
        return ChatResponse(message=message, logprobs=[[LogProb(token=token, logprob=logprob)]])

    def save(self) -> None:
        """Write the file, if there is one."""
        if self.file:
            write_whole(self.file, json.dumps(self._kept) + "\n")

    def _opened(self) -> "LLM":
        if self._model is None:
            self._model = self.open_model()
        return self._model

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """Nothing is written here."""
        raise NotImplementedError

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Nothing is written here."""
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Nothing is written here."""
        raise NotImplementedError


def _key(messages: Sequence[ChatMessage]) -> str:
    said = [(message.role.value, message.content) for message in messages]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
