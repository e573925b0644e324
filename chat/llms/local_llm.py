"""The base of language models that run in this process, as llama-index LLMs."""

import threading
from abc import abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

from llama_index.core.base.llms.generic_utils import (
    chat_to_completion_decorator,
    stream_chat_to_completion_decorator,
)
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    LogProb,
    MessageRole,
)
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback

OnText = Callable[[str], bool]  # receives new text, possibly empty; returns True to stop


class LocalLLM(CustomLLM):
    """A chat model in this process: thread-safe, deterministic, one generation at a time.

    Every call takes `max_tokens=`; a last message of the assistant's is continued. Closing a stream
    stops the generation.
    """

    path: Path
    threads: int
    context_window: int = 4096
    max_tokens: int = 120

    @property
    def metadata(self) -> LLMMetadata:
        """The model's description for llama-index."""
        return LLMMetadata(
            context_window=self.context_window,
            num_output=self.max_tokens,
            is_chat_model=True,
            model_name=self.path.stem,
        )

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], max_tokens: int | None = None) -> ChatResponse:
        """The whole reply; with `max_tokens=1`, its token comes with the log-probability, in nats."""
        if max_tokens == 1:
            first = self._first_token(messages)
            message = ChatMessage(role=MessageRole.ASSISTANT, content=first.token)
            return ChatResponse(message=message, logprobs=[[first]])
        text = "".join(self._deltas(messages, max_tokens))
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text))

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], max_tokens: int | None = None) -> ChatResponseGen:
        """The reply as it is written."""
        return self._responses(messages, max_tokens)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, max_tokens: int | None = None) -> CompletionResponse:
        """The reply to one user message."""
        return chat_to_completion_decorator(self.chat)(prompt, max_tokens=max_tokens)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, max_tokens: int | None = None
    ) -> CompletionResponseGen:
        """The reply to one user message, as it is written."""
        return stream_chat_to_completion_decorator(self.stream_chat)(prompt, max_tokens=max_tokens)

    @abstractmethod
    def _generate(self, messages: Sequence[ChatMessage], max_tokens: int, on_text: OnText) -> None:
        """Pass the reply to `on_text` until it returns True; raises LanguageModelError."""

    @abstractmethod
    def _first_token(self, messages: Sequence[ChatMessage]) -> LogProb:
        """The likeliest first token of the reply; raises LanguageModelError."""

    def _responses(self, messages: Sequence[ChatMessage], max_tokens: int | None) -> ChatResponseGen:
        text = ""
        with closing(self._deltas(messages, max_tokens)) as deltas:
            for delta in deltas:
                text += delta
                yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text), delta=delta)

    def _deltas(self, messages: Sequence[ChatMessage], max_tokens: int | None) -> Generator[str, None, None]:
        """Yield new text as it is written; closing the generator soon ends the engine's thread."""
        written: SimpleQueue[str | Exception | None] = SimpleQueue()
        stopped = threading.Event()

        def take(text: str) -> bool:
            written.put(text)
            return stopped.is_set()

        def work() -> None:
            try:
                self._generate(messages, max_tokens or self.max_tokens, take)
                written.put(None)
            except Exception as error:
                written.put(error)

        # Never a daemon, even if the caller is one: an engine that calls into a finished interpreter crashes.
        threading.Thread(target=work, name=f"generation by {self.path.name}", daemon=False).start()
        try:
            while (text := written.get()) is not None:
                if isinstance(text, Exception):
                    raise text
                yield text
        finally:
            stopped.set()
