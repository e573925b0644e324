"""Following feeds from run to run, with a publisher on loopback."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from corpus.article import Article, DateOrigin, Unreadable
from corpus.collecting.at_address import read_address
from corpus.collecting.feed_lists import FeedListError, feed_addresses
from corpus.collecting.feeds import FeedRecord, fetch_article, plain_record, record_from, update_feeds
from corpus.collecting.files import STATE_NAME, FeedStateError, collect_feeds, feed, load_state, save_state
from corpus.fetching.errors import StatusError
from corpus.fetching.fetcher import Fetcher, Validators
from corpus.pages import fetch
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.records.json_lines import read as read_json_lines

NOW = datetime(2022, 6, 20, 8, 0, tzinfo=UTC)
SENTENCE = "The council of Port Ellery voted on Monday to reopen the old harbour to fishing boats. "


def story_page(number: int) -> bytes:
    paragraphs = "".join(
        f"<p>In sentence {line} of story {number}, the council of Port Ellery said that the old harbour would reopen "
        f"to fishing boats before the end of the month, after {line + 3} years of work on its walls.</p>"
        for line in range(5)
    )
    title = f"Harbour story {number}"
    head = f"<html lang='en'><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode()


def item(number: int, text: str = SENTENCE) -> str:
    return (
        f"<item><title>Harbour story {number}</title><link>/story/{number}</link>"
        f"<pubDate>Sun, 19 Jun 2022 08:0{number}:00 GMT</pubDate><description>{text}</description></item>"
    )


@dataclass
class Paper:
    """A publisher whose pages a test sets; it answers with validators and remembers what it was asked for."""

    pages: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    media_types: dict[str, str] = field(default_factory=dict)
    retry_after: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def set_feed(self, *items: str) -> None:
        self.pages["/feed"] = f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>".encode()

    def url(self, path: str) -> str:
        return self.address + path


@pytest.fixture
def paper() -> Iterator[Paper]:
    paper = Paper()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paper.asked.append(self.path)
            body = paper.pages.get(self.path, b"")
            status = paper.statuses.get(self.path, 200 if body else 404)
            etag = f'"{hash(body)}"'
            if status == 200 and self.headers["If-None-Match"] == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", paper.media_types.get(self.path, "text/html"))
            self.send_header("Content-Length", str(len(body)))
            if self.path in paper.retry_after:
                self.send_header("Retry-After", paper.retry_after[self.path])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    paper.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield paper
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def fetcher() -> Fetcher:
    return Fetcher(clock=lambda: NOW, allow_private=True, delay_seconds=0)


def articles(found: list[Article | Unreadable]) -> list[Article]:
    return [article for article in found if isinstance(article, Article)]


def reasons(found: list[Article | Unreadable]) -> list[str]:
    return [unreadable.reason for unreadable in found if isinstance(unreadable, Unreadable)]


def test_the_page_of_a_summary_is_fetched_and_a_whole_story_is_not(paper: Paper, fetcher: Fetcher) -> None:
    paper.set_feed(item(1), item(2, SENTENCE * 20))
    paper.pages["/story/1"] = story_page(1)
    first, second = articles(list(update_feeds([paper.url("/feed")], fetcher, {})))
    assert first.text.count("story 1") == 5
    assert (first.published_at, first.date_origin) == (datetime(2022, 6, 19, 8, 1, tzinfo=UTC), DateOrigin.FEED)
    assert first.fetched_at == NOW
    assert second.text == (SENTENCE * 20).strip()
    assert paper.asked == ["/feed", "/robots.txt", "/story/1"]


def test_the_date_of_the_page_itself_counts_more_than_that_of_the_feed(paper: Paper, fetcher: Fetcher) -> None:
    paper.set_feed(item(1))
    meta = b"<meta property='article:published_time' content='2022-06-18T07:00:00Z'></head>"
    paper.pages["/story/1"] = story_page(1).replace(b"</head>", meta)
    (article,) = articles(list(update_feeds([paper.url("/feed")], fetcher, {})))
    assert (article.published_at, article.date_origin) == (datetime(2022, 6, 18, 7, tzinfo=UTC), DateOrigin.META)


def test_a_second_run_asks_politely_and_brings_nothing_twice(paper: Paper, fetcher: Fetcher) -> None:
    paper.set_feed(item(1), item(2, SENTENCE * 20))
    paper.pages["/story/1"] = story_page(1)
    state: dict[str, FeedRecord] = {}
    assert len(articles(list(update_feeds([paper.url("/feed")], fetcher, state)))) == 2
    paper.asked.clear()
    assert list(update_feeds([paper.url("/feed")], fetcher, state)) == []
    assert paper.asked == ["/feed"]


def test_only_what_is_new_in_a_changed_feed_is_fetched(paper: Paper, fetcher: Fetcher) -> None:
    state: dict[str, FeedRecord] = {}
    for number in (1, 2):
        paper.pages[f"/story/{number}"] = story_page(number)
    paper.set_feed(item(1))
    list(update_feeds([paper.url("/feed")], fetcher, state))
    paper.asked.clear()
    paper.set_feed(item(2), item(1))
    assert [article.title for article in articles(list(update_feeds([paper.url("/feed")], fetcher, state)))] == [
        "Harbour story 2"
    ]
    assert "/story/1" not in paper.asked


def test_an_item_that_changed_is_fetched_again(paper: Paper, fetcher: Fetcher) -> None:
    state: dict[str, FeedRecord] = {}
    paper.pages["/story/1"] = story_page(1)
    paper.set_feed(item(1))
    list(update_feeds([paper.url("/feed")], fetcher, state))
    paper.set_feed(item(1, "Corrected: " + SENTENCE))
    assert len(articles(list(update_feeds([paper.url("/feed")], fetcher, state)))) == 1


@pytest.mark.parametrize(("status", "is_asked_again"), [(503, True), (404, False), (403, False)])
def test_a_page_that_cannot_be_had_leaves_the_summary(
    paper: Paper, fetcher: Fetcher, status: int, is_asked_again: bool
) -> None:
    paper.set_feed(item(1))
    paper.statuses["/story/1"] = status
    state: dict[str, FeedRecord] = {}
    found = list(update_feeds([paper.url("/feed")], fetcher, state))
    assert [article.text for article in articles(found)] == [SENTENCE.strip()]
    assert reasons(found)[0].startswith(f"{paper.url('/story/1')}: {status}")
    assert reasons(found)[0].endswith("only the feed's summary was kept")
    paper.asked.clear()
    paper.statuses.clear()
    paper.pages["/story/1"] = story_page(1)
    later = articles(list(update_feeds([paper.url("/feed")], fetcher, state)))
    assert [article.text.count("story 1") for article in later] == ([5] if is_asked_again else [])


def test_after_a_page_with_retry_after_no_other_page_is_asked_for_until_then(paper: Paper) -> None:
    now = [NOW]
    fetcher = Fetcher(clock=lambda: now[0], allow_private=True, delay_seconds=0)
    paper.set_feed(item(1), item(2), item(3))
    paper.pages |= {f"/story/{number}": story_page(number) for number in (1, 2, 3)}
    paper.statuses["/story/1"], paper.retry_after["/story/1"] = 429, "600"
    state: dict[str, FeedRecord] = {}
    url = paper.url("/feed")
    assert [one.title for one in articles(list(update_feeds([url], fetcher, state)))] == ["Harbour story 1"]
    assert paper.asked == ["/feed", "/robots.txt", "/story/1"]
    assert record_from(plain_record(state[url])).retry_at == NOW + timedelta(seconds=600)
    paper.statuses.clear()
    assert "no request before 20 June 2022 08:10:00 UTC" in reasons(list(update_feeds([url], fetcher, state)))[0]
    assert len(paper.asked) == 3
    now[0] += timedelta(seconds=600)
    later = articles(list(update_feeds([url], fetcher, state)))
    assert [one.text.count("sentence") for one in later] == [5, 5, 5]


def test_a_page_that_robots_txt_forbids_is_not_fetched(paper: Paper, fetcher: Fetcher) -> None:
    paper.set_feed(item(1))
    paper.pages |= {"/story/1": story_page(1), "/robots.txt": b"User-agent: *\nDisallow: /story/\n"}
    found = list(update_feeds([paper.url("/feed")], fetcher, {}))
    assert "robots.txt" in reasons(found)[0]
    assert "/story/1" not in paper.asked


def test_a_page_whose_rules_cannot_be_had_now_is_asked_for_again(paper: Paper, fetcher: Fetcher) -> None:
    paper.set_feed(item(1))
    paper.pages["/story/1"] = story_page(1)
    paper.statuses["/robots.txt"] = 503
    state: dict[str, FeedRecord] = {}
    assert "robots.txt: 503" in reasons(list(update_feeds([paper.url("/feed")], fetcher, state)))[0]
    paper.statuses.clear()
    assert articles(list(update_feeds([paper.url("/feed")], fetcher, state)))[0].text.count("story 1") == 5


def test_feeds_come_in_the_order_of_their_names_however_many_are_asked_at_once(paper: Paper, fetcher: Fetcher) -> None:
    for number in range(3):
        paper.set_feed(item(number, SENTENCE * 20))
        paper.pages[f"/feed/{number}"] = paper.pages["/feed"]
    urls = [paper.url(f"/feed/{number}") for number in range(3)]
    found = articles(list(update_feeds([*urls, *urls], fetcher, {}, feeds_at_once=2)))
    assert [article.title for article in found] == [f"Harbour story {number}" for number in range(3)]


def test_a_page_that_is_no_page_is_not_read_as_one(paper: Paper, fetcher: Fetcher) -> None:
    paper.set_feed(item(1))
    paper.pages["/story/1"] = b"%PDF-1.7"
    paper.media_types["/story/1"] = "application/pdf"
    found = list(update_feeds([paper.url("/feed")], fetcher, {}))
    assert "is application/pdf, not a page" in reasons(found)[0]


def test_one_bad_feed_costs_the_others_nothing(paper: Paper, fetcher: Fetcher) -> None:
    paper.set_feed(item(2, SENTENCE * 20))
    paper.pages["/bad"] = b"no feed"
    urls = [paper.url("/bad"), paper.url("/gone"), "ftp://127.0.0.1/feed", "file:///etc/passwd", paper.url("/feed")]
    found = list(update_feeds(urls, fetcher, {}))
    assert len(articles(found)) == 1
    assert [url for url, reason in zip(urls, reasons(found), strict=False) if not reason.startswith(url)] == []
    assert len(reasons(found)) == 4


def test_an_item_that_leads_to_a_private_address_is_not_followed(paper: Paper) -> None:
    """127.0.0.1 plays the public web, and the rest of loopback what is private."""
    fetcher = Fetcher(clock=lambda: NOW, delay_seconds=0, is_public=lambda address: str(address) == "127.0.0.1")
    private = item(1).replace("/story/1", paper.url("/story/1").replace("127.0.0.1", "127.0.0.2"))
    paper.set_feed(private, item(2, SENTENCE * 20))
    found = list(update_feeds([paper.url("/feed")], fetcher, {}))
    assert "127.0.0.2" in reasons(found)[0]
    assert len(articles(found)) == 2
    assert paper.asked == ["/feed"]


def test_one_url_is_an_article(paper: Paper, fetcher: Fetcher) -> None:
    paper.pages["/story/1"] = story_page(1)
    article = fetch_article(paper.url("/story/1"), fetcher)
    assert (article.title, article.fetched_at) == ("Harbour story 1", NOW)
    assert paper.asked == ["/story/1"]
    with pytest.raises(StatusError, match="404"):
        fetch_article(paper.url("/gone"), fetcher)
    paper.pages["/feed"] = b"<rss/>"
    paper.media_types["/feed"] = "application/rss+xml"
    with pytest.raises(ReaderError, match="not a page"):
        fetch_article(paper.url("/feed"), fetcher)


def test_what_is_collected_is_read_again_as_it_was(paper: Paper, fetcher: Fetcher, tmp_path: Path) -> None:
    paper.set_feed(item(1), item(2, SENTENCE * 20))
    paper.pages["/story/1"] = story_page(1)
    found = articles(list(update_feeds([paper.url("/feed")], fetcher, {})))
    count, path = collect_feeds([paper.url("/feed")], tmp_path / "news", fetcher, lambda unreadable: None)
    assert count == 2
    assert path == tmp_path / "news" / "feed-20220620T080000Z.jsonl"
    again = articles(list(read_json_lines(path, ReadOptions())))
    assert [(a.id, a.title, a.text, a.published_at, a.fetched_at) for a in again] == [
        (a.id, a.title, a.text, a.published_at, a.fetched_at) for a in found
    ]


def test_every_run_writes_a_file_of_its_own_and_none_when_nothing_is_new(
    paper: Paper, fetcher: Fetcher, tmp_path: Path
) -> None:
    paper.set_feed(item(2, SENTENCE * 20))
    _, first = collect_feeds([paper.url("/feed")], tmp_path, fetcher, lambda unreadable: None)
    assert collect_feeds([paper.url("/feed")], tmp_path, fetcher, lambda unreadable: None) == (0, None)
    paper.set_feed(item(3, SENTENCE * 20))
    _, second = collect_feeds([paper.url("/feed")], tmp_path, fetcher, lambda unreadable: None)
    assert first is not None
    assert second is not None
    assert first != second
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([STATE_NAME, first.name, second.name])


def test_an_interrupted_run_keeps_what_it_got(paper: Paper, fetcher: Fetcher, tmp_path: Path) -> None:
    paper.set_feed(item(2, SENTENCE * 20))

    def interrupt(unreadable: Unreadable) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect_feeds([paper.url("/feed"), paper.url("/gone")], tmp_path, fetcher, interrupt)
    (path,) = tmp_path.glob("*.jsonl")
    assert len(path.read_text().splitlines()) == 1
    assert list(load_state(tmp_path / STATE_NAME)) == [paper.url("/feed")]
    assert not list(tmp_path.glob(".*.part"))


def test_the_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    state = {
        "https://a.test/": FeedRecord(Validators('"1"', None), frozenset({"x", "y"})),
        "https://b.test/é": FeedRecord(),
    }
    save_state(tmp_path / "state", state)
    assert load_state(tmp_path / "state") == state
    assert load_state(tmp_path / "none") == {}


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": {"etag": null}}', "[" * 100_000, "\0"])
def test_a_damaged_state_is_named_with_its_remedy(tmp_path: Path, content: str) -> None:
    (tmp_path / "state").write_text(content)
    with pytest.raises(FeedStateError, match="delete it"):
        load_state(tmp_path / "state")


def test_a_list_of_feeds_is_a_line_each_or_opml(tmp_path: Path) -> None:
    lines = tmp_path / "feeds.txt"
    lines.write_text("\ufeff# news\nhttps://a.test/feed\n\n  https://b.test/feed  \n", encoding="utf-8")
    opml = tmp_path / "feeds.opml"
    outlines = (
        "<outline text='News'><outline xmlUrl='https://a.test/feed?x=1&amp;y=2'/></outline><outline text='none'/>"
    )
    opml.write_text(f"<?xml version='1.0'?><opml version='2.0'><body>{outlines}</body></opml>")
    assert feed_addresses(str(lines)) == ["https://a.test/feed", "https://b.test/feed"]
    assert feed_addresses(str(opml)) == ["https://a.test/feed?x=1&y=2"]
    assert feed_addresses("HTTPS://a.test/feed") == ["HTTPS://a.test/feed"]


BILLION_LAUGHS = "<!DOCTYPE o [<!ENTITY a 'aaaaaaaaaa'>{}]><opml><outline xmlUrl='&j;'/></opml>".format(
    "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9))
)


@pytest.mark.parametrize(
    "content",
    ["<opml><outline", "<opml/>", "<?xml version='1.0' encoding='none'?><opml/>", BILLION_LAUGHS, "<a>" * 100_000],
    ids=["cut", "empty", "encoding", "laughs", "deep"],
)
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(content)
    with pytest.raises(FeedListError, match=r"feeds\.opml"):
        feed_addresses(str(path))


def test_a_list_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FeedListError, match="name a URL or a file"):
        feed_addresses(str(tmp_path / "none.txt"))


@pytest.fixture
def command() -> typer.Typer:
    command = typer.Typer()
    command.command()(feed)
    return command


def test_the_command_writes_what_is_new_and_says_what_failed(
    paper: Paper, command: typer.Typer, tmp_path: Path
) -> None:
    paper.set_feed(item(2, SENTENCE * 20))
    arguments = [paper.url("/feed"), "--out", str(tmp_path / "news"), "--allow-private"]
    done = CliRunner().invoke(command, arguments)
    assert (done.exit_code, done.stdout.startswith("1 new articles of 1 feeds in ")) == (0, True)
    (path,) = (tmp_path / "news").glob("*.jsonl")
    assert json.loads(path.read_text())["title"] == "Harbour story 2"
    failed = CliRunner().invoke(command, [paper.url("/gone"), *arguments[1:]])
    assert (failed.exit_code, "404" in failed.stderr) == (1, True)


def test_the_command_refuses_private_addresses_unless_told_otherwise(
    paper: Paper, command: typer.Typer, tmp_path: Path
) -> None:
    done = CliRunner().invoke(command, [paper.url("/feed"), "--out", str(tmp_path)])
    assert (done.exit_code, "private address" in done.stderr) == (1, True)
    assert paper.asked == []


def test_misuse_of_the_command_is_told_apart(command: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("https://127.0.0.1/")
    assert CliRunner().invoke(command, [str(tmp_path / "none"), "--out", str(tmp_path)]).exit_code == 2
    assert CliRunner().invoke(command, [str(tmp_path / "file"), "--out", str(tmp_path / "file")]).exit_code == 2
    assert CliRunner().invoke(command, [str(tmp_path / "file")]).exit_code == 2


def test_a_page_that_is_named_by_its_address_is_written_where_it_can_be_read_again(
    paper: Paper, tmp_path: Path
) -> None:
    paper.pages["/story/1"] = story_page(1)
    command = typer.Typer()
    command.command()(fetch)
    done = CliRunner().invoke(
        command, [paper.url("/story/1"), paper.url("/missing"), "--out", str(tmp_path), "--allow-private"]
    )
    assert done.exit_code == 1
    assert "/missing" in done.output
    [file] = tmp_path.glob("page-*.jsonl")
    [article] = read_json_lines(file, ReadOptions())
    assert isinstance(article, Article)
    assert article.title == "Harbour story 1"


def test_a_collected_article_still_says_that_its_date_is_the_feeds(tmp_path: Path) -> None:
    record = {"title": "A", "text": "Words of a story.", "published_at": "2022-06-19T08:00:00Z", "date_origin": "feed"}
    (tmp_path / "collected.jsonl").write_text(json.dumps(record), encoding="utf-8")
    [article] = read_json_lines(tmp_path / "collected.jsonl", ReadOptions())
    assert isinstance(article, Article)
    assert article.date_origin is DateOrigin.FEED


def test_an_address_is_an_article_or_a_feed_whichever_is_there(paper: Paper, fetcher: Fetcher) -> None:
    paper.pages["/story/1"] = story_page(1)
    paper.set_feed(item(1))
    paper.media_types["/feed"] = "application/rss+xml"
    assert [one.title for one in read_address(paper.url("/story/1"), fetcher) if isinstance(one, Article)] == [
        "Harbour story 1"
    ]
    assert [one.title for one in read_address(paper.url("/feed"), fetcher) if isinstance(one, Article)] == [
        "Harbour story 1"
    ]


def test_an_address_of_neither_is_reported_with_the_reason(paper: Paper, fetcher: Fetcher) -> None:
    paper.pages["/picture"] = b"GIF89a"
    paper.media_types["/picture"] = "image/gif"
    (only,) = read_address(paper.url("/picture"), fetcher)
    assert isinstance(only, Unreadable)
    assert paper.url("/picture") in only.reason
    with pytest.raises(StatusError):
        list(read_address(paper.url("/nothing"), fetcher))
