"""The API on the page's server: its routes, who may use them, and what runs beside them."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from web.api.access import LOCAL, Access, CheckedAccess
from web.api.bounded_chatbot import BoundedChatbot

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from chat.chatbot import Chatbot
    from chat.standing.asking import StandingQuestions

OPENAPI_PATH = "/api/openapi.json"


def add_programs(
    app: "FastAPI", chatbot: "Chatbot", access: Access = LOCAL, standing: "StandingQuestions | None" = None
) -> None:
    """Add the API to an application, which describes it at OPENAPI_PATH; before a page is mounted at its root."""
    from starlette.routing import Route

    from web.api.chat_completions import openai_routes
    from web.api.errors import add_error_handlers
    from web.api.health import Measured, Metrics, health_routes
    from web.api.rates import BoundedRates
    from web.api.routes import rest_routes
    from web.api.standing import standing_routes
    from web.mcp.endpoint import McpEndpoint

    bounded = BoundedChatbot(chatbot)
    metrics, endpoint = Metrics(bounded), McpEndpoint(bounded)
    for router in (rest_routes(bounded), openai_routes(bounded), health_routes(bounded, metrics)):
        app.include_router(router)
    if standing:
        app.include_router(standing_routes(bounded, standing))
    app.router.routes.append(Route("/mcp", endpoint, include_in_schema=False))
    for folder in ("/api", "/v1"):  # the page at the root would take a wrong method for a path of its own
        app.router.routes.append(
            Route(f"{folder}/{{rest:path}}", _wrong_method, methods=["GET", "POST", "DELETE"], include_in_schema=False)
        )
    add_error_handlers(app)
    app.add_middleware(BoundedRates)
    app.add_middleware(CheckedAccess, access=access)
    app.add_middleware(Measured, metrics=metrics)
    app.router.lifespan_context = _with_programs(app.router.lifespan_context, endpoint.running, bounded)


async def _wrong_method(request: "Request") -> "Response":
    from starlette.exceptions import HTTPException

    raise HTTPException(405)


def _with_programs(
    lifespan: "Callable[[Any], AbstractAsyncContextManager[Any]]",
    running: "Callable[[], AbstractAsyncContextManager[None]]",
    chatbot: BoundedChatbot,
) -> "Callable[[Any], AbstractAsyncContextManager[Any]]":
    @asynccontextmanager
    async def longer(app: Any) -> AsyncIterator[Any]:
        try:
            async with lifespan(app) as state, running():
                yield state
        finally:
            chatbot.close()

    return longer
