"""A language model that runs in this process: a GGUF file on llama.cpp, behind llama-index's LLM."""

import secrets
import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from typing import Any

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
    MessageRole,
)
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from pydantic import PrivateAttr

from chat.errors import LanguageModelError

_PROMPT_BATCH_TOKENS = 128  # a reader who stops while the prompt is read waits for one batch
_SEED = 7


class LocalLLM(CustomLLM):
    """A GGUF chat model in this process; thread-safe, deterministic, and one generation at a time.

    Every call takes `grammar=` (GBNF) and `max_tokens=`. Closing a stream stops the generation.
    """

    path: Path
    threads: int
    context_window: int = 4096
    max_tokens: int = 120
    _server: Any = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Load the file; raises LanguageModelError when llama.cpp cannot."""
        super().model_post_init(context)
        self._server = _load(self.path, threads=self.threads, context_window=self.context_window)

    @classmethod
    def class_name(cls) -> str:
        """The name under which llama-index reports it."""
        return "LocalLLM"

    @property
    def metadata(self) -> LLMMetadata:
        """What llama-index asks of a model."""
        return LLMMetadata(
            context_window=self.context_window,
            num_output=self.max_tokens,
            is_chat_model=True,
            model_name=self.path.stem,
        )

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The whole reply."""
        text = "".join(self._deltas(messages, **kwargs))
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text))

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The reply as it is written."""
        return self._responses(messages, **kwargs)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """The reply to one message of the user's."""
        return chat_to_completion_decorator(self.chat)(prompt, **kwargs)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """The reply to one message of the user's, as it is written."""
        return stream_chat_to_completion_decorator(self.stream_chat)(prompt, **kwargs)

    def _responses(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        text = ""
        with closing(self._deltas(messages, **kwargs)) as deltas:
            for delta in deltas:
                text += delta
                yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text), delta=delta)

    def _deltas(
        self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None, grammar: str | None = None
    ) -> Generator[str, None, None]:
        request = {
            "messages": [{"role": message.role.value, "content": message.content or ""} for message in messages],
            "max_tokens": max_tokens or self.max_tokens,
            "temperature": 0,
            "seed": _SEED,
            "stream": True,
            "return_progress": True,  # a callback for each batch of the prompt, so that it can be stopped there
        }
        if grammar:
            request["grammar"] = grammar
        return _generate(self._server, request, name=self.path.name)


def _load(path: Path, *, threads: int, context_window: int) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise LanguageModelError(
            "local models need xllamacpp; install it with: pip install 'dateline[local-llm]'"
        ) from error
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = context_window
    parameters.n_parallel = 1
    parameters.n_batch = parameters.n_ubatch = _PROMPT_BATCH_TOKENS
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.cache_ram_mib = 0  # the slot keeps the last prompt; the store beside it may grow to 8 GB
    parameters.verbosity = 0
    _shut_its_http_server(parameters)
    try:
        return xllamacpp.Server(parameters)
    except Exception as error:
        raise LanguageModelError(f"{path} cannot be loaded as a GGUF model: {error}") from error


def _shut_its_http_server(parameters: Any) -> None:
    """xllamacpp always listens on loopback; a key that nobody knows leaves only its health check open."""
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.endpoint_props = False


def _generate(server: Any, request: dict[str, Any], *, name: str) -> Generator[str, None, None]:
    """Yield deltas, empty ones while the prompt is read, so that a reader can leave then too.

    llama.cpp works in a thread, which ends at its next token or batch after this generator is closed.
    """
    chunks: SimpleQueue[dict[str, Any] | Exception | None] = SimpleQueue()
    stopped = threading.Event()

    def receive(chunk: dict[str, Any]) -> bool:
        chunks.put(chunk)
        return stopped.is_set()

    def work() -> None:
        try:
            server.handle_chat_completions(request, receive)
            chunks.put(None)
        except Exception as error:
            chunks.put(error)

    # Not a daemon, even when the caller is one: llama.cpp calling back into a finished interpreter crashes.
    threading.Thread(target=work, name=f"generation by {name}", daemon=False).start()
    try:
        while (chunk := chunks.get()) is not None:
            if isinstance(chunk, Exception):
                raise LanguageModelError(f"{name} failed: {chunk}") from chunk
            if "error" in chunk:
                raise LanguageModelError(f"{name} refused: {chunk['error'].get('message', chunk['error'])}")
            for choice in chunk.get("choices", ()):
                yield choice["delta"].get("content") or ""
    finally:
        stopped.set()
