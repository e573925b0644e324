"""The cookie by which the server knows a browser again; a page cannot read it, nor can another site send it."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

_NAME = "dateline"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_LANGUAGE = "language"
_SECONDS = 30 * 24 * 3600


def new_cookie() -> str:
    """The Set-Cookie header for a browser that has none."""
    return f"{_NAME}={secrets.token_urlsafe(24)}; Path=/; Max-Age={_SECONDS}; HttpOnly; SameSite=Strict"


def token_of(cookie_header: str) -> str:
    """The reader's token from a Cookie header; empty when it holds none."""
    try:
        found = SimpleCookie(cookie_header).get(_NAME)
    except CookieError:
        return ""
    return found.value if found and _TOKEN.fullmatch(found.value) else ""


def language_of(cookie_header: str) -> str:
    """The language that a reader chose in the page; empty without a choice. The page's script sets this cookie."""
    try:
        found = SimpleCookie(cookie_header).get(_LANGUAGE)
    except CookieError:
        return ""
    return found.value if found else ""
