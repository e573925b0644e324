"""Fetches pages and feeds, one request at a time a host, and none before the moment that a host named (Retry-After).

No cookies, no proxies, no credentials. The system resolves names, within the system's own time limit.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urljoin

from corpus.fetching.errors import AddressRefusedError, FetchError, PostponedError, StatusError, UnreachableError
from corpus.fetching.hosts import is_public, resolve
from corpus.fetching.request import Deadline, Target, TimedSocket, body_of, map_errors, send, target_of
from corpus.fetching.retry_after import retry_moment

USER_AGENT = "Dateline/0.1 (+news archive reader)"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost."""

    body_bytes: int = 10_000_000  # decompressed
    connect_seconds: float = 10.0
    silence_seconds: float = 20.0  # the longest wait for the next byte
    total_seconds: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of an answer, for a conditional request next time (RFC 9110, section 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer; `body` is decompressed, and empty when nothing changed since the last request."""

    url: str  # where the last redirect led
    body: bytes
    content_type: str  # as sent, with its charset
    validators: Validators
    fetched_at: datetime
    not_modified: bool = False

    @property
    def media_type(self) -> str:
        """The media type, `text/html` when the publisher sent none."""
        return self._described.get_content_type() if self.content_type.strip() else "text/html"

    @property
    def charset(self) -> str | None:
        """The encoding that the publisher named."""
        return self._described.get_content_charset()

    @property
    def _described(self) -> Message:
        described = Message()
        described["Content-Type"] = self.content_type
        return described


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Turn:
    """The lock of a host, when the next request to it may start, and until when it asked for none."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at = 0.0
        self.retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches URLs, one request at a time a host; threads may share it.

    `allow_private` turns the check by `is_public` off, for intranets and tests. `resolve` maps a host name and a port
    to IP addresses; it is called once a request, and the connection goes to one of the addresses that it returned.
    """

    clock: Callable[[], datetime] = _utc_now
    allow_private: bool = False
    user_agent: str = USER_AGENT
    limits: Limits = Limits()
    delay_seconds: float = 1.0  # between two requests to one host
    resolve: Callable[[str, int], list[str]] = resolve
    is_public: Callable[[IPv4Address | IPv6Address], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _turns: dict[str, _Turn] = field(default_factory=dict, init=False)
    _turns_lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def fetch(
        self, url: str, *, validators: Validators | None = None, check: Callable[[str], None] | None = None
    ) -> Fetched:
        """The current answer of a URL; raises FetchError.

        `check` is called with each URL before it is requested, redirects included, and raises to refuse it.
        """
        asked = url
        for _ in range(self.limits.redirects + 1):
            if check:
                check(asked)
            answer = self._ask(asked, validators or Validators())
            if isinstance(answer, Fetched):
                return answer
            asked = answer
        raise FetchError(url, f"more than {self.limits.redirects} redirects")

    def _ask(self, url: str, validators: Validators) -> Fetched | str:
        """One request: the answer, or the URL that it redirects to."""
        target = target_of(url)
        with map_errors(url):
            addresses = self._checked_addresses(target)
            with self._turn(target):
                deadline = Deadline(self.limits.total_seconds)
                with self._connect(target, addresses, deadline) as connected:
                    timed = TimedSocket(connected, deadline, self.limits.silence_seconds)
                    return self._answer(target, send(target, timed, self._headers(target, validators)), validators)

    def _checked_addresses(self, target: Target) -> list[str]:
        addresses = [ip_address(address) for address in self.resolve(target.host, target.port)]
        if not addresses:
            raise UnreachableError(target.url, "the host has no address")
        if not self.allow_private and not all(map(self.is_public, addresses)):
            raise AddressRefusedError(target.url, "leads to a private address; for an intranet, use --allow-private")
        return [str(address) for address in addresses]

    @contextmanager
    def _turn(self, target: Target) -> Iterator[None]:
        with self._turns_lock:
            turn = self._turns.setdefault(target.host, _Turn())
        with turn.lock:
            if turn.retry_at and self.clock() < turn.retry_at:
                raise PostponedError(target.url, turn.retry_at)
            time.sleep(max(0.0, turn.free_at - time.monotonic()))
            try:
                yield
            except StatusError as error:
                turn.retry_at = error.retry_at
                raise
            finally:
                turn.free_at = time.monotonic() + self.delay_seconds

    def _connect(self, target: Target, addresses: list[str], deadline: Deadline) -> socket.socket:
        failure = OSError("no connection")
        for address in addresses:
            try:
                seconds = deadline.left(self.limits.connect_seconds)
                connected = socket.create_connection((address, target.port), timeout=seconds)
                break
            except OSError as error:
                failure = error
        else:
            raise failure
        if not target.is_https:
            return connected
        with connected:  # wrap_socket takes over the file descriptor
            return self.tls.wrap_socket(connected, server_hostname=target.host.rstrip("."))

    def _headers(self, target: Target, validators: Validators) -> dict[str, str]:
        headers = {
            "Host": target.host_header,
            "User-Agent": self.user_agent,
            "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        return headers

    def _answer(self, target: Target, response: http.client.HTTPResponse, asked: Validators) -> Fetched | str:
        location = response.getheader("Location")
        if response.status in _REDIRECTS and location:
            return urljoin(target.url, location)
        not_modified = response.status == 304 and asked != Validators()
        if response.status != 200 and not not_modified:
            retry_at = retry_moment(response.status, response.getheader("Retry-After"), self.clock())
            raise StatusError(target.url, response.status, response.reason, retry_at)
        return Fetched(
            url=target.url,
            body=b"" if not_modified else body_of(target.url, response, self.limits.body_bytes),
            content_type=response.getheader("Content-Type", ""),
            validators=Validators(response.getheader("ETag"), response.getheader("Last-Modified")),
            fetched_at=self.clock(),
            not_modified=not_modified,
        )
