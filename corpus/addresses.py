"""Addresses of articles: one spelling for each, and the publisher that each belongs to."""

from urllib.parse import urlsplit, urlunsplit


def normalise_address(url: str) -> str | None:
    """The one spelling of an http(s) address, or None when it is not one."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username or parts.password:
        return None
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    return urlunsplit(("https", place, parts.path.rstrip("/") or "/", parts.query, ""))


def source_of_address(address: str) -> str:
    """The publisher's name for an address: the host without its `www.`, as a stand-in for the table to come."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
