"""The paths that programs may request; a test compares them with the routes and with docs/api.md."""

OPEN_TO_ALL = frozenset({"/healthz", "/readyz"})  # a load balancer has no token, and they say nothing of the archive
PATHS = OPEN_TO_ALL | {
    "/api/ask",
    "/api/find",
    "/api/openapi.json",
    "/api/search",
    "/api/timeline",
    "/mcp",
    "/metrics",
    "/v1/chat/completions",
    "/v1/models",
}
FOLDERS = ("/api/articles/", "/v1/models/")


def is_for_programs(path: str) -> bool:
    """Whether a path, without a slash at its end, belongs to the API rather than to the page."""
    return path in PATHS or path.startswith(FOLDERS)
