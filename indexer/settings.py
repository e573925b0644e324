"""What a user may set for an archive, read from the command line, the environment or `.env` by an entry point."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic_settings import BaseSettings, SettingsConfigDict

from indexer.embedding import PACKAGED_MODEL


class IndexSettings(BaseSettings):
    """Given values come before `DATELINE_...` variables, these before `.env`, this before the defaults."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", env_file=".env", extra="ignore")

    data: Path = Path("data")
    embedding: str = PACKAGED_MODEL


Settings = TypeVar("Settings", bound=IndexSettings)


def settings_of(kind: type[Settings], **given: Any) -> Settings:
    """The settings, with what was given on the command line before everything else; None is what was not given."""
    return kind(**{name: value for name, value in given.items() if value is not None})
