"""Fetches the pages that nobody named, where the publisher's robots.txt allows it (RFC 9309).

The rules are read by urllib.robotparser, which knows no wildcards inside a path.
"""

from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from corpus.fetching import Fetched, Fetcher, FetchError, RobotsRefusedError, StatusError


class Crawler:
    """A fetcher that asks each publisher's robots.txt first, and keeps the answer; a new one asks again."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, RobotFileParser | FetchError] = {}

    def fetch(self, url: str) -> Fetched:
        """What a URL holds now; raises FetchError, also when the rules cannot be had."""
        return self._fetcher.fetch(url, check=self._check)

    def _check(self, url: str) -> None:
        address = urljoin(url, "/robots.txt")
        rules = self._rules.get(address) or self._ask(address)
        self._rules[address] = rules
        if isinstance(rules, FetchError):
            raise rules
        try:
            is_allowed = rules.can_fetch(self._fetcher.user_agent, url)
        except ValueError:  # of the standard library's parser, for an address that is none
            is_allowed = False
        if not is_allowed:
            raise RobotsRefusedError(url, "robots.txt asks to stay away")

    def _ask(self, address: str) -> RobotFileParser | FetchError:
        """A publisher without rules allows everything."""
        rules = RobotFileParser()
        try:
            rules.parse(self._fetcher.fetch(address).body.decode("utf-8-sig", "replace").splitlines())
        except FetchError as error:
            if not isinstance(error, StatusError) or error.is_temporary or not 400 <= error.status < 500:
                return error
            rules.parse([])
        except ValueError:  # of the standard library's parser, for a number that is none
            return RobotsRefusedError(address, "cannot be understood")
        return rules
