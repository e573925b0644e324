"""The paths that programs may request; a test compares them with the routes and with docs/api.md."""

import re

OPEN_TO_ALL = frozenset({"/healthz", "/readyz"})  # a load balancer has no token, and they say nothing of the archive
PATHS = OPEN_TO_ALL | {
    "/api/ask",
    "/api/find",
    "/api/openapi.json",
    "/api/search",
    "/api/standing",
    "/api/timeline",
    "/mcp",
    "/metrics",
    "/v1/chat/completions",
    "/v1/models",
}
FOLDERS = ("/api/articles/", "/api/standing/", "/v1/models/")
_FEED = re.compile(r"/api/standing/[\w-]{22}/feed")  # whose id is the key: few feed readers can send a token


def is_open_to_all(path: str) -> bool:
    """Whether a path needs no token."""
    return path in OPEN_TO_ALL or bool(_FEED.fullmatch(path))


def can_delete(path: str) -> bool:
    """Whether something may be deleted at a path."""
    return path.startswith("/api/standing/")


def is_for_programs(path: str) -> bool:
    """Whether a path, without a slash at its end, belongs to the API rather than to the page."""
    return path in PATHS or path.startswith(FOLDERS)
