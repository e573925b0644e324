"""The feed command: new articles of feeds, with the story's page where a feed has only a summary."""

import hashlib
import itertools
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO
from xml.parsers import expat

import typer

from corpus.article import Article, CorpusError, DateOrigin, Unreadable, offset_minutes
from corpus.fetching.errors import FetchError
from corpus.fetching.fetcher import Fetched, Fetcher, Validators
from corpus.fetching.robots import Crawler
from corpus.publishers import known_publisher, source_of_address
from corpus.readers.decoding import read_bytes
from corpus.readers.form import ReaderError
from corpus.readers.pages.html_page import article_of_page
from corpus.readers.syndication.feed import FeedItem, article_of_item, items_of_feed

STATE_NAME = ".feeds.json"  # beside the articles; hidden, so that it is not read as news
_MAX_LIST_BYTES = 4_000_000
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_BETTER_THAN_THE_FEED = frozenset({DateOrigin.JSON_LD, DateOrigin.META})
_NOT_WRITTEN = frozenset({"id", "version", "utc_offset_minutes"})
_FEED = Path("feed")  # stands in for the file name; the reason names the address


class FeedListError(CorpusError):
    """A list of feeds that could not be read."""


class FeedStateError(CorpusError):
    """A record of earlier runs that could not be read."""


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """What is remembered of a feed between runs."""

    validators: Validators = field(default_factory=Validators)
    items: frozenset[str] = frozenset()  # keys of the items that were taken


def fetch_article(url: str, fetcher: Fetcher) -> Article:
    """The article at an address that a user named; raises CorpusError."""
    return _article_of(fetcher.fetch(url))


def update_feeds(
    urls: Iterable[str], fetcher: Fetcher, state: dict[str, FeedRecord], *, feeds_at_once: int = 8
) -> Iterator[Article | Unreadable]:
    """Articles that are new since `state`, which is updated after the last article of each feed.

    What could not be had but may be later is asked for again in the next run.
    """
    crawler = Crawler(fetcher)
    stopped = threading.Event()

    def update(url: str) -> tuple[list[Article | Unreadable], FeedRecord]:
        return _update_feed(url, fetcher, crawler, state.get(url, FeedRecord()), stopped)

    addresses = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(feeds_at_once) as pool:
        try:
            for url, (found, record) in zip(addresses, pool.map(update, addresses), strict=True):
                yield from found
                state[url] = record
        finally:
            stopped.set()


def _update_feed(
    url: str, fetcher: Fetcher, crawler: Crawler, record: FeedRecord, stopped: threading.Event
) -> tuple[list[Article | Unreadable], FeedRecord]:
    try:
        feed = fetcher.fetch(url, validators=record.validators)
        if feed.not_modified:
            return [], record
        items = items_of_feed(feed.body, url=feed.url, content_type=feed.content_type)
    except CorpusError as error:
        return [_unreadable(url, error)], record
    found: list[Article | Unreadable] = []
    taken = {key for item in items if (key := _key(item)) in record.items}
    for item in items:
        if _key(item) not in taken and not stopped.is_set():
            brought, may_come_later = _found_in(item, feed.fetched_at, crawler)
            found += brought
            taken |= set() if may_come_later else {_key(item)}
    is_complete = taken >= set(map(_key, items))
    return found, FeedRecord(feed.validators if is_complete else Validators(), frozenset(taken))


def _found_in(item: FeedItem, fetched_at: datetime, crawler: Crawler) -> tuple[list[Article | Unreadable], bool]:
    """What one item yields, and whether its page may yield more later."""
    found: list[Article | Unreadable] = []
    may_come_later = False
    if item.is_summary and item.url:
        try:
            return [_with_the_feeds_source(_dated_by_feed(_article_of(crawler.fetch(item.url)), item), item)], False
        except CorpusError as error:
            found.append(_unreadable(item.url, error, "; only the feed's summary was kept" if item.text else ""))
            may_come_later = isinstance(error, FetchError) and error.is_temporary
    try:
        found.append(article_of_item(item, fetched_at))
    except CorpusError as error:
        found = found or [_unreadable(item.url or item.title, error)]
    return found, may_come_later


def _article_of(page: Fetched) -> Article:
    if page.media_type not in _PAGE_TYPES:
        raise ReaderError(f"{page.url}: is {page.media_type}, not a page")
    return article_of_page(page.body, url=page.url, fetched_at=page.fetched_at, charset=page.charset)


def _dated_by_feed(article: Article, item: FeedItem) -> Article:
    """The article with the feed's date, which is more reliable than all but the page's own metadata."""
    published_at = item.published_at or item.updated_at
    if published_at is None or article.date_origin in _BETTER_THAN_THE_FEED:
        return article
    return replace(
        article,
        published_at=published_at.astimezone(UTC),
        utc_offset_minutes=offset_minutes(published_at),
        date_origin=DateOrigin.FEED,
    )


def _with_the_feeds_source(article: Article, item: FeedItem) -> Article:
    """The article with the feed's name of its publisher, where the page only has a domain."""
    publisher = item.source or item.channel
    url = article.url or ""
    has_name = known_publisher(url) or article.source != source_of_address(url)
    return replace(article, source=publisher) if publisher and not has_name else article


def _key(item: FeedItem) -> str:
    """A key of an item that changes when the item changes."""
    parts = (item.url, item.title, item.text, item.updated_at)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def _unreadable(url: str, error: CorpusError, consequence: str = "") -> Unreadable:
    reason = f"{error}{consequence}"
    return Unreadable(_FEED, reason if url in reason else f"{url}: {reason}")


def feed_addresses(named: str) -> list[str]:
    """The feeds that an argument names: a URL, or a file in OPML or with one address a line."""
    if named.lower().startswith(("http://", "https://")):
        return [named]
    try:
        content = read_bytes(Path(named), _MAX_LIST_BYTES)
    except OSError as error:
        raise FeedListError(f"{named}: {error.strerror}; name a URL or a file with a list of them") from error
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _opml_addresses(named, content)
    lines = (line.strip() for line in content.decode("utf-8-sig", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _opml_addresses(named: str, content: bytes) -> list[str]:
    addresses: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.lower() == "outline" and (address := attributes.get("xmlUrl") or attributes.get("xmlurl")):
            addresses.append(address.strip())

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FeedListError(f"{named}: not readable as OPML: {error}") from error
    if not addresses:
        raise FeedListError(f"{named}: names no feed; OPML names feeds in the attribute xmlUrl")
    return addresses


def load_state(path: Path) -> dict[str, FeedRecord]:
    """The state that `save_state` wrote, empty before the first run; raises FeedStateError."""
    try:
        records = json.loads(path.read_bytes())
        return {
            url: FeedRecord(Validators(record["etag"], record["last_modified"]), frozenset(record["items"]))
            for url, record in records.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FeedStateError(f"{path}: cannot be read; delete it to take every feed as new") from error


def save_state(path: Path, state: dict[str, FeedRecord]) -> None:
    """Replace the state on disk atomically."""
    records = {url: asdict(record.validators) | {"items": sorted(record.items)} for url, record in state.items()}
    part = _part_of(path)
    with part.open("w", encoding="utf-8") as file:
        json.dump(records, file, indent=1)
        _close_synced(file)
    part.replace(path)


def collect_feeds(
    urls: Iterable[str], folder: Path, fetcher: Fetcher, report: Callable[[Unreadable], None]
) -> tuple[int, Path | None]:
    """Write new articles of feeds to a new JSON Lines file in `folder`; returns their number and the file.

    An interrupted run keeps what it fetched, and the next one resumes at the same feed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = load_state(folder / STATE_NAME)
    path = free_name(folder, "feed", fetcher.clock())
    part = _part_of(path)
    count = 0
    with part.open("w", encoding="utf-8") as file:
        try:
            for found in update_feeds(urls, fetcher, state):
                if isinstance(found, Unreadable):
                    report(found)
                else:
                    file.write(line_of(found))
                    count += 1
        finally:
            _close_synced(file)
            if count:
                part.replace(path)
            else:
                part.unlink()
            save_state(folder / STATE_NAME, state)
    return count, path if count else None


def _part_of(path: Path) -> Path:
    """Where a file is written before it is renamed, hidden from readers."""
    return path.with_name(f".{path.name.lstrip('.')}.part")


def _close_synced(file: TextIO) -> None:
    """Flush a file to disk and close it."""
    file.flush()
    os.fsync(file.fileno())
    file.close()


def free_name(folder: Path, kind: str, now: datetime) -> Path:
    """An unused name for a new file of articles."""
    stem = f"{kind}-{now:%Y%m%dT%H%M%SZ}"
    names = (
        folder / f"{stem}{suffix}.jsonl"
        for suffix in itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    )
    return next(name for name in names if not name.exists())


def line_of(article: Article) -> str:
    """An article as a line of JSON that the reader of JSON Lines understands."""
    fields = {name: value for name, value in asdict(article).items() if value and name not in _NOT_WRITTEN}
    if local := article.published_locally:
        fields["published_at"] = local
    return json.dumps(fields, ensure_ascii=False, default=datetime.isoformat) + "\n"


def feed(
    feeds: Annotated[
        list[str], typer.Argument(metavar="URL|FILE...", help="Feeds, or lists of them (OPML, or a line each).")
    ],
    out: Annotated[Path, typer.Option(help="The folder that the articles are written to.")],
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from an intranet, too.")] = False,
) -> None:
    """Write what is new in feeds to a folder that can be indexed."""
    failures: list[Unreadable] = []

    def report(unreadable: Unreadable) -> None:
        failures.append(unreadable)
        typer.echo(str(unreadable), err=True)

    try:
        urls = [url for named in feeds for url in feed_addresses(named)]
        count, path = collect_feeds(urls, out, Fetcher(allow_private=allow_private), report)
    except CorpusError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except OSError as error:
        typer.echo(f"{out}: {error.strerror}; name a folder that can be written to with --out", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{count} new articles of {len(urls)} feeds{f' in {path}' if path else ''}")
    if failures:
        raise typer.Exit(1)
