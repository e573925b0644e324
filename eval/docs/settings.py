"""The table of settings: environment variables and their defaults, read from the settings class."""

from collections.abc import Iterator
from typing import Any

from pydantic import AliasChoices

from chat.settings import ChatSettings

_PREFIX = str(ChatSettings.model_config.get("env_prefix", ""))


def settings_text() -> str:
    """One row per setting."""
    return "\n".join(["| variable | default |", "| --- | --- |", *_rows()])


def _rows() -> Iterator[str]:
    for name, field in ChatSettings.model_fields.items():
        yield f"| `{_variable(name, field.validation_alias)}` | {_default(field.default)} |"


def _variable(name: str, alias: Any) -> str:
    if isinstance(alias, AliasChoices):
        return next(str(one) for one in alias.choices if str(one).isupper())
    return f"{_PREFIX}{name.upper()}"


def _default(value: Any) -> str:
    return "none" if value is None else f"`{value}`"
