"""Fetches pages that no user named, where the publisher's robots.txt allows it (RFC 9309)."""

from urllib.parse import urljoin

from protego import Protego

from corpus.fetching.errors import FetchError, RobotsRefusedError, StatusError
from corpus.fetching.fetcher import Fetched, Fetcher

_MAX_RULES_BYTES = 512_000  # RFC 9309 asks for 500 KiB; half a million rules would cost seconds


class Crawler:
    """A fetcher that reads each publisher's robots.txt first, and keeps it; a new one reads it again."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, Protego | FetchError] = {}

    def fetch(self, url: str) -> Fetched:
        """The current answer of a URL; raises FetchError, also when robots.txt cannot be fetched."""
        return self._fetcher.fetch(url, check=self._check)

    def _check(self, url: str) -> None:
        address = urljoin(url, "/robots.txt")
        rules = self._rules.get(address) or self._fetch_rules(address)
        self._rules[address] = rules
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(url, self._fetcher.user_agent):
            raise RobotsRefusedError(url, "robots.txt disallows it")

    def _fetch_rules(self, address: str) -> Protego | FetchError:
        """The rules of a publisher; one that has no robots.txt allows everything."""
        try:
            content = self._fetcher.fetch(address).body
        except FetchError as error:
            if not isinstance(error, StatusError) or error.is_temporary or not 400 <= error.status < 500:
                return error
            content = b""
        return Protego.parse(content[:_MAX_RULES_BYTES].decode("utf-8-sig", "replace"))
