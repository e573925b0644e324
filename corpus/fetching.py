"""Fetches pages and feeds over http(s) from public addresses: the only code that opens a URL.

    FetchError                every reason why a URL was not fetched
    ├── AddressRefusedError   it leads where no news comes from: a private address, another scheme, a password
    ├── RobotsRefusedError    the publisher's robots.txt asks to stay away
    ├── FetchTimeoutError     it took longer than its limit
    ├── TooLargeError         it is bigger than its limit
    ├── StatusError           the publisher answered, but not with a page: 404, 503
    └── UnreachableError      no answer, or not one that is HTTP

No cookies, no proxies, no credentials. The name lookup is the system's and keeps the system's own time limit.
"""

import gzip
import http.client
import io
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from corpus.article import CorpusError

USER_AGENT = "Dateline/0.1 (+news archive reader)"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEMPORARY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"

# The IANA special-purpose registries and multicast, and the one address of a cloud's own machinery that lies outside
# them. `ipaddress` is not asked: what it holds for global changes with Python's patch releases, and is wrong for some.
_IPV4_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_IPV6_PUBLIC = ip_network("2000::/3")  # all that was ever handed out
_IPV6_NOT_PUBLIC = tuple(  # protocols (Teredo too), documentation, 6to4, documentation
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_IPV4_IN_IPV6 = tuple(ip_network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96"))  # mapped, NAT64


class FetchError(CorpusError):
    """A URL that was not fetched, and why."""

    is_temporary = False  # whether asking again later may help

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class AddressRefusedError(FetchError):
    """A URL that leads to a private address, or that is none that news is read from."""


class RobotsRefusedError(FetchError):
    """A page that the publisher's robots.txt asks not to crawl."""


class FetchTimeoutError(FetchError):
    """A publisher that took too long."""

    is_temporary = True


class TooLargeError(FetchError):
    """An answer that is larger than its limit, as sent or once unpacked."""


class StatusError(FetchError):
    """An HTTP answer other than a page."""

    def __init__(self, url: str, status: int, phrase: str) -> None:
        super().__init__(url, f"{status} {phrase}".strip())
        self.status = status
        self.is_temporary = status in _TEMPORARY_STATUSES


class UnreachableError(FetchError):
    """No connection, or an answer that is not HTTP."""

    is_temporary = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost."""

    body_bytes: int = 10_000_000  # unpacked
    connect_seconds: float = 10.0
    silence_seconds: float = 20.0  # the longest wait for the next byte
    total_seconds: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Validators:
    """What a publisher gave to ask next time whether something changed (RFC 9110, section 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a publisher sent; `body` is unpacked, and empty when it says that nothing changed."""

    url: str  # where the last redirect led
    body: bytes
    content_type: str  # as sent, with its charset
    validators: Validators
    fetched_at: datetime
    not_modified: bool = False

    @property
    def media_type(self) -> str:
        """The kind of thing that was sent, `text/html` when the publisher did not say."""
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


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the whole world can reach an address; one that carries an IPv4 address is as public as that one is."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _IPV4_NOT_PUBLIC)
    if any(address in network for network in _IPV4_IN_IPV6):
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _IPV6_PUBLIC and not any(address in network for network in _IPV6_NOT_PUBLIC)


def resolve(host: str, port: int) -> list[str]:
    """Every IP address that the system knows for a host name."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Turn:
    """Whose turn it is to ask a host, and from when on."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Asks publishers for pages, one request at a time a host; may be shared by threads.

    `allow_private` turns the check of addresses by `is_public` off, for intranets and tests. `resolve` maps a host
    name and a port to IP addresses; it is asked once a request, and the connection goes to an address that it gave.
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
        """What a URL holds now; raises FetchError.

        `check` is called with each address before it is asked, those of redirects too, and raises to refuse it.
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
        """One request: what it brought, or where it redirects to."""
        place = _place(url)
        with _foreign_errors_named(url):
            addresses = self._checked_addresses(place)
            with self._turn(place.host):
                deadline = _Deadline(self.limits.total_seconds)
                with self._connect(place, addresses, deadline) as connected:
                    timed = _TimedSocket(connected, deadline, self.limits.silence_seconds)
                    return self._answer(place, _send(place, timed, self._headers(place, validators)), validators)

    def _checked_addresses(self, place: "_Place") -> list[str]:
        addresses = [ip_address(address) for address in self.resolve(place.host, place.port)]
        if not addresses:
            raise UnreachableError(place.url, "the host has no address")
        if not self.allow_private and not all(map(self.is_public, addresses)):
            raise AddressRefusedError(place.url, "leads to a private address; for an intranet, use --allow-private")
        return [str(address) for address in addresses]

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        with self._turns_lock:
            turn = self._turns.setdefault(host, _Turn())
        with turn.lock:
            time.sleep(max(0.0, turn.free_at - time.monotonic()))
            try:
                yield
            finally:
                turn.free_at = time.monotonic() + self.delay_seconds

    def _connect(self, place: "_Place", addresses: list[str], deadline: "_Deadline") -> socket.socket:
        failure = OSError("no connection")
        for address in addresses:
            try:
                seconds = deadline.left(self.limits.connect_seconds)
                connected = socket.create_connection((address, place.port), timeout=seconds)
                break
            except OSError as error:
                failure = error
        else:
            raise failure
        if not place.is_secure:
            return connected
        with connected:  # wrapping takes the file descriptor away from it
            return self.tls.wrap_socket(connected, server_hostname=place.host.rstrip("."))

    def _headers(self, place: "_Place", validators: Validators) -> dict[str, str]:
        headers = {
            "Host": place.host_header,
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

    def _answer(self, place: "_Place", response: http.client.HTTPResponse, asked: Validators) -> Fetched | str:
        location = response.getheader("Location")
        if response.status in _REDIRECTS and location:
            return urljoin(place.url, location)
        not_modified = response.status == 304 and asked != Validators()
        if response.status != 200 and not not_modified:
            raise StatusError(place.url, response.status, response.reason)
        return Fetched(
            url=place.url,
            body=b"" if not_modified else _body(place.url, response, self.limits.body_bytes),
            content_type=response.getheader("Content-Type", ""),
            validators=Validators(response.getheader("ETag"), response.getheader("Last-Modified")),
            fetched_at=self.clock(),
            not_modified=not_modified,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """A URL in the parts that a request needs."""

    url: str
    is_secure: bool
    host: str
    port: int
    host_header: str
    target: str


def _place(url: str) -> _Place:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
        target = _request_target(parts)
    except ValueError as error:
        raise AddressRefusedError(url, "is no URL") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefusedError(url, "is not http or https")
    if parts.username is not None or parts.password is not None:
        raise AddressRefusedError(url, "holds a user name or a password; take it out")
    if not host or port == 0:
        raise AddressRefusedError(url, "is no URL")
    is_secure = parts.scheme == "https"
    bracketed = f"[{host}]" if ":" in host else host
    return _Place(
        url=url,
        is_secure=is_secure,
        host=host,
        port=port or (443 if is_secure else 80),
        host_header=f"{bracketed}:{port}" if port else bracketed,
        target=target,
    )


def _request_target(parts: SplitResult) -> str:
    path, query = (quote(part, safe=_URL_CHARACTERS) for part in (parts.path or "/", parts.query))
    return urlunsplit(("", "", path, query, ""))


class _Deadline:
    """The moment when a request must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float) -> float:
        """The seconds that are left, up to `at_most`; raises TimeoutError when there are none."""
        seconds = min(at_most, self._end - time.monotonic())
        if seconds <= 0:
            raise TimeoutError
        return seconds


class _TimedSocket(io.RawIOBase):
    """What http.client needs of a socket, with every wait bounded by the deadline; closing is left to its owner."""

    def __init__(self, connected: socket.socket, deadline: _Deadline, silence_seconds: float) -> None:
        self._connected = connected
        self._deadline = deadline
        self._silence_seconds = silence_seconds

    def sendall(self, data: bytes) -> None:
        self._connected.settimeout(self._deadline.left(self._silence_seconds))
        self._connected.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._connected.settimeout(self._deadline.left(self._silence_seconds))
        return self._connected.recv_into(buffer)

    def close(self) -> None:
        """http.client closes its socket before it reads from it."""


def _send(place: _Place, timed: _TimedSocket, headers: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(place.host, place.port)
    connection.auto_open = 0  # never a connection of its own, to an address that was not checked
    connection.sock = timed
    connection.request("GET", place.target, headers=headers)
    return connection.getresponse()


def _body(url: str, response: http.client.HTTPResponse, limit_bytes: int) -> bytes:
    too_large = TooLargeError(url, f"is larger than {limit_bytes:,} bytes")
    if (response.length or 0) > limit_bytes:
        raise too_large
    packing = response.getheader("Content-Encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(url, f"is packed as {packing}, which was not asked for")
    body = _read_at_most(gzip.GzipFile(fileobj=response) if "gzip" in packing else response, limit_bytes + 1)
    if len(body) > limit_bytes:
        raise too_large
    if response.length:
        raise UnreachableError(url, f"the connection ended {response.length:,} bytes early")
    return body


def _read_at_most(stream: io.BufferedIOBase, limit_bytes: int) -> bytes:
    pieces = io.BytesIO()
    while pieces.tell() < limit_bytes and (piece := stream.read(min(65536, limit_bytes - pieces.tell()))):
        pieces.write(piece)
    return pieces.getvalue()


@contextmanager
def _foreign_errors_named(url: str) -> Iterator[None]:
    try:
        yield
    except FetchError:
        raise
    except TimeoutError as error:
        raise FetchTimeoutError(url, "took too long to answer") from error
    except (OSError, http.client.HTTPException, EOFError, zlib.error, ValueError) as error:
        raise UnreachableError(url, str(error) or type(error).__name__) from error
