"""Cookies: how any is read, and the one by which the server knows a browser again, which no page can read."""

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


def cookie_value(cookie_header: str, name: str) -> str:
    """The value of a cookie in a Cookie header; empty where it is missing or the header is none."""
    try:
        found = SimpleCookie(cookie_header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def token_of(cookie_header: str) -> str:
    """The reader's token from a Cookie header; empty when it holds none."""
    found = cookie_value(cookie_header, _NAME)
    return found if _TOKEN.fullmatch(found) else ""


def language_of(cookie_header: str) -> str:
    """The language that a reader chose in the page; empty without a choice. The page's script sets this cookie."""
    return cookie_value(cookie_header, _LANGUAGE)
