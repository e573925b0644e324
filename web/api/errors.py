"""Errors of the API: one JSON form for all, which is also that of OpenAI's clients."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chat.errors import ChatError
from indexer.errors import IndexerError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import JSONResponse

_FAILED = "something went wrong on the server; the reason is in its log; ask again"


class ApiError(Exception):
    """A request that is not answered; the message names what is wrong, then what to do."""

    def __init__(self, status: int, message: str, *, code: str = "invalid_request", param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param

    @property
    def data(self) -> dict[str, Any]:
        """The body of the response."""
        return error_data(self.status, str(self), code=self.code, param=self.param)


def error_data(status: int, message: str, *, code: str, param: str | None = None) -> dict[str, Any]:
    """The JSON of an error; `type` is what OpenAI's clients look at."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return {"error": {"message": message, "type": kind, "code": code, "param": param}}


def api_error(error: Exception) -> ApiError:
    """The error that a client sees; what we did not raise on purpose is logged and not shown."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, ChatError):
        return ApiError(400, str(error))
    if isinstance(error, IndexerError):
        logging.getLogger(__name__).error("the archive cannot be read: %s", error)
        return ApiError(503, "the archive cannot be read; run: python -m indexer doctor", code="archive_unavailable")
    logging.getLogger(__name__).error("a request of a program failed", exc_info=error)
    return ApiError(500, _FAILED, code="internal_error")


def validation_error(faults: Sequence[Any]) -> ApiError:
    """The first fault that pydantic found, with the field that has it; never what was sent."""
    fault = faults[0]
    place = [str(part) for part in fault["loc"] if part not in ("body", "query", "path")]
    param = ".".join(place) or None
    reason = str(fault["msg"]).removeprefix("Value error, ")
    return ApiError(422, f"{param or 'the request'}: {reason}; see /api/openapi.json", param=param)


def add_error_handlers(app: "FastAPI") -> None:
    """Answer every error with JSON."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from starlette.responses import JSONResponse

    def respond(error: ApiError, headers: dict[str, str] | None = None) -> "JSONResponse":
        return JSONResponse(error.data, error.status, headers)

    async def on_error(request: "Request", error: Exception) -> "JSONResponse":
        known = api_error(error)
        return respond(known, {"retry-after": "5"} if known.status == 503 else None)

    async def on_invalid(request: "Request", error: Exception) -> "JSONResponse":
        assert isinstance(error, RequestValidationError)
        return respond(validation_error(error.errors()))

    async def on_http_error(request: "Request", error: Exception) -> "JSONResponse":
        assert isinstance(error, HTTPException)
        reason = f"{request.method} {request.url.path}: {str(error.detail).lower()}; see /api/openapi.json"
        return respond(ApiError(error.status_code, reason), dict(error.headers or {}))

    for kind in (ApiError, ChatError, IndexerError, Exception):
        app.add_exception_handler(kind, on_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
