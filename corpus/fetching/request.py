"""One HTTP request: its URL in parts, a socket with a deadline, the body of the answer."""

import gzip
import http.client
import io
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from corpus.fetching.errors import AddressRefusedError, FetchError, FetchTimeoutError, TooLargeError, UnreachableError

_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in the parts that a request needs."""

    url: str
    is_https: bool
    host: str
    port: int
    host_header: str
    path: str  # with the query, as it is requested


def target_of(url: str) -> Target:
    """The parts of an http(s) URL; raises AddressRefusedError."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
        path = _request_path(parts)
    except ValueError as error:
        raise AddressRefusedError(url, "not a URL") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefusedError(url, "not http or https")
    if parts.username is not None or parts.password is not None:
        raise AddressRefusedError(url, "contains a user name or a password; remove it")
    if not host or port == 0:
        raise AddressRefusedError(url, "not a URL")
    is_https = parts.scheme == "https"
    bracketed = f"[{host}]" if ":" in host else host
    return Target(
        url=url,
        is_https=is_https,
        host=host,
        port=port or (443 if is_https else 80),
        host_header=f"{bracketed}:{port}" if port else bracketed,
        path=path,
    )


def _request_path(parts: SplitResult) -> str:
    path, query = (quote(part, safe=_URL_CHARACTERS) for part in (parts.path or "/", parts.query))
    return urlunsplit(("", "", path, query, ""))


class Deadline:
    """When a request must be finished."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float) -> float:
        """The remaining seconds, up to `at_most`; raises TimeoutError when there are none."""
        seconds = min(at_most, self._end - time.monotonic())
        if seconds <= 0:
            raise TimeoutError
        return seconds


class TimedSocket(io.RawIOBase):
    """The socket interface that http.client needs, each wait bounded by the deadline; its owner closes the socket."""

    def __init__(self, connected: socket.socket, deadline: Deadline, silence_seconds: float) -> None:
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


def send(target: Target, timed: TimedSocket, headers: dict[str, str]) -> http.client.HTTPResponse:
    """Send a GET request and read the headers of the answer."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.auto_open = 0  # never a new connection, to an address that was not checked
    connection.sock = timed
    connection.request("GET", target.path, headers=headers)
    return connection.getresponse()


def body_of(url: str, response: http.client.HTTPResponse, limit_bytes: int) -> bytes:
    """The decompressed body; raises FetchError when it is cut short or larger than the limit."""
    too_large = TooLargeError(url, f"is larger than {limit_bytes:,} bytes")
    if (response.length or 0) > limit_bytes:
        raise too_large
    coding = response.getheader("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(url, f"is compressed as {coding}, which was not requested")
    body = _read_at_most(gzip.GzipFile(fileobj=response) if "gzip" in coding else response, limit_bytes + 1)
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
def map_errors(url: str) -> Iterator[None]:
    """Turn the errors of sockets, TLS and HTTP into a FetchError that names the URL."""
    try:
        yield
    except FetchError:
        raise
    except TimeoutError as error:
        raise FetchTimeoutError(url, "took too long to answer") from error
    except (OSError, http.client.HTTPException, EOFError, zlib.error, ValueError) as error:
        raise UnreachableError(url, str(error) or type(error).__name__) from error
