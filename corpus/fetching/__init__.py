"""Fetching: pages and feeds over http(s) from public addresses; the only code that opens a URL."""

from corpus.fetching.errors import (
    AddressRefusedError,
    FetchError,
    FetchTimeoutError,
    RobotsRefusedError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from corpus.fetching.fetcher import USER_AGENT, Fetched, Fetcher, Limits, Validators
from corpus.fetching.hosts import is_public, resolve
from corpus.fetching.robots import Crawler

__all__ = [
    "USER_AGENT",
    "AddressRefusedError",
    "Crawler",
    "FetchError",
    "FetchTimeoutError",
    "Fetched",
    "Fetcher",
    "Limits",
    "RobotsRefusedError",
    "StatusError",
    "TooLargeError",
    "UnreachableError",
    "Validators",
    "is_public",
    "resolve",
]
