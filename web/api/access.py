"""Who may use the API: programs with the token, or, without one, programs on this machine."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat.errors import ChatError
from web.api.errors import ApiError
from web.api.paths import is_for_programs, is_open_to_all

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_SHORTEST_TOKEN = 16  # characters


@dataclass(frozen=True, slots=True)
class Access:
    """The token that programs must send; without one, the API answers only where `is_local` says so."""

    token: str = ""
    is_local: bool = True  # only programs on this machine reach the server

    def __post_init__(self) -> None:
        """Raises ChatError for a token that is easily guessed or that no header can hold."""
        printable = self.token.isascii() and self.token.isprintable() and " " not in self.token
        if self.token and (len(self.token) < _SHORTEST_TOKEN or not printable):
            raise ChatError(
                f"the token for programs is not usable; choose {_SHORTEST_TOKEN} or more ASCII characters without "
                'spaces, with: python -c "import secrets; print(secrets.token_urlsafe())"'
            )

    def refusal(self, path: str, headers: Mapping[str, str]) -> ApiError | None:
        """Why a request of a program is refused."""
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return ApiError(403, "not for other sites' pages; ask from a program", code="foreign_page")
        if is_open_to_all(path) or (self.is_local and not self.token):
            return None
        if not self.token:
            return ApiError(
                403,
                "this server is open to other machines, so programs need a token; start it with DATELINE_TOKEN=... "
                "or --token ...",
                code="no_token_set",
            )
        sent = headers.get("authorization", "")
        if hmac.compare_digest(sent.encode("latin-1", "replace"), f"Bearer {self.token}".encode()):
            return None
        return ApiError(
            401, "the token is missing or wrong; send the header: Authorization: Bearer TOKEN", code="invalid_token"
        )


LOCAL = Access()


class CheckedAccess:
    """ASGI middleware: lets programs in that may use the API, and leaves the page alone."""

    def __init__(self, app: "ASGIApp", access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            return await self._app(scope, receive, send)
        from starlette.responses import JSONResponse

        headers = {"www-authenticate": "Bearer"} if refusal.status == 401 else None
        return await JSONResponse(refusal.data, refusal.status, headers)(scope, receive, send)

    def _refusal(self, scope: "Scope") -> ApiError | None:
        path = scope["path"].rstrip("/") or "/"
        if not is_for_programs(path):
            return None
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return self._access.refusal(path, headers)
