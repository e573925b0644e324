"""Why a URL was not fetched.

FetchError                every reason why a URL was not fetched
├── AddressRefusedError   a private address, a scheme other than http(s), or a URL with a password
├── RobotsRefusedError    the publisher's robots.txt disallows it
├── FetchTimeoutError     it took longer than its limit
├── TooLargeError         it is larger than its limit
├── StatusError           the publisher answered with an error: 404, 503
├── PostponedError        the publisher asked to be left alone until later (Retry-After); nothing was requested
└── UnreachableError      no answer, or one that is not HTTP
"""

from datetime import datetime

from corpus.article import CorpusError, Trouble

_TEMPORARY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class FetchError(CorpusError):
    """A URL that was not fetched, and why."""

    is_temporary = False  # whether asking again later may help
    retry_at: datetime | None = None  # the publisher asked for no request before

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class AddressRefusedError(FetchError):
    """A URL that leads to a private address, or that is not a plain http(s) URL."""

    trouble = Trouble.ADDRESS_REFUSED


class RobotsRefusedError(FetchError):
    """A page that the publisher's robots.txt disallows."""

    trouble = Trouble.DISALLOWED


class FetchTimeoutError(FetchError):
    """A publisher that took too long."""

    trouble = Trouble.TOO_SLOW
    is_temporary = True


class TooLargeError(FetchError):
    """An answer that is larger than its limit, as sent or after decompression."""

    trouble = Trouble.TOO_LARGE


class StatusError(FetchError):
    """An HTTP answer with a status other than 200."""

    trouble = Trouble.ANSWERED_WITH_ERROR

    def __init__(self, url: str, status: int, phrase: str, retry_at: datetime | None = None) -> None:
        super().__init__(url, f"{status} {phrase}".strip())
        self.status = status
        self.is_temporary = status in _TEMPORARY_STATUSES
        self.retry_at = retry_at


class PostponedError(FetchError):
    """A host that asked to be left alone until later."""

    trouble = Trouble.POSTPONED
    is_temporary = True

    def __init__(self, url: str, retry_at: datetime) -> None:
        super().__init__(url, f"the publisher asked for no request before {retry_at:%d %B %Y %H:%M:%S} UTC")
        self.retry_at = retry_at


class UnreachableError(FetchError):
    """No connection, or an answer that is not HTTP."""

    trouble = Trouble.UNREACHABLE
    is_temporary = True
