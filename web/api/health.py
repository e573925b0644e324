"""Whether the server lives, whether it can answer, and how it fares: /healthz, /readyz, /metrics."""

import sqlite3
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from indexer.errors import IndexerError
from web.api.bounded_chatbot import BoundedChatbot
from web.api.errors import error_data

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat.chatbot import Chatbot


class Metrics:
    """Counts for Prometheus, of one server."""

    def __init__(self, chatbot: BoundedChatbot) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "dateline_requests", "Requests that programs made.", ("route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "dateline_request_seconds", "Time to the end of a response.", ("route",), registry=self.registry
        )
        admitted = Gauge("dateline_requests_admitted", "Requests that run or wait.", registry=self.registry)
        admitted.set_function(lambda: chatbot.admitted)

    def page(self) -> tuple[bytes, str]:
        """All counts as Prometheus reads them, with the media type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self.registry), CONTENT_TYPE_LATEST


class Measured:
    """ASGI middleware that counts the requests to routes of the API."""

    def __init__(self, app: "ASGIApp", metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started, statuses = time.monotonic(), [500]
        try:
            await self._app(scope, receive, partial(_send_noting, statuses, send))
        finally:
            # The router names the route here; the page's own paths are Gradio's, and have none.
            if route := getattr(scope.get("route"), "path", None):
                self._metrics.requests.labels(route, str(statuses[-1])).inc()
                self._metrics.seconds.labels(route).observe(time.monotonic() - started)


async def _send_noting(statuses: list[int], send: "Send", message: "Message") -> None:
    if message["type"] == "http.response.start":
        statuses.append(message["status"])
    await send(message)


def health_routes(chatbot: BoundedChatbot, metrics: Metrics) -> APIRouter:
    """The routes for whoever runs the server."""
    router = APIRouter(tags=["operations"], generate_unique_id_function=lambda route: route.name)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the server lives."""
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz() -> Any:
        """Say whether questions can be answered."""
        try:
            await chatbot.look_up(_read_archive)
        except (IndexerError, sqlite3.Error):
            fix = "the archive cannot be read; run: python -m indexer doctor"
            return JSONResponse(error_data(503, fix, code="archive_unavailable"), 503)
        return {"status": "ready"}

    @router.get("/metrics", response_class=Response)
    async def all_metrics() -> Response:
        """Counts and times for Prometheus."""
        page, media_type = metrics.page()
        return Response(page, media_type=media_type)

    return router


def _read_archive(chatbot: "Chatbot") -> int:
    return chatbot.index.archive.sequence()
