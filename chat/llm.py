"""Language models by one spec string, as llama-index's LLM."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chat.errors import LanguageModelError
from chat.weights import OnProgress, find_weights

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

FORMS = "quotes | local | PATH.gguf | ollama/NAME | openai/NAME | anthropic/NAME | openai-like/NAME@URL"

_NAME = re.compile(r"[\w][\w.:/@+-]{0,199}", re.ASCII)
_NAME_AT_ADDRESS = re.compile(r"(?P<name>.+?)@(?P<address>https?://.*)", re.DOTALL)
_OPENAI_ADDRESS = "https://api.openai.com/v1"
_ANTHROPIC_ADDRESS = "https://api.anthropic.com"
_OUTPUT_TOKENS = 400
_CONTEXT_TOKENS = 8192


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
    spec: str, *, models_folder: Path, access: ModelAccess | None = None, on_progress: OnProgress | None = None
) -> LLM | None:
    """The model that `spec` names, or None for `quotes`; raises LanguageModelError with what to do.

    Remote models are not called here: whether one answers is seen when it is first asked.
    """
    understood, access = parse_llm_spec(spec), access or ModelAccess()
    match understood.provider:
        case Provider.QUOTES:
            return None
        case Provider.LOCAL:
            return _open_file(find_weights(models_folder, on_progress=on_progress), access)
        case Provider.FILE:
            return _open_file(Path(understood.name).expanduser(), access)
    try:
        llm = _open_remote(understood, access)
        _ = llm.metadata  # some integrations only know some names
    except ModuleNotFoundError as error:
        raise LanguageModelError(
            f"{understood} needs a package that is not installed; "
            f"install it with: pip install 'dateline[{understood.provider}]'"
        ) from error
    except ValueError as error:
        raise LanguageModelError(
            f"{understood} is not a model that the installed llama-index knows; "
            "check the name, or reach it as openai-like/NAME@URL"
        ) from error
    return llm


def _open_file(path: Path, access: ModelAccess) -> LLM:
    if not path.is_file():
        raise LanguageModelError(f"no model file at {path}; check the path, or use: local")
    from chat.local_llm import LocalLLM

    return LocalLLM(path=path, threads=access.threads or os.cpu_count() or 1)


def _open_remote(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    if spec.provider is Provider.OLLAMA:
        return _open_ollama(spec, access)
    if spec.provider is Provider.OPENAI:
        return _open_openai(spec, access)
    if spec.provider is Provider.ANTHROPIC:
        return _open_anthropic(spec, access)
    return _open_openai_like(spec, access)


def _open_ollama(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    from llama_index.llms.ollama import Ollama  # type: ignore[import-untyped]

    llm: LLM = Ollama(
        model=spec.name,
        base_url=access.ollama_host,
        request_timeout=access.timeout_s,
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
    from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]

    llm: LLM = OpenAILike(
        model=spec.name,
        api_base=spec.address,
        api_key=access.openai_like_api_key or "none",  # many such servers want no key; the client wants a word
        timeout=access.timeout_s,
        max_retries=0,
        temperature=0,
        max_tokens=_OUTPUT_TOKENS,
        context_window=_CONTEXT_TOKENS,
        is_chat_model=True,
    )
    return llm


def _key(spec: LanguageModelSpec, key: str | None, setting: str) -> str:
    if not key:
        raise LanguageModelError(f"{spec} needs a key; set {setting}")
    return key
