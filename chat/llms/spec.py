"""The spec string of a language model, read."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from chat.errors import LanguageModelError

FORMS = "quotes | local | PATH.gguf | ollama/NAME | openai/NAME | anthropic/NAME | openai-like/NAME@URL"

_NAME = re.compile(r"[\w][\w.:/@+-]{0,199}", re.ASCII)
_NAME_AT_ADDRESS = re.compile(r"(?P<name>.+?)@(?P<address>https?://.*)", re.DOTALL)


class Provider(StrEnum):
    """Who runs the model."""

    QUOTES = "quotes"  # no model: answers are quotations
    LOCAL = "local"
    FILE = "file"
    OLLAMA = "ollama"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    OPENAI_LIKE = "openai-like"


@dataclass(frozen=True, slots=True)
class LanguageModelSpec:
    """A parsed spec string."""

    provider: Provider
    name: str = ""  # as the provider knows it; the path of a file
    address: str = ""  # for an OpenAI-like server

    def __str__(self) -> str:
        if self.provider is Provider.FILE:
            return self.name
        name = f"{self.provider}/{self.name}" if self.name else str(self.provider)
        return f"{name}@{self.address}" if self.address else name


def parse_llm_spec(spec: str) -> LanguageModelSpec:
    """Parse `quotes | local | PATH.gguf | ollama/NAME | openai/NAME | anthropic/NAME | openai-like/NAME@URL`."""
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
