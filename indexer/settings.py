"""Settings of an archive, read by entry points from the command line, the environment or `.env`."""

import contextlib
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from indexer.embedding.model import PACKAGED_MODEL
from indexer.errors import ChromaServerError
from indexer.storage.lock import require_folder


class IndexSettings(BaseSettings):
    """Given values take precedence over `DATELINE_...` variables, these over `.env`, and that over the defaults."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", env_file=".env", extra="ignore")

    data: Path = Path("data")
    embedding: str = PACKAGED_MODEL
    chroma: str | None = None  # the address of a Chroma server; else Chroma runs in this process

    @field_validator("chroma")
    @classmethod
    def _is_an_address(cls, given: str | None) -> str | None:
        """Raises ChromaServerError for anything but an http(s) address with a host; empty means none."""
        parts = urlsplit(given or "")
        with contextlib.suppress(ValueError):
            if not given or (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
                return given or None
        raise ChromaServerError(
            f"{given!r} is not the address of a Chroma server; give one such as http://127.0.0.1:8000"
        )


Settings = TypeVar("Settings", bound=IndexSettings)


def settings_for_reading(kind: type[Settings], **given: Any) -> Settings:
    """As `settings_of`, for a command that makes no archive; raises ArchiveError when there is no such data folder."""
    settings = settings_of(kind, **given)
    require_folder(settings.data)
    return settings


def settings_of(kind: type[Settings], **given: Any) -> Settings:
    """The settings, with precedence for values given on the command line; None means not given."""
    return kind(**{name: value for name, value in given.items() if value is not None})
