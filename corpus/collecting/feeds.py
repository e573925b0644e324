"""New articles of feeds and sitemaps, with the story's page where a feed has only a summary."""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.article import Article, CorpusError, DateOrigin, Unreadable, offset_minutes
from corpus.collecting.sitemaps import is_index, is_sitemap, items_of_sitemap, without_gzip
from corpus.collecting.tombstones import entry_addresses, withdrawn_articles
from corpus.fetching.errors import FetchError, PostponedError
from corpus.fetching.fetcher import Fetched, Fetcher, Validators
from corpus.fetching.robots import Crawler
from corpus.publishers import known_publisher, source_of_address
from corpus.readers.form import ReaderError
from corpus.readers.pages.html_page import article_of_page
from corpus.readers.syndication.feed import FeedItem, article_of_item, items_of_feed

_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_BETTER_THAN_THE_FEED = frozenset({DateOrigin.JSON_LD, DateOrigin.META})
_MOST_ADDRESSES = 2_000  # of entries that a feed may still delete
_FEED = Path("feed")  # stands in for the file name; the reason names the address


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """What is remembered of a feed between runs."""

    validators: Validators = field(default_factory=Validators)
    items: frozenset[str] = frozenset()  # keys of the items that were taken
    addresses: Mapping[str, str] = field(default_factory=dict)  # of entries, by id; of a feed with tombstones
    problem: str = ""  # why the feed itself could not be read in the last run
    retry_at: datetime | None = None  # the publisher asked for no request before


def fetch_article(url: str, fetcher: Fetcher) -> Article:
    """The article at an address that a user named; raises CorpusError."""
    return _article_of(fetcher.fetch(url))


def update_feeds(
    urls: Iterable[str],
    fetcher: Fetcher,
    state: dict[str, FeedRecord],
    *,
    feeds_at_once: int = 8,
    most_pages: int | None = None,
) -> Iterator[Article | Unreadable]:
    """Articles that are new since `state`, which is updated after the last article of each feed or sitemap.

    What could not be had but may be later is asked for again in the next run; so is, with `most_pages`, what would take
    more pages of one feed.
    """
    crawler = Crawler(fetcher)
    stopped = threading.Event()

    def update(url: str) -> tuple[list[Article | Unreadable], FeedRecord]:
        return _update_feed(url, fetcher, crawler, state.get(url, FeedRecord()), _Limit(most_pages, stopped))

    addresses = list(dict.fromkeys(urls))
    pool = ThreadPoolExecutor(feeds_at_once)
    try:
        for url, (found, record) in zip(addresses, pool.map(update, addresses), strict=True):
            yield from found
            state[url] = record
    finally:
        stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)  # a slow publisher does not hold up who stops


@dataclass(slots=True)
class _Limit:
    """How many more pages of one feed may be fetched in this run; none after its publisher asked for a pause."""

    pages: int | None  # None: any number
    stopped: threading.Event
    retry_at: datetime | None = None

    def allows(self, item: FeedItem) -> bool:
        """Whether the item may be taken now; counts its page."""
        if self.stopped.is_set() or (item.is_summary and self.pages == 0):
            return False
        if item.is_summary and self.pages:
            self.pages -= 1
        return True

    def note(self, error: CorpusError) -> None:
        """Take account of why a page was not had."""
        if isinstance(error, FetchError) and error.retry_at:
            self.pages, self.retry_at = 0, error.retry_at


def _update_feed(
    url: str, fetcher: Fetcher, crawler: Crawler, record: FeedRecord, limit: _Limit
) -> tuple[list[Article | Unreadable], FeedRecord]:
    try:
        if record.retry_at and fetcher.clock() < record.retry_at:
            raise PostponedError(url, record.retry_at)
        feed = fetcher.fetch(url, validators=record.validators)
        if feed.not_modified:
            return [], replace(record, problem="", retry_at=None)
        feed = replace(feed, body=without_gzip(feed.body))
        items = _items(feed, crawler)
    except CorpusError as error:
        retry_at = error.retry_at if isinstance(error, FetchError) else None
        return [_unreadable(url, error)], replace(record, problem=str(error), retry_at=retry_at)
    found: list[Article | Unreadable] = []
    taken = {key for item in items if (key := _key(item)) in record.items}
    for item in items:
        if _key(item) not in taken and limit.allows(item):
            brought, may_come_later = _found_in(item, feed.fetched_at, crawler, limit)
            found += brought
            taken |= set() if may_come_later else {_key(item)}
    is_complete = taken >= set(map(_key, items))
    withdrawn = {_withdrawal_key(one): one for one in withdrawn_articles(feed.body, record.addresses, feed.fetched_at)}
    found += [one for key, one in withdrawn.items() if key not in record.items]
    addresses = {**record.addresses, **entry_addresses(feed.body)}
    kept = dict(list(addresses.items())[-_MOST_ADDRESSES:])
    validators = feed.validators if is_complete and not is_index(feed.body) else Validators()
    return found, FeedRecord(validators, frozenset(taken | withdrawn.keys()), kept, retry_at=limit.retry_at)


def _items(feed: Fetched, crawler: Crawler) -> list[FeedItem]:
    if is_sitemap(feed.body):
        return items_of_sitemap(feed.body, lambda url: crawler.fetch(url).body)
    return items_of_feed(feed.body, url=feed.url, content_type=feed.content_type)


def _withdrawal_key(article: Article) -> str:
    return hashlib.sha256(f"withdrawn\0{article.url}\0{article.updated_at}".encode()).hexdigest()[:16]


def _found_in(
    item: FeedItem, fetched_at: datetime, crawler: Crawler, limit: _Limit
) -> tuple[list[Article | Unreadable], bool]:
    """What one item yields, and whether its page may yield more later."""
    found: list[Article | Unreadable] = []
    may_come_later = False
    if item.is_summary and item.url:
        try:
            return [_with_the_feeds_source(_dated_by_feed(_article_of(crawler.fetch(item.url)), item), item)], False
        except CorpusError as error:
            limit.note(error)
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
    """The article with the feed's date, which is more reliable than all but the page's own metadata.

    The moment of an update dates only an article that has no other date.
    """
    published_at = item.published_at or (item.updated_at if article.published_at is None else None)
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
    parts = (item.url, item.title, item.text, item.updated_at, *([item.state] if item.state else []))
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def _unreadable(url: str, error: CorpusError, consequence: str = "") -> Unreadable:
    reason = f"{error}{consequence}"
    return Unreadable(_FEED, reason if url in reason else f"{url}: {reason}", trouble=error.trouble)


def plain_record(record: FeedRecord) -> dict[str, Any]:
    """A record in plain JSON types."""
    plain = asdict(record.validators) | {"items": sorted(record.items), "addresses": dict(record.addresses)}
    return plain | ({"retry_at": record.retry_at.isoformat()} if record.retry_at else {})


def record_from(plain: Mapping[str, Any]) -> FeedRecord:
    """What `plain_record` gave, also that of an older Dateline; raises KeyError, TypeError or ValueError otherwise."""
    validators = Validators(plain["etag"], plain["last_modified"])
    retry_at = datetime.fromisoformat(plain["retry_at"]).astimezone(UTC) if "retry_at" in plain else None
    return FeedRecord(validators, frozenset(plain["items"]), dict(plain.get("addresses", {})), retry_at=retry_at)
