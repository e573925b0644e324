"""Language models by one spec string, opened as llama-index's LLM and streamed within deadlines."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chat.errors import LanguageModelError
from chat.llms.model_faults import AbsurdReplyError, fault_of
from chat.llms.weights import find_weights

if TYPE_CHECKING:
    import httpx
    from llama_index.core.llms import LLM, ChatMessage

FORMS = "quotes | local | PATH.gguf | ollama/NAME | openai/NAME | anthropic/NAME | openai-like/NAME@URL"

Tell = Callable[[str], None]

_NAME = re.compile(r"[\w][\w.:/@+-]{0,199}", re.ASCII)
_NAME_AT_ADDRESS = re.compile(r"(?P<name>.+?)@(?P<address>https?://.*)", re.DOTALL)
_OPENAI_ADDRESS = "https://api.openai.com/v1"
_ANTHROPIC_ADDRESS = "https://api.anthropic.com"
_OUTPUT_TOKENS = 400
_CONTEXT_TOKENS = 8192
_ATTEMPTS = 3
_BACKOFF_S = 0.5  # doubled at each attempt
_STOP_CHECK_S = 0.05

# OpenAI's client leaves the connection of a reply that was not read to its end to the garbage collector.
_opened_responses: ContextVar[list[httpx.Response]] = ContextVar("opened_responses")


class Provider(StrEnum):
    """Who runs the model."""

    QUOTES = "quotes"  # nobody: answers are quotations
    LOCAL = "local"
    FILE = "file"
    OLLAMA = "ollama"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    OPENAI_LIKE = "openai-like"


@dataclass(frozen=True, slots=True)
class LanguageModelSpec:
    """A spec string, understood."""

    provider: Provider
    name: str = ""  # the model's name there; a path for a file
    address: str = ""  # for an OpenAI-like server

    def __str__(self) -> str:
        if self.provider is Provider.FILE:
            return self.name
        name = f"{self.provider}/{self.name}" if self.name else str(self.provider)
        return f"{name}@{self.address}" if self.address else name


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccess:
    """What it takes to reach a model; the caller reads it from its settings."""

    openai_api_key: str | None = field(default=None, repr=False)
    anthropic_api_key: str | None = field(default=None, repr=False)
    openai_like_api_key: str | None = field(default=None, repr=False)
    ollama_host: str = "http://127.0.0.1:11434"
    timeout_s: float = 30.0  # for one read from a server
    threads: int | None = None  # for a model in this process; None: every processor


def parse_llm_spec(spec: str) -> LanguageModelSpec:
    """Understand `quotes | local | PATH.gguf | ollama/NAME | openai/NAME | anthropic/NAME | openai-like/NAME@URL`."""
    spec = spec.strip()
    if spec in (Provider.QUOTES, Provider.LOCAL):
        return LanguageModelSpec(Provider(spec))
    if spec.lower().endswith(".gguf"):
        return LanguageModelSpec(Provider.FILE, spec)
    provider, _, name = spec.partition("/")
    if provider == Provider.OPENAI_LIKE:
        return _parse_openai_like(spec, name)
    if provider in (Provider.OLLAMA, Provider.OPENAI, Provider.ANTHROPIC) and _NAME.fullmatch(name):
        return LanguageModelSpec(Provider(provider), name)
    raise LanguageModelError(f"{spec!r} names no language model; the forms are: {FORMS}")


def _parse_openai_like(spec: str, rest: str) -> LanguageModelSpec:
    match = _NAME_AT_ADDRESS.fullmatch(rest)
    if not match or not _NAME.fullmatch(match["name"]):
        raise LanguageModelError(f"{spec!r} names no model and address; the form is: openai-like/NAME@http://HOST/v1")
    try:
        parts = urlsplit(match["address"])
        usable = bool(parts.hostname and parts.port != 0 and not re.search(r"\s", match["address"]))
    except ValueError:
        usable = False
    if not usable or parts.username is not None:
        raise LanguageModelError(f"the address in {spec!r} cannot be used; the form is: http://HOST/v1")
    return LanguageModelSpec(Provider.OPENAI_LIKE, match["name"], match["address"])


def open_llm(
    spec: str, *, models_folder: Path, access: ModelAccess | None = None, tell: Tell = lambda line: None
) -> LLM | None:
    """The model that `spec` names, or None for `quotes`; raises LanguageModelError with what to do.

    `tell` is given a line when the local model has first to be made ready, which takes about a minute.
    Remote models are not called here: whether one answers is seen when it is first asked.
    """
    understood, access = parse_llm_spec(spec), access or ModelAccess()
    match understood.provider:
        case Provider.QUOTES:
            return None
        case Provider.LOCAL:
            return _open_local(models_folder, access, tell)
        case Provider.FILE:
            return _open_file(Path(understood.name).expanduser(), access)
    try:
        llm = _open_remote(understood, access)
        _ = llm.metadata  # some integrations only know some names
    except ModuleNotFoundError as error:
        raise LanguageModelError(
            f"{understood} needs a package that is not installed; "
            f"install it with: pip install -e '.[{understood.provider}]'"
        ) from error
    except ValueError as error:
        raise LanguageModelError(
            f"{understood} is not a model that the installed llama-index knows; "
            "check the name, or reach it as openai-like/NAME@URL"
        ) from error
    return llm


def _open_local(models_folder: Path, access: ModelAccess, tell: Tell) -> LLM:
    """On OpenVINO, or on llama.cpp where that is not to be had."""
    if not _has_openvino():
        return _open_file(find_weights(models_folder), access)
    from chat.llms.openvino_files import find_openvino_files
    from chat.llms.openvino_llm import OpenVinoLLM

    return OpenVinoLLM(path=find_openvino_files(models_folder, tell=tell), threads=_threads(access))


def _has_openvino() -> bool:
    try:
        import gguf  # noqa: F401
        import openvino_genai  # noqa: F401
    except (ImportError, OSError):  # not installed, or a library of the system that it needs is missing
        return False
    return True


def _open_file(path: Path, access: ModelAccess) -> LLM:
    if not path.is_file():
        raise LanguageModelError(f"no model file at {path}; check the path, or use: local")
    from chat.llms.llama_cpp_llm import LlamaCppLLM

    return LlamaCppLLM(path=path, threads=_threads(access))


def _threads(access: ModelAccess) -> int:
    return access.threads or os.cpu_count() or 1


def _open_remote(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    if spec.provider is Provider.OLLAMA:
        return _open_ollama(spec, access)
    if spec.provider is Provider.OPENAI:
        return _open_openai(spec, access)
    if spec.provider is Provider.ANTHROPIC:
        return _open_anthropic(spec, access)
    return _open_openai_like(spec, access)


def _open_ollama(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    llm: LLM = Ollama(
        model=spec.name,
        client=Client(access.ollama_host, timeout=access.timeout_s, limits=_one_request_a_connection()),
        temperature=0,
        context_window=_CONTEXT_TOKENS,  # left out, the server is asked for it
        additional_kwargs={"num_predict": _OUTPUT_TOKENS},
        is_function_calling_model=False,
    )
    return llm


def _open_openai(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    from llama_index.llms.openai import OpenAI

    return OpenAI(
        model=spec.name,
        api_key=_key(spec, access.openai_api_key, "OPENAI_API_KEY"),
        api_base=_OPENAI_ADDRESS,  # left out, the environment is read
        timeout=access.timeout_s,
        max_retries=0,
        temperature=0,
        max_tokens=_OUTPUT_TOKENS,
        http_client=_http_client(),
    )


def _open_anthropic(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    from llama_index.llms.anthropic import Anthropic

    return Anthropic(
        model=spec.name,
        api_key=_key(spec, access.anthropic_api_key, "ANTHROPIC_API_KEY"),
        base_url=_ANTHROPIC_ADDRESS,
        timeout=access.timeout_s,
        max_retries=0,
        temperature=0,
        max_tokens=_OUTPUT_TOKENS,
    )


def _open_openai_like(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    from llama_index.llms.openai_like import OpenAILike

    llm: LLM = OpenAILike(
        model=spec.name,
        api_base=spec.address,
        api_key=access.openai_like_api_key or "none",  # many such servers want no key; the client wants a word
        timeout=access.timeout_s,
        max_retries=0,
        temperature=0,
        max_tokens=_OUTPUT_TOKENS,
        http_client=_http_client(),
        context_window=_CONTEXT_TOKENS,
        is_chat_model=True,
    )
    return llm


def _http_client() -> httpx.Client:
    import httpx

    def remember(response: httpx.Response) -> None:
        if (opened := _opened_responses.get(None)) is not None:
            opened.append(response)

    return httpx.Client(event_hooks={"response": [remember]}, limits=_one_request_a_connection())


def _one_request_a_connection() -> httpx.Limits:
    """Nothing is won by keeping a connection for minutes, and a kept one may be dead when it is used."""
    import httpx

    return httpx.Limits(max_keepalive_connections=0)


def _key(spec: LanguageModelSpec, key: str | None, setting: str) -> str:
    if not key:
        raise LanguageModelError(f"{spec} needs a key; set {setting}")
    return key


def stream_within(
    llm: LLM,
    messages: Sequence[ChatMessage],
    *,
    first_token_s: float,
    total_s: float,
    stop: threading.Event,
    max_characters: int = 8000,
    options: Mapping[str, Any] = MappingProxyType({}),
) -> Generator[str, None, None]:
    """Yield what the model writes, as it writes it; ends early, without an error, once `stop` is set.

    A connection that fails, a 429 or a 5xx is tried again while nothing was written yet. Whatever else goes wrong is a
    LanguageModelError. `options` go to the model's `stream_chat`. Closing the iterator stops the model.
    """
    model, started = llm.metadata.model_name, time.monotonic()
    first_deadline, deadline = started + min(first_token_s, total_s), started + total_s
    for attempt in range(_ATTEMPTS):
        wrote = False
        try:
            for delta in _deltas(llm, messages, options, max_characters, first_deadline, deadline, stop):
                wrote = True
                yield delta
            return
        except Exception as error:
            fault = fault_of(error, model)
            delay_s = _BACKOFF_S * 2**attempt if fault.retry_after_s is None else fault.retry_after_s
            in_time = attempt + 1 < _ATTEMPTS and time.monotonic() + delay_s < first_deadline
            if wrote or not fault.retryable or not in_time:
                raise fault.error from error
        if stop.wait(delay_s):
            return


def _deltas(
    llm: LLM,
    messages: Sequence[ChatMessage],
    options: Mapping[str, Any],
    max_characters: int,
    first_deadline: float,
    deadline: float,
    stop: threading.Event,
) -> Iterator[str]:
    """One request, read in a thread of its own so that nobody waits past a deadline; raises what the client raises."""
    events: SimpleQueue[str | Exception | None] = SimpleQueue()
    abandoned = threading.Event()
    # A daemon: a socket that hangs must not keep the process alive.
    threading.Thread(
        target=_read, args=(llm, messages, options, max_characters, events, abandoned), name="reply", daemon=True
    ).start()
    wrote = False
    try:
        while (event := _next_event(events, deadline if wrote else first_deadline, stop)) is not None:
            if isinstance(event, Exception):
                raise event
            wrote = True
            yield event
        if not wrote and not stop.is_set():
            raise AbsurdReplyError("wrote nothing; try again or choose another")
    finally:
        abandoned.set()


def _next_event(
    events: SimpleQueue[str | Exception | None], deadline: float, stop: threading.Event
) -> str | Exception | None:
    """What the model wrote next; None at its end, and once `stop` is set."""
    while not stop.is_set():
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        try:
            return events.get(timeout=min(left_s, _STOP_CHECK_S))
        except Empty:
            continue
    return None


def _read(
    llm: LLM,
    messages: Sequence[ChatMessage],
    options: Mapping[str, Any],
    max_characters: int,
    events: SimpleQueue[str | Exception | None],
    abandoned: threading.Event,
) -> None:
    characters, finished = 0, None
    opened: list[httpx.Response] = []
    _opened_responses.set(opened)
    try:
        with closing(llm.stream_chat(messages, **options)) as replies:
            for reply in replies:
                if abandoned.is_set():
                    return
                characters += len(reply.delta or "")
                if characters > max_characters:
                    raise AbsurdReplyError(f"wrote more than {max_characters} characters; choose another")
                if reply.delta:
                    events.put(reply.delta)
                finished = finished or _says_finished(reply.raw)
        events.put(None if finished in (True, None) else AbsurdReplyError("was cut off before its end; try again"))
    except Exception as error:
        events.put(error)
    finally:
        for response in opened:
            response.close()


def _says_finished(raw: Any) -> bool | None:
    """Whether a server's own record says that the reply is complete; None where it has no word for it."""
    if isinstance(raw, Mapping):
        return bool(raw["done"]) if "done" in raw else None
    choices = getattr(raw, "choices", None)
    return choices[0].finish_reason is not None if choices else None
