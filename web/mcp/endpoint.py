"""MCP over streamable HTTP, without sessions: every request stands for itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from web.api.bounded_chatbot import BoundedChatbot
from web.api.errors import error_data
from web.mcp.tools import mcp_server

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send

_MISSING = "MCP needs a package that is not installed here; install it with: pip install -e '.[mcp]'"


class McpEndpoint:
    """An ASGI application; it answers while `running`."""

    def __init__(self, chatbot: BoundedChatbot) -> None:
        self._manager = _session_manager(chatbot)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Calls are answered inside, and cancelled at the end."""
        if self._manager is None:
            yield
            return
        async with self._manager.run():
            yield

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if self._manager is None:
            from starlette.responses import JSONResponse

            return await JSONResponse(error_data(501, _MISSING, code="not_installed"), 501)(scope, receive, send)
        return await self._manager.handle_request(scope, receive, send)


def _session_manager(chatbot: BoundedChatbot) -> "StreamableHTTPSessionManager | None":
    """None where the SDK is not installed."""
    try:
        from mcp.server.transport_security import TransportSecuritySettings
    except ImportError:
        return None
    server = mcp_server(chatbot)
    # The wall in front of all routes checks hosts and origins.
    open_within = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server.streamable_http_app(stateless_http=True, transport_security=open_within)
    return server.session_manager
