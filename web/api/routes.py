"""The REST interface: /api/ask, /api/search, /api/find, /api/articles and /api/timeline."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import JSONResponse

from web.api import lookups, responses
from web.api.bounded_chatbot import BoundedChatbot
from web.api.departures import while_connected
from web.api.event_stream import answer_json, event_stream, streaming
from web.api.requests import Ask, Find, Search, Timeline, TimelineFormat

if TYPE_CHECKING:
    from chat.answer import Turn

_FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": responses.Failure, "description": description}
    for status, description in (
        (400, "Not asked."),
        (401, "A token is missing or wrong."),
        (422, "A field is missing, unknown or out of bounds."),
        (503, "Too many wait, or the archive cannot be read."),
    )
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer, or with `Accept: text/event-stream` the events understood, evidence, draft, "
        "sentence and finished.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The timeline in the wanted format.",
        "content": {kind: {"schema": {"type": "string"}} for kind in ("text/markdown", "text/csv", "text/calendar")},
    }
}


def rest_routes(chatbot: BoundedChatbot) -> APIRouter:
    """The routes of one chatbot."""
    router = APIRouter(
        prefix="/api", responses=_FAILURES, tags=["archive"], generate_unique_id_function=lambda route: route.name
    )
    _add_ask(router, chatbot)
    _add_search(router, chatbot)
    _add_find(router, chatbot)
    _add_articles(router, chatbot)
    _add_timeline(router, chatbot)
    return router


def _add_ask(router: APIRouter, chatbot: BoundedChatbot) -> None:
    @router.post("/ask", response_model=responses.Answer, responses=_STREAMED)
    async def ask(wanted: Ask, request: Request) -> Any:
        """Answer a question, with a citation for every sentence."""
        if "text/event-stream" in request.headers.get("accept", ""):
            return streaming(event_stream(chatbot.events(wanted)))
        turn: Turn = await while_connected(request, chatbot.turn(wanted))
        return answer_json(turn.question, turn.answer)


def _add_search(router: APIRouter, chatbot: BoundedChatbot) -> None:
    @router.get("/search", response_model=responses.Hits)
    async def search(wanted: Annotated[Search, Query()]) -> Any:
        """Find the passages that match a question or some words best."""
        return await chatbot.look_up(lookups.search, wanted)

    @router.post("/search", response_model=responses.Hits)
    async def search_post(wanted: Search) -> Any:
        """As GET."""
        return await chatbot.look_up(lookups.search, wanted)


def _add_find(router: APIRouter, chatbot: BoundedChatbot) -> None:
    @router.get("/find", response_model=responses.Finding)
    async def find(wanted: Annotated[Find, Query()]) -> Any:
        """Find the article that published a quotation or a paragraph first."""
        return await chatbot.look_up(lookups.find, wanted)

    @router.post("/find", response_model=responses.Finding)
    async def find_post(wanted: Find) -> Any:
        """As GET."""
        return await chatbot.look_up(lookups.find, wanted)


def _add_articles(router: APIRouter, chatbot: BoundedChatbot) -> None:
    missing: dict[int | str, dict[str, Any]] = {404: {"model": responses.Failure, "description": "Not in the archive."}}

    @router.get("/articles/{id}", response_model=responses.Article, responses=missing)
    async def article(
        article_id: Annotated[str, Path(alias="id", max_length=200)],
        version: Annotated[int | None, Query(ge=1, le=1_000_000, description="The latest one by default.")] = None,
    ) -> Any:
        """Read an article: its text, versions and syndicated copies."""
        return await chatbot.look_up(lookups.article, article_id, version)


def _add_timeline(router: APIRouter, chatbot: BoundedChatbot) -> None:
    async def respond(wanted: Timeline) -> Response:
        events = await chatbot.look_up(lookups.timeline, wanted)
        if wanted.format is TimelineFormat.JSON:
            return JSONResponse(lookups.timeline_json(wanted, events))
        text, media_type = lookups.timeline_file(wanted, events)
        return Response(text, media_type=media_type)

    @router.get("/timeline", response_model=responses.Timeline, responses=_FILES)
    async def timeline(wanted: Annotated[Timeline, Query()]) -> Response:
        """List the dated events that the archive reports of a subject."""
        return await respond(wanted)

    @router.post("/timeline", response_model=responses.Timeline, responses=_FILES)
    async def timeline_post(wanted: Timeline) -> Response:
        """As GET."""
        return await respond(wanted)
