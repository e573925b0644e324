"""The page on an address: binding it, mounting the page behind the wall, serving until interrupted."""

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

from chat.errors import ChatError
from web.localized import Localized
from web.programs import OPENAPI_PATH
from web.protection.calls import CheckedCalls
from web.protection.gradio_queue import UNREAD_S, GradioQueue
from web.protection.limits import LimitedClients
from web.protection.login import CheckedLogin, Login
from web.protection.request_log import Logged, RequestLog
from web.security import LOOPBACK, AllowedHosts, Wall

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

_SCRIPTS = ("requests.js", "page.js", "tabs.js", "focus.js")
_STYLES = ("page.css", "tabs.css")
_LARGEST_UPLOAD_BYTES = 64 * 1024 * 1024


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to the address but not listening yet; raises ChatError when the address cannot be used."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ChatError(f"cannot listen at {host}:{port} ({reason}); choose another with --port or --host") from error
    return made


@dataclass(frozen=True, slots=True)
class Protection:
    """Under which names the server is reached, who may see the page, what is logged and what is forgotten."""

    hosts: AllowedHosts = LOOPBACK
    login: Login = field(default_factory=Login)
    log: RequestLog = field(default_factory=RequestLog)
    unread_s: float = UNREAD_S  # how long results wait for a page that does not fetch them
    takes_files: bool = False  # readers can upload files


def web_app(
    page: "gr.Blocks", protection: Protection = Protection(), add_api: "Callable[[FastAPI], None] | None" = None
) -> "FastAPI":
    """The page behind its wall, ready for any ASGI server; `add_api` adds the routes for programs."""
    import gradio as gr
    from fastapi import FastAPI

    app = FastAPI(title="Dateline", docs_url=None, redoc_url=None, openapi_url=OPENAPI_PATH if add_api else None)
    if add_api:
        add_api(app)
    largest = _LARGEST_UPLOAD_BYTES if protection.takes_files else 0
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        show_error=False,
        max_file_size=largest or "1kb",
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        theme=_theme(),
        css="".join(map(_static, _STYLES)),
        head=f"<script>{''.join(map(_static, _SCRIPTS))}</script>",
    )
    queue = GradioQueue(page, protection.unread_s)
    app.add_middleware(Localized)
    app.add_middleware(CheckedCalls, page=page, queue=queue)
    app.add_middleware(LimitedClients, queue=queue)
    app.add_middleware(CheckedLogin, login=protection.login)
    app.add_middleware(Wall, hosts=protection.hosts, largest_upload=largest)
    app.add_middleware(Logged, log=protection.log)  # the last one is the outermost
    return app


def serve(
    open_app: "Callable[[], FastAPI]", address: socket.socket, hosts: AllowedHosts, opened: Callable[[], None]
) -> None:
    """Serve what `open_app` makes until interrupted; until it is made, a page says that the server is getting ready.

    `opened` is called when it answers. Raises the error for which it could not be opened.
    """
    import uvicorn

    from web.getting_ready import GettingReady
    from web.protection.connections import allow_many_connections, limited

    gate = GettingReady(open_app, hosts, ready=opened, end=lambda: setattr(server, "should_exit", True))
    server = uvicorn.Server(limited(gate, timeout_graceful_shutdown=3))
    allow_many_connections()
    try:
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after it has closed everything
            server.run(sockets=[address])
    finally:
        gate.leave()
    if gate.error:
        raise gate.error


def _static(name: str) -> str:
    return (files("web") / "static" / name).read_text(encoding="utf-8")


def _theme() -> "gr.themes.Base":
    """Gradio's plainest theme with fonts of the reader's own machine; page.css does the rest."""
    import gradio as gr

    fonts = [gr.themes.Font(name) for name in ("Helvetica Neue", "Arial", "sans-serif")]
    mono = [gr.themes.Font(name) for name in ("Consolas", "monospace")]
    return gr.themes.Base(font=fonts, font_mono=mono, radius_size="sm")
