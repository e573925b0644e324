"""Fetches the pages that nobody named, where the publisher's robots.txt allows it (RFC 9309).

The rules are read by urllib.robotparser, which knows no wildcards inside a path.
"""

from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from corpus.fetching import Fetched, Fetcher, FetchError, RobotsRefusedError, StatusError

_NOTHING_ALLOWED = ["User-agent: *", "Disallow: /"]


class Crawler:
    """A fetcher that asks each publisher's robots.txt first, once; a new one asks again."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, RobotFileParser] = {}

    def fetch(self, url: str) -> Fetched:
        """What a URL holds now; raises FetchError."""
        return self._fetcher.fetch(url, check=self._check)

    def _check(self, url: str) -> None:
        try:
            allowed = self._rules_for(url).can_fetch(self._fetcher.user_agent, url)
        except ValueError:  # the standard library's parser, on rules or addresses that are none
            allowed = False
        if not allowed:
            raise RobotsRefusedError(url, "robots.txt asks to stay away, or could not be read")

    def _rules_for(self, url: str) -> RobotFileParser:
        address = urljoin(url, "/robots.txt")
        if address not in self._rules:
            rules = RobotFileParser()
            rules.parse(self._lines(address))
            self._rules[address] = rules
        return self._rules[address]

    def _lines(self, address: str) -> list[str]:
        """A publisher without rules allows everything; one whose rules cannot be had allows nothing."""
        try:
            return self._fetcher.fetch(address).body.decode("utf-8-sig", "replace").splitlines()
        except FetchError as error:
            has_none = isinstance(error, StatusError) and 400 <= error.status < 500 and not error.is_temporary
            return [] if has_none else _NOTHING_ALLOWED
