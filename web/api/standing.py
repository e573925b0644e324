"""The REST interface of standing questions: /api/standing, and the Atom feed of each."""

import hashlib
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from chat.errors import StandingError
from chat.standing.atom import MEDIA_TYPE, atom_feed
from chat.standing.plain_data import question_data
from web.api import responses
from web.api.bounded_chatbot import BoundedChatbot
from web.api.errors import ApiError
from web.api.requests import Stand

if TYPE_CHECKING:
    from chat.standing.asking import StandingQuestions
    from chat.standing.question import StandingQuestion

_OWNER = ""  # those of a page's readers are their own
_MOST_ENTRIES = 100
_MISSING: dict[int | str, dict[str, Any]] = {
    404: {"model": responses.Failure, "description": "No such standing question."}
}
_ATOM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The changes, the newest first.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}},
    304: {"description": "Nothing changed since the feed with this ETag."},
}
_Id = Annotated[str, Path(max_length=200)]


def standing_routes(chatbot: BoundedChatbot, standing: "StandingQuestions") -> APIRouter:
    """The routes of one archive's standing questions."""
    router = APIRouter(
        prefix="/api/standing",
        tags=["standing questions"],
        responses={422: {"model": responses.Failure, "description": "A field is missing, unknown or out of bounds."}},
        generate_unique_id_function=lambda route: route.name,
    )

    def data_of(question: "StandingQuestion", request: Request) -> dict[str, Any]:
        data = question_data(question, standing.stored.changes_of(question.id))
        return data | {"feed": f"{request.base_url}api/standing/{question.id}/feed"}

    @router.post("", status_code=201, response_model=responses.StandingQuestion)
    async def save_standing_question(wanted: Stand, request: Request) -> Any:
        """Save a question; it is asked again after each addition to the archive."""
        text, without = wanted.typed(wanted.question), [one.key for one in wanted.without]
        question = await chatbot.look_up(
            lambda _: standing.save(text, earlier=wanted.conversation, without=without, owner=_OWNER)
        )
        return data_of(question, request)

    @router.get("", response_model=responses.StandingQuestions)
    async def standing_questions(request: Request) -> Any:
        """List the standing questions of programs and of the command line, with their changes."""
        return {"standing_questions": [data_of(one, request) for one in standing.questions(_OWNER)]}

    @router.get("/{id}", response_model=responses.StandingQuestion, responses=_MISSING)
    async def standing_question(id: _Id, request: Request) -> Any:
        """Read a standing question with its changes, the newest first."""
        return data_of(_found(standing, id, _OWNER), request)

    @router.delete("/{id}", status_code=204, responses=_MISSING)
    async def delete_standing_question(id: _Id) -> None:
        """Delete a standing question with its changes."""
        _found(standing, id, _OWNER)
        await chatbot.look_up(lambda _: standing.delete(id, _OWNER))

    @router.get("/{id}/feed", response_class=Response, responses=_ATOM | _MISSING)
    async def standing_feed(id: _Id, request: Request) -> Response:
        """Follow the changes of a standing question in a feed reader (Atom); its id is its only key."""
        question = _found(standing, id, None)
        changes = standing.stored.changes_of(id)[:_MOST_ENTRIES]
        address, page = f"{request.base_url}api/standing/{id}/feed", str(request.base_url)
        feed = atom_feed(question.text, address, changes, since=question.since, address=address, page=page)
        return _unless_known(feed, request)

    return router


def _found(standing: "StandingQuestions", id: str, owner: str | None) -> "StandingQuestion":
    try:
        return standing.question(id, owner)
    except StandingError:
        raise ApiError(
            404, "no such standing question; list them with: GET /api/standing", code="not_found", param="id"
        ) from None


def _unless_known(feed: bytes, request: Request) -> Response:
    etag = f'"{hashlib.sha256(feed).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(feed, media_type=MEDIA_TYPE, headers=headers)
