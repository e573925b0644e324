"""Lists of feeds: OPML, or one address a line."""

from pathlib import Path
from xml.parsers import expat

from corpus.article import CorpusError
from corpus.readers.decoding import read_bytes

_MAX_LIST_BYTES = 4_000_000


class FeedListError(CorpusError):
    """A list of feeds that could not be read."""


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
