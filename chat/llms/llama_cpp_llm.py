"""A GGUF model on llama.cpp."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, LogProb
from pydantic import PrivateAttr

from chat.errors import LanguageModelError
from chat.llms.local_llm import LocalLLM, OnText
from chat.llms.model_faults import broken, needs_package
from chat.llms.turns import Turns

_PROMPT_BATCH_TOKENS = 128  # cancelling while the prompt is read takes one batch
_SEED = 7


class LlamaCppLLM(LocalLLM):
    """Any GGUF chat model; a prompt that shares its beginning with the previous one reuses its cache."""

    _server: Any = PrivateAttr()
    _turns: Turns = PrivateAttr(default_factory=Turns)

    def model_post_init(self, context: Any, /) -> None:
        """Load the file; raises LanguageModelError when llama.cpp cannot."""
        super().model_post_init(context)
        self._server = _load(self.path, threads=self.threads, context_window=self.context_window)

    @classmethod
    def class_name(cls) -> str:
        """The name under which llama-index reports it."""
        return "LlamaCppLLM"

    def _generate(self, messages: Sequence[ChatMessage], max_tokens: int, on_text: OnText) -> None:
        def receive(chunk: dict[str, Any]) -> bool:
            return on_text("".join(choice["delta"].get("content") or "" for choice in chunk.get("choices", ())))

        # A callback after each batch of the prompt, so that the request can be cancelled there.
        self._request(messages, receive, max_tokens=max_tokens, stream=True, return_progress=True)

    def _first_token(self, messages: Sequence[ChatMessage]) -> LogProb:
        replies: list[dict[str, Any]] = []

        def receive(reply: dict[str, Any]) -> bool:
            replies.append(reply)
            return False

        self._request(messages, receive, max_tokens=1, logprobs=True, top_logprobs=1)
        first = replies[0]["choices"][0]["logprobs"]["content"][0]
        return LogProb(token=first["token"], logprob=first["logprob"])

    def _request(
        self, messages: Sequence[ChatMessage], receive: Callable[[dict[str, Any]], bool], **options: Any
    ) -> None:
        chat = [{"role": message.role.value, "content": message.content or ""} for message in messages]
        refusals: list[str] = []

        def receive_or_refuse(chunk: dict[str, Any]) -> bool:
            if "error" in chunk:
                refusals.append(str(chunk["error"].get("message", chunk["error"])))
                return True
            return receive(chunk)

        try:
            with self._turns.one(self.path.name):
                self._server.handle_chat_completions(
                    {"messages": chat, "temperature": 0, "seed": _SEED, **options}, receive_or_refuse
                )
        except LanguageModelError:
            raise
        except Exception as error:
            raise LanguageModelError(broken(self.path.name, error)) from error
        if refusals:
            raise LanguageModelError(f"{self.path.name} refused: {refusals[0]}")


def _load(path: Path, *, threads: int, context_window: int) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise LanguageModelError(needs_package("xllamacpp", "local-llm")) from error
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = context_window
    parameters.n_parallel = 1
    parameters.n_batch = parameters.n_ubatch = _PROMPT_BATCH_TOKENS
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.cache_ram_mib = 0  # the slot itself keeps the last prompt; the extra cache may grow to 8 GB
    parameters.verbosity = 0
    _lock_http_server(parameters)
    try:
        server = xllamacpp.Server(parameters)
        _wait_until_running(server)
    except Exception as error:
        raise LanguageModelError(f"{path} cannot be loaded as a GGUF model: {error}") from error
    return server


def _wait_until_running(server: Any) -> None:
    """Wait until the server's loop answers: releasing a server before its loop runs hangs for ever."""
    server.handle_completions({"prompt": "a", "n_predict": 1}, lambda chunk: True)


def _lock_http_server(parameters: Any) -> None:
    """Leave only the health check open: xllamacpp always listens on loopback, so require a random key."""
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.endpoint_props = False
