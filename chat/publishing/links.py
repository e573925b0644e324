"""Links to articles, built from checked parts."""

from collections.abc import Iterable
from urllib.parse import quote

from corpus.addresses import normalise_address

_FRAGMENT_WORDS = 5  # at each end of a long quotation: enough to be found once, short enough to survive an edit


def web_address(url: str | None) -> str | None:
    """The normalised address of an article, or None when it is not http(s)."""
    address = normalise_address(url) if url else None
    return address if address and address.startswith(("https://", "http://")) else None


def address_of_words(url: str | None, quoted: Iterable[str]) -> str | None:
    """The article's own address, pointing at quoted words (https://wicg.github.io/scroll-to-text-fragment/).

    None when the article has no http(s) address.
    """
    address = web_address(url)
    if address is None:
        return None
    directives = "&".join(f"text={_text_directive(text)}" for text in quoted if text.strip())
    return f"{address}#:~:{directives}" if directives else address


def _text_directive(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        return _fragment_part(words)
    return f"{_fragment_part(words[:_FRAGMENT_WORDS])},{_fragment_part(words[-_FRAGMENT_WORDS:])}"


def _fragment_part(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
