"""Open the language model that a spec string names, as llama-index's LLM."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chat.errors import LanguageModelError
from chat.llms.connections import http_client, without_reuse
from chat.llms.model_faults import needs_package
from chat.llms.spec import LanguageModelSpec, Provider, parse_llm_spec
from chat.llms.weights import find_weights
from chat.texts.notices import Notice, NoticeKind, because

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

Report = Callable[[str], None]

_OPENAI_ADDRESS = "https://api.openai.com/v1"
_ANTHROPIC_ADDRESS = "https://api.anthropic.com"
_OUTPUT_TOKENS = 400
_CONTEXT_TOKENS = 8192
_NEEDED_MEMORY_BYTES = 4_000_000_000
_MEMORY = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccess:
    """Keys, addresses and limits for reaching a model, as the settings give them."""

    openai_api_key: str | None = field(default=None, repr=False)
    anthropic_api_key: str | None = field(default=None, repr=False)
    openai_like_api_key: str | None = field(default=None, repr=False)
    ollama_host: str = "http://127.0.0.1:11434"
    timeout_s: float = 30.0  # for one read from a server
    threads: int | None = None  # for a model in this process; None: every processor


def open_llm(
    spec: str, *, models_folder: Path, access: ModelAccess | None = None, report: Report = lambda line: None
) -> LLM | None:
    """The model that `spec` names, or None for `quotes`; raises LanguageModelError with the fix.

    `report` receives a line when the local model must first be converted, which takes about a minute.
    A remote model is not called here: its first question shows whether it answers.
    """
    understood, access = parse_llm_spec(spec), access or ModelAccess()
    match understood.provider:
        case Provider.QUOTES:
            return None
        case Provider.LOCAL:
            return _open_local(models_folder, access, report)
        case Provider.FILE:
            return _open_file(Path(understood.name).expanduser(), access)
    try:
        llm = _open_remote(understood, access)
        _ = llm.metadata  # some integrations accept only the names that they know
    except ModuleNotFoundError as error:
        raise LanguageModelError(needs_package(str(understood), understood.provider)) from error
    except ValueError as error:
        raise LanguageModelError(
            f"{understood} is not a model that the installed llama-index knows; "
            "check the name, or reach it as openai-like/NAME@URL"
        ) from error
    return llm


def _open_local(models_folder: Path, access: ModelAccess, report: Report) -> LLM:
    """On OpenVINO, or on llama.cpp where OpenVINO is missing; raises LanguageModelError where memory is short."""
    free = free_memory_bytes()
    if free is not None and free < _NEEDED_MEMORY_BYTES:
        raise LanguageModelError(Notice(NoticeKind.NO_MEMORY, f"{free / 1e9:.1f}", round(_NEEDED_MEMORY_BYTES / 1e9)))
    if not _has_openvino():
        return _open_file(find_weights(models_folder), access)
    from chat.llms.openvino_files import find_openvino_files
    from chat.llms.openvino_llm import OpenVinoLLM

    return OpenVinoLLM(path=find_openvino_files(models_folder, report=report), threads=_threads(access))


def free_memory_bytes(record: Path = _MEMORY) -> int | None:
    """The memory that programs can still take, by Linux's own record; None on other systems."""
    try:
        line = next(line for line in record.read_text().splitlines() if line.startswith("MemAvailable:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def _has_openvino() -> bool:
    try:
        import gguf  # noqa: F401
        import openvino_genai  # noqa: F401
    except (ImportError, OSError):  # not installed, or a system library is missing
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
        client=Client(access.ollama_host, timeout=access.timeout_s, limits=without_reuse()),
        temperature=0,
        context_window=_CONTEXT_TOKENS,  # without it the client asks the server
        additional_kwargs={"num_predict": _OUTPUT_TOKENS},
        is_function_calling_model=False,
    )
    return llm


def _open_openai(spec: LanguageModelSpec, access: ModelAccess) -> LLM:
    from llama_index.llms.openai import OpenAI

    return OpenAI(
        model=spec.name,
        api_key=_key(spec, access.openai_api_key, "OPENAI_API_KEY"),
        api_base=_OPENAI_ADDRESS,  # without it the client reads the environment
        timeout=access.timeout_s,
        max_retries=0,
        temperature=0,
        max_tokens=_OUTPUT_TOKENS,
        http_client=http_client(),
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
        api_key=access.openai_like_api_key or "none",  # servers often need no key; the client refuses ""
        timeout=access.timeout_s,
        max_retries=0,
        temperature=0,
        max_tokens=_OUTPUT_TOKENS,
        http_client=http_client(),
        context_window=_CONTEXT_TOKENS,
        is_chat_model=True,
    )
    return llm


def _key(spec: LanguageModelSpec, key: str | None, setting: str) -> str:
    if not key:
        raise LanguageModelError(because(NoticeKind.NO_KEY, spec, setting))
    return key
