"""A press of twenty feeds on loopback, whose content follows a simulated clock; it remembers when it was asked."""

import gzip
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

START = datetime(2023, 5, 1, tzinfo=UTC)
QUIET = 13  # feeds with a new story now and then
MANY = 5_000  # items of the largest feed
_BOMB = gzip.compress(b"<rss>" + bytes(30_000_000))


@dataclass
class Clock:
    """A simulated present."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    @property
    def hour(self) -> float:
        """Hours since the start."""
        return (self.now - START) / timedelta(hours=1)


@dataclass
class Press:
    """Where the feeds are, and what was asked for: path, simulated moment and status."""

    clock: Callable[[], datetime]
    hour: Callable[[], float]
    large: bytes  # the feed of many items, written once: a busy machine takes its time for it
    address: str = ""
    dead: str = ""  # the address of a feed that nobody serves
    asked: list[tuple[str, datetime, int]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # further answers, by path
    refusals: dict[str, tuple[int, str]] = field(default_factory=dict)  # status and Retry-After, by path
    asked_hanging: threading.Event = field(default_factory=threading.Event)  # for the feed that never answers

    @property
    def feeds(self) -> list[str]:
        """The addresses of all twenty."""
        paths = [f"/quiet/{n}" for n in range(QUIET)]
        paths += ["/slow", "/changing", "/withdrawing", "/many", "/moved", "/bomb"]
        return [self.dead, *(self.address + path for path in paths)]

    def asked_for(self, path: str) -> list[datetime]:
        """The moments at which a path was asked for."""
        return [moment for asked, moment, _ in self.asked if asked == path]

    def statuses(self) -> dict[int, int]:
        """How often each status was answered."""
        counts: dict[int, int] = defaultdict(int)
        for _, _, status in self.asked:
            counts[status] += 1
        return dict(counts)

    def body(self, path: str) -> bytes:
        """A feed as it is at the simulated moment; empty for a path that is none."""
        if path in self.files:
            return self.files[path]
        name, _, number = path.strip("/").partition("/")
        match name:
            case "quiet":
                return rss(*map(story, quiet_stories(int(number), self.hour())))
            case "growing":
                return rss(*(story(f"g{k}") for k in range(1 + int(self.hour()))))
            case "changing":
                return rss(story("changing", "eleven" if self.hour() >= 10 else "nine"))
            case "withdrawing":
                return atom(is_withdrawn=self.hour() >= 12)
            case "many":
                return self.large
            case "moved-here":
                return rss(story("moved"))
            case "slow":
                return rss(story("slow"))
            case _:
                return b""


def quiet_stories(number: int, hour: float) -> list[str]:
    """The names of the stories of a quiet feed; every fourth one has a new story every ten hours."""
    return [f"q{number}-{k}" for k in range(1 + (0 if number % 4 else int(hour / 10)))]


def story(name: str, count: str = "nine") -> tuple[str, str]:
    """The name and the text of a whole story."""
    sentence = f"The council of Port Ellery heard about {name} on Monday, and {count} people spoke about {name}. "
    return name, sentence * 15


def rss(*stories: tuple[str, str]) -> bytes:
    """A feed of whole stories."""
    items = "".join(
        f"<item><title>Story {name}</title><link>https://press.example/{name}</link>"
        f"<pubDate>Mon, 01 May 2023 08:00:00 GMT</pubDate><description>{text}</description></item>"
        for name, text in stories
    )
    return f"<rss version='2.0'><channel><title>Press</title>{items}</channel></rss>".encode()


def sitemap(*pages: str) -> bytes:
    """A sitemap of the given <url> elements, with the extensions for news and pictures."""
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    pictures = "http://www.google.com/schemas/sitemap-image/1.1"
    head = f"xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='{news}' xmlns:image='{pictures}'"
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<urlset {head}>{''.join(pages)}</urlset>".encode()


def page(name: str) -> bytes:
    """A page with a whole story and no date."""
    paragraphs = "".join(f"<p>{one}.</p>" for one in story(name)[1].split(". ") if one)
    head = f"<html lang='en'><head><title>Story {name}</title></head>"
    return f"{head}<body><article><h1>Story {name}</h1>{paragraphs}</article></body></html>".encode()


def atom(*, is_withdrawn: bool) -> bytes:
    """A feed with two entries, of which one is deleted later."""
    head = "xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'"
    entries = [entry(name) for name in (["stays"] if is_withdrawn else ["stays", "goes"])]
    grave = "<at:deleted-entry ref='tag:press.example,2023:goes' when='2023-05-01T12:00:00Z'/>" if is_withdrawn else ""
    body = f"<title>Press</title><id>tag:press.example,2023:f</id>{''.join(entries)}{grave}"
    return f"<feed {head}>{body}</feed>".encode()


def entry(name: str) -> str:
    """An Atom entry with a whole story."""
    return (
        f"<entry><title>Story {name}</title><id>tag:press.example,2023:{name}</id>"
        f"<link href='https://press.example/{name}'/><updated>2023-05-01T08:00:00Z</updated>"
        f"<content type='text'>{story(name)[1]}</content></entry>"
    )


@contextmanager
def serving_press(clock: Clock, many: int = MANY) -> Iterator[Press]:
    """The press while it is served."""
    press = Press(clock, lambda: clock.hour, rss(*(story(f"m{k}") for k in range(many))))
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._moment = press.clock()
            if self.path == "/hanging":
                press.asked_hanging.set()
                closing.wait()
                return None
            if self.path in press.refusals:
                status, retry_after = press.refusals[self.path]
                return self._answer(status, b"", **{"Retry-After": retry_after})
            if self.path == "/slow":
                closing.wait(2)
            if self.path in ("/moved", "/moved-on"):
                return self._answer(301, b"", Location="/moved-on" if self.path == "/moved" else "/moved-here")
            if self.path == "/bomb":
                return self._answer(200, _BOMB, **{"Content-Encoding": "gzip"})
            body = press.body(self.path)
            etag = f'"{hash(body)}"'
            if body and self.headers["If-None-Match"] == etag:
                return self._answer(304, b"", ETag=etag)
            return self._answer(200 if body else 404, body, ETag=etag)

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            press.asked.append((self.path, self._moment, status))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # the reader may have had enough
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    press.address = f"http://127.0.0.1:{server.server_address[1]}"
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as unserved:
        press.dead = f"http://127.0.0.1:{unserved.server_address[1]}/feed"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield press
    finally:  # the thread would keep the process of a failed test
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
