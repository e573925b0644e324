"""Fetching, with real sockets on loopback; nothing here asks any other address."""

import gzip
import itertools
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.fetching.errors import (
    AddressRefusedError,
    FetchError,
    FetchTimeoutError,
    RobotsRefusedError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from corpus.fetching.fetcher import Fetcher, Limits, Validators
from corpus.fetching.hosts import is_public, resolve
from corpus.fetching.robots import Crawler

NOW = datetime(2022, 6, 20, 8, 0, tzinfo=UTC)
TLS = ssl.create_default_context()  # takes a tenth of a second to make
Respond = Callable[[BaseHTTPRequestHandler], None]


class Publisher(ThreadingHTTPServer):
    """A server on loopback that answers what a test tells it to, and remembers every request."""

    daemon_threads = True

    def __init__(self, respond: Respond) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.respond = respond
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.connections = 0

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        self.connections += 1
        return super().get_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what half of these tests are about."""

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.respond(self)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def publishing(respond: Respond) -> Iterator[Publisher]:
    server = Publisher(respond)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(body: bytes = b"<p>News.</p>", status: int = 200, **headers: str) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def intranet_fetcher(**limits: float) -> Fetcher:
    return Fetcher(clock=lambda: NOW, allow_private=True, tls=TLS, delay_seconds=0, limits=Limits(**limits))  # type: ignore[arg-type]


# Each is said to lead to a private place; PORT stands for the port of a server on loopback that must hear nothing.
PRIVATE_SPELLINGS = """
http://127.0.0.1:PORT/              http://localhost:PORT/                http://LOCALHOST:PORT/
http://127.0.0.1:PORT               http://127.1:PORT/                    http://127.0.1:PORT/
http://2130706433:PORT/             http://0x7f000001:PORT/               http://0x7f.1:PORT/
http://0x7f.0.0.1:PORT/             http://0177.0.0.1:PORT/               http://017700000001:PORT/
http://0177.0.0x0.1:PORT/           http://127.0.0.2:PORT/                http://127.255.255.254:PORT/
http://0.0.0.0:PORT/                http://0:PORT/                        http://0x0:PORT/
http://0.1.2.3:PORT/                http://①②⑦.⓪.⓪.①:PORT/               http://127。0。0。1:PORT/
http://１２７.０.０.１:PORT/        http://localhost.:PORT/               http://ⓛocalhost:PORT/
http://[::1]:PORT/                  http://[::]:PORT/                     http://[0:0:0:0:0:0:0:1]:PORT/
http://[0000::0001]:PORT/           http://[::ffff:127.0.0.1]:PORT/       http://[::ffff:7f00:1]:PORT/
http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/  http://[::127.0.0.1]:PORT/       http://[::7f00:1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/   http://[64:ff9b::7f00:1]:PORT/        http://[64:ff9b:1::7f00:1]:PORT/
http://[2002:7f00:1::]:PORT/        http://[2002:7f00:1::1]:PORT/         http://[2002:a00:1::1]:PORT/
http://[2001:0:7f00:1::]:PORT/      http://[2001::80ff:fffe]:PORT/        http://[fec0::1]:PORT/
http://[fe80::1]:PORT/              http://[fe80::1%25lo]:PORT/           http://[fe80::1%lo]:PORT/
http://[fc00::1]:PORT/              http://[fd00:ec2::254]:PORT/          http://[ff02::1]:PORT/
http://[2001:db8::1]:PORT/          http://[3fff::1]:PORT/                http://[100::1]:PORT/
http://[::ffff:0:127.0.0.1]:PORT/   http://[::ffff:10.0.0.1]:PORT/        http://[64:ff9b::169.254.169.254]/
http://10.0.0.1/                    http://10.1/                          http://012.0.0.1/
http://167772161/                   http://172.16.0.1/                    http://172.31.255.255/
http://192.168.0.1/                 http://0xc0a80001/                    http://192.168.257/
http://169.254.169.254/             http://2852039166/                    http://0xa9fea9fe/
http://100.64.0.1/                  http://100.100.100.200/               http://100.127.255.255/
http://192.0.0.192/                 http://192.0.2.1/                     http://198.18.0.1/
http://198.51.100.7/                http://203.0.113.9/                   http://192.88.99.1/
http://224.0.0.1/                   http://239.255.255.250/               http://240.0.0.1/
http://255.255.255.255/             http://168.63.129.16/                 https://127.0.0.1:PORT/
http://127.0.0.1:PORT/#@news.test/  HTTP://127.0.0.1:PORT/                http:\t//127.0.0.1:PORT/
""".replace("\\t", "\t")
SPELLINGS = [url for line in PRIVATE_SPELLINGS.split("\n") for url in line.split("  ") if url.strip()]
SPELLINGS = [url.strip(" ") for url in SPELLINGS]

# No host at all for this machine: what they would mean elsewhere is never asked.
NO_ADDRESSES = (
    *("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:PORT/", "data:text/html,x", "javascript:alert(1)"),
    *("jar:http://127.0.0.1:PORT/", "//127.0.0.1:PORT/", "127.0.0.1:PORT", "/etc/passwd", "", "http://", "http:///x"),
    *("http://:PORT/", "http://news.test@127.0.0.1:PORT/", "http://a:b@127.0.0.1:PORT/", "http://@127.0.0.1:PORT/"),
    *("http://127.0.0.1:PORT\\@news.test/", "http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://[::1:PORT/"),
    *("http://127.0.0.1:x/", "http://" + "a" * 64 + "/", "http://a..b/", "http://127.0.0.1/\ud800"),
)


def system_lookup_without_network(host: str, port: int) -> list[str]:
    """The system's own reading of all spellings; only the name of this machine may be looked up."""
    if host.rstrip(".") == "localhost":
        return resolve(host, port)
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)]


def test_there_are_at_least_sixty_spellings_of_private_addresses() -> None:
    assert len(set(SPELLINGS)) >= 60


@pytest.mark.parametrize("spelling", SPELLINGS, ids=ascii)
def test_every_spelling_of_a_private_address_is_refused_without_a_connection(spelling: str, silent: Publisher) -> None:
    before = silent.connections
    url = spelling.replace("PORT", str(silent.server_address[1]))
    with pytest.raises((AddressRefusedError, UnreachableError)) as caught:
        Fetcher(delay_seconds=0, tls=TLS, resolve=system_lookup_without_network).fetch(url)
    # A spelling that the system's own lookup does not know as an address leads nowhere, which is as good.
    assert isinstance(caught.value, AddressRefusedError) or isinstance(caught.value.__cause__, socket.gaierror)
    assert silent.connections == before


@pytest.mark.parametrize("spelling", NO_ADDRESSES, ids=ascii)
def test_what_is_no_web_address_is_refused_even_on_an_intranet(spelling: str, silent: Publisher) -> None:
    before = silent.connections
    with pytest.raises(AddressRefusedError):
        intranet_fetcher().fetch(spelling.replace("PORT", str(silent.server_address[1])))
    assert silent.connections == before


@pytest.fixture(scope="module")
def silent() -> Iterator[Publisher]:
    with publishing(send()) as server:
        yield server


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["::1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["fe80::1%lo"]],
)
def test_a_name_is_refused_when_any_of_its_addresses_is_private(answers: list[str], silent: Publisher) -> None:
    before = silent.connections
    with pytest.raises(AddressRefusedError, match="private address"):
        Fetcher(tls=TLS, resolve=lambda host, port: answers).fetch(f"http://news.test:{silent.server_address[1]}/")
    assert silent.connections == before


@pytest.mark.parametrize("answers", [[], ["no address"], ["127.0.0.1.news.test"]])
def test_a_lookup_that_gives_no_address_fails_closed(answers: list[str]) -> None:
    with pytest.raises(UnreachableError):
        intranet_fetcher_with(lambda host, port: answers).fetch("http://news.test/")


def intranet_fetcher_with(resolve: Callable[[str, int], list[str]]) -> Fetcher:
    return Fetcher(clock=lambda: NOW, allow_private=True, tls=TLS, delay_seconds=0, resolve=resolve)


def test_the_name_is_resolved_once_and_the_connection_goes_to_the_checked_address() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.99"]

    with publishing(send()) as server:
        port = server.server_address[1]
        fetched = intranet_fetcher_with(resolve).fetch(f"http://News.Test:{port}/a")
    assert fetched.body == b"<p>News.</p>"
    assert asked == ["news.test"]
    assert server.requests[0][1]["Host"] == f"news.test:{port}"


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with publishing(send()) as server:
        fetcher = intranet_fetcher_with(lambda host, port: ["::1", "127.0.0.1"])
        assert fetcher.fetch(f"http://news.test:{server.server_address[1]}/").body


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_inside_ipv6_as_outside(address: object) -> None:
    plain = ip_address(str(address))
    assert is_public(ip_address(f"::ffff:{plain}")) == is_public(plain)
    assert is_public(ip_address(f"64:ff9b::{plain}")) == is_public(plain)
    assert not is_public(ip_address(f"::{plain}"))


@given(st.ip_addresses())
def test_what_python_holds_for_private_is_never_public(address: object) -> None:
    plain = ip_address(str(address))
    carries_ipv4 = plain in ip_network("::ffff:0:0/96") or plain in ip_network("64:ff9b::/96")
    is_special = plain.is_private or plain.is_loopback or plain.is_link_local or plain.is_multicast
    assert not (is_special and is_public(plain)) or carries_ipv4


def test_an_intranet_page_is_fetched_when_private_addresses_are_allowed() -> None:
    with publishing(send(Content_Type="text/html; charset=utf-8", ETag='"1"', Last_Modified="yesterday")) as server:
        fetched = intranet_fetcher().fetch(server.url("/a?b=c"))
    assert (fetched.url, fetched.body, fetched.fetched_at) == (server.url("/a?b=c"), b"<p>News.</p>", NOW)
    assert fetched.content_type == "text/html; charset=utf-8"
    assert fetched.validators == Validators('"1"', "yesterday")
    assert server.requests[0][1]["User-Agent"] == "Dateline/0.1 (+news archive reader)"
    assert not {"Cookie", "Authorization"} & set(server.requests[0][1])


def test_letters_beyond_ascii_are_escaped_and_escapes_are_left_alone() -> None:
    with publishing(send()) as server:
        intranet_fetcher().fetch(server.url("/är%20ger?q=ü&x=%2F#part"))
    assert server.requests[0][0] == "/%C3%A4r%20ger?q=%C3%BC&x=%2F"


def test_an_unchanged_page_is_told_by_its_validators() -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        unchanged = handler.headers["If-None-Match"] == '"1"' and handler.headers["If-Modified-Since"] == "yesterday"
        send(b"" if unchanged else b"new", 304 if unchanged else 200)(handler)

    with publishing(respond) as server:
        fetched = intranet_fetcher().fetch(server.url(), validators=Validators('"1"', "yesterday"))
        assert fetched.not_modified
        assert not intranet_fetcher().fetch(server.url()).not_modified


def test_not_modified_is_no_answer_to_a_first_request() -> None:
    with publishing(send(b"", 304)) as server, pytest.raises(StatusError, match="304"):
        intranet_fetcher().fetch(server.url())


@pytest.mark.parametrize(
    ("status", "is_temporary"), [(404, False), (403, False), (410, False), (503, True), (429, True)]
)
def test_an_error_names_the_url_and_the_status(status: int, is_temporary: bool) -> None:
    with publishing(send(b"", status)) as server, pytest.raises(StatusError, match=str(status)) as caught:
        intranet_fetcher().fetch(server.url("/gone"))
    assert server.url("/gone") in str(caught.value)
    assert caught.value.is_temporary == is_temporary


def test_a_redirect_is_followed_and_its_end_is_the_address() -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        send(b"", 302, Location="../b")(handler) if handler.path == "/x/a" else send()(handler)

    with publishing(respond) as server:
        assert intranet_fetcher().fetch(server.url("/x/a")).url == server.url("/b")


def test_every_redirect_is_checked_again() -> None:
    """The first hop is allowed because its check is the caller's; the second leads to what it would never allow."""
    checked: list[str] = []

    def check(url: str) -> None:
        checked.append(url)
        if "127.0.0.2" in url:
            raise AddressRefusedError(url, "private")

    with publishing(send(b"", 301, Location="http://127.0.0.2:1/")) as server, pytest.raises(AddressRefusedError):
        intranet_fetcher().fetch(server.url(), check=check)
    assert checked == [server.url(), "http://127.0.0.2:1/"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/", "javascript:x"]
)
def test_a_redirect_to_what_is_no_web_address_is_refused(location: str) -> None:
    with publishing(send(b"", 302, Location=location)) as server, pytest.raises(AddressRefusedError):
        intranet_fetcher().fetch(server.url())


def test_a_redirect_from_a_public_page_to_a_private_address_is_refused() -> None:
    """127.0.0.1 plays the public web, and the rest of loopback what is private."""
    location = ""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        send(b"", 302, Location=location)(handler)

    with publishing(respond) as server:
        location = f"http://127.0.0.2:{server.server_address[1]}/private"
        fetcher = Fetcher(delay_seconds=0, tls=TLS, is_public=lambda address: str(address) == "127.0.0.1")
        with pytest.raises(AddressRefusedError, match="/private: leads to a private address"):
            fetcher.fetch(server.url())
    assert server.connections == 1


def test_a_redirect_loop_ends() -> None:
    with publishing(send(b"", 302, Location="/again")) as server, pytest.raises(FetchError, match="5 redirects"):
        intranet_fetcher().fetch(server.url())
    assert len(server.requests) == 6


def test_a_page_up_to_the_limit_is_read_and_one_byte_more_is_not() -> None:
    fetcher = intranet_fetcher(body_bytes=1000)
    with publishing(send(b"x" * 1000)) as server:
        assert len(fetcher.fetch(server.url()).body) == 1000
    with publishing(send(b"x" * 1001)) as server, pytest.raises(TooLargeError, match="1,000 bytes"):
        fetcher.fetch(server.url())


def test_a_page_without_a_length_is_cut_off_at_the_limit() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with publishing(endless) as server, pytest.raises(TooLargeError):
        intranet_fetcher(body_bytes=100_000).fetch(server.url())


def test_a_packed_page_is_unpacked() -> None:
    with publishing(send(gzip.compress(b"news " * 1000), Content_Encoding="gzip")) as server:
        assert intranet_fetcher().fetch(server.url()).body == b"news " * 1000


def test_a_gzip_bomb_is_cut_off_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    with publishing(send(bomb, Content_Encoding="gzip")) as server, pytest.raises(TooLargeError):
        intranet_fetcher(body_bytes=1_000_000).fetch(server.url())


@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b"news " * 1000, mtime=0)[:-20], gzip.compress(b"x", mtime=0)[:10] + b"\xff" * 9]
)
def test_a_damaged_packing_is_an_error_of_ours(body: bytes) -> None:
    with publishing(send(body, Content_Encoding="gzip")) as server, pytest.raises(UnreachableError):
        intranet_fetcher().fetch(server.url())


def test_a_packing_that_was_not_asked_for_is_refused() -> None:
    with publishing(send(Content_Encoding="br")) as server, pytest.raises(FetchError, match="br"):
        intranet_fetcher().fetch(server.url())


def test_a_page_that_ends_early_is_no_page() -> None:
    with (
        publishing(send(b"half", Content_Length="8")) as server,
        pytest.raises(UnreachableError, match="4 bytes early"),
    ):
        intranet_fetcher().fetch(server.url())


@contextmanager
def trickling(head: bytes, drip: bytes) -> Iterator[str]:
    """A server that sends a drip every 50 ms, for as long as anybody listens."""
    stopped = threading.Event()

    def serve() -> None:
        connected, _ = listener.accept()
        with connected:
            connected.recv(65536)
            connected.sendall(head)
            while not stopped.wait(0.05):
                try:
                    connected.sendall(drip)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            stopped.set()
            thread.join()


@pytest.mark.parametrize(
    ("head", "drip"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 ", b"2"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "chunks", "header", "status", "continue"],
)
def test_a_slow_trickle_ends_at_the_total_time(head: bytes, drip: bytes) -> None:
    with trickling(head, drip) as url, pytest.raises(FetchTimeoutError, match="too long"):
        intranet_fetcher(total_seconds=0.4).fetch(url)


def test_a_silent_publisher_ends_long_before_the_total_time() -> None:
    with trickling(b"HTTP/1.1 200 OK\r\n\r\n", b"") as url, pytest.raises(FetchTimeoutError):
        intranet_fetcher(silence_seconds=0.2, total_seconds=3600).fetch(url)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 " + b"2" * 100_000,
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde",
        b"",
        b"\x00\xff" * 100,
    ],
    ids=["huge header", "many headers", "huge status", "another protocol", "no chunk", "negative", "nothing", "binary"],
)
def test_what_is_no_http_is_an_error_of_ours(answer: bytes) -> None:
    def serve() -> None:
        connected, _ = listener.accept()
        with connected:
            connected.recv(65536)
            connected.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(UnreachableError):
            intranet_fetcher(total_seconds=2).fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()


def test_a_refused_connection_is_an_error_of_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnreachableError) as caught:
        intranet_fetcher().fetch(f"http://127.0.0.1:{port}/")
    assert caught.value.is_temporary


def test_requests_to_one_host_come_one_at_a_time_with_a_pause() -> None:
    moments: list[tuple[float, float]] = []

    def respond(handler: BaseHTTPRequestHandler) -> None:
        began = time.monotonic()
        time.sleep(0.05)
        moments.append((began, time.monotonic()))
        send()(handler)

    with publishing(respond) as server:
        fetcher = Fetcher(allow_private=True, delay_seconds=0.05, tls=TLS)
        threads = [threading.Thread(target=fetcher.fetch, args=(server.url(),)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    moments.sort()
    assert all(later[0] - earlier[1] >= 0.045 for earlier, later in itertools.pairwise(moments))
    assert len(moments) == 3


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of its own for news.test."""
    folder = tmp_path_factory.mktemp("tls")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key"
    command = f"openssl req -x509 {key} -out cert -days 2 -subj /CN=news.test"
    try:
        subprocess.run(
            [*command.split(), "-addext", "subjectAltName=DNS:news.test"], cwd=folder, check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is needed to make a certificate")
    return folder / "cert", folder / "key"


@contextmanager
def publishing_with_tls(certificate: tuple[Path, Path]) -> Iterator[tuple[Publisher, list[str | None]]]:
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.sni_callback = lambda connected, name, _: names.append(name)
    with publishing(send()) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server, names


def test_the_certificate_is_checked_by_name_although_the_connection_goes_to_an_address(
    certificate: tuple[Path, Path],
) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    fetcher = Fetcher(allow_private=True, delay_seconds=0, tls=trusted, resolve=lambda host, port: ["127.0.0.1"])
    with publishing_with_tls(certificate) as (server, names):
        port = server.server_address[1]
        assert fetcher.fetch(f"https://news.test:{port}/").body == b"<p>News.</p>"
        assert names == ["news.test"]
        with pytest.raises(UnreachableError, match="CERTIFICATE_VERIFY_FAILED"):
            fetcher.fetch(f"https://other.test:{port}/")


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    fetcher = intranet_fetcher_with(lambda host, port: ["127.0.0.1"])
    with publishing_with_tls(certificate) as (server, _), pytest.raises(UnreachableError, match="CERTIFICATE"):
        fetcher.fetch(f"https://news.test:{server.server_address[1]}/")
    assert not server.requests


def robots(rules: bytes, status: int = 200) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        send(rules, status)(handler) if handler.path == "/robots.txt" else send()(handler)

    return respond


def test_a_crawler_keeps_to_robots_txt_and_asks_for_it_once() -> None:
    with publishing(robots(b"User-agent: *\nDisallow: /private/\n")) as server:
        crawler = Crawler(intranet_fetcher())
        assert crawler.fetch(server.url("/news/1")).body
        assert crawler.fetch(server.url("/news/2")).body
        with pytest.raises(RobotsRefusedError, match=r"robots\.txt"):
            crawler.fetch(server.url("/private/1"))
    assert [path for path, _ in server.requests] == ["/robots.txt", "/news/1", "/news/2"]


def test_rules_for_dateline_itself_count() -> None:
    rules = b"User-agent: Dateline\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    with publishing(robots(rules)) as server, pytest.raises(RobotsRefusedError):
        Crawler(intranet_fetcher()).fetch(server.url("/news/1"))


@pytest.mark.parametrize(("status", "is_allowed"), [(404, True), (403, True), (500, False), (503, False), (429, False)])
def test_without_rules_all_is_allowed_and_with_rules_that_cannot_be_had_nothing(status: int, is_allowed: bool) -> None:
    with publishing(robots(b"", status)) as server:
        crawler = Crawler(intranet_fetcher())
        if is_allowed:
            assert crawler.fetch(server.url("/news/1")).body
        else:
            for _ in range(2):
                with pytest.raises(StatusError, match=str(status)):
                    crawler.fetch(server.url("/news/1"))
            assert [path for path, _ in server.requests] == ["/robots.txt"]


def test_a_redirect_into_what_robots_txt_forbids_is_refused() -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/go":
            send(b"", 302, Location="/private/1")(handler)
        else:
            robots(b"User-agent: *\nDisallow: /private/\n")(handler)

    with publishing(respond) as server, pytest.raises(RobotsRefusedError):
        Crawler(intranet_fetcher()).fetch(server.url("/go"))


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        ("Disallow: /*/print/", "/news/print/1", False),
        ("Disallow: /*.pdf$", "/news/1.pdf", False),
        ("Disallow: /*.pdf$", "/news/1.pdf.html", True),
        ("Disallow: /*?share=", "/news/1?share=x", False),
        ("Disallow: /news/\nAllow: /news/free/", "/news/free/1", True),  # the longest rule counts, not the first
        ("Allow: /\nDisallow: /news/", "/news/1", False),
        ("Crawl-delay: 5\n\nDisallow: /news/", "/news/1", False),  # a blank line does not end the group
    ],
)
def test_rules_with_wildcards_are_kept_and_the_longest_one_counts(rules: str, path: str, is_allowed: bool) -> None:
    with publishing(robots(f"User-agent: *\n{rules}\n".encode())) as server:
        crawler = Crawler(intranet_fetcher())
        if is_allowed:
            assert crawler.fetch(server.url(path)).body
        else:
            with pytest.raises(RobotsRefusedError):
                crawler.fetch(server.url(path))


@pytest.mark.parametrize("rules", ["Crawl-delay: ²", "\0", "Disallow: http://[x", "Request-rate: ²/²"])
def test_rules_that_break_the_parser_are_no_accident(rules: str) -> None:
    text = f"User-agent: *\n{rules}\n".encode()
    with publishing(robots(text)) as server, suppress(RobotsRefusedError):
        Crawler(intranet_fetcher()).fetch(server.url("/news/1"))
