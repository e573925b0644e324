"""News at an address that a user names: the article of a page, or what is in a feed."""

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.collecting.feeds import fetch_article, update_feeds
from corpus.fetching.fetcher import Fetcher
from corpus.readers.form import ReaderError

_ADDRESS = Path("address")  # stands in for the file name; the reason names the address


def read_address(url: str, fetcher: Fetcher) -> Iterator[Article | Unreadable]:
    """The article or the articles at an address; what could not be had is reported. Raises FetchError for a page."""
    try:
        yield fetch_article(url, fetcher)
    except ReaderError as error:
        yield from _of_feed(url, fetcher, error)


def _of_feed(url: str, fetcher: Fetcher, no_page: ReaderError) -> Iterator[Article | Unreadable]:
    """What is in a feed, or why the page is no article where it is no feed either."""
    found = list(update_feeds([url], fetcher, {}))
    if any(isinstance(one, Article) for one in found):
        yield from found
    else:
        yield from found or [Unreadable(_ADDRESS, str(no_page))]
