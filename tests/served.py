"""The page on an address: in a thread of the tests, or in a process of its own as `python app.py` serves it."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

    from web.server import Protection

_PATIENCE_S = 300  # to index the sample and to open the models on a machine that has other work


@contextmanager
def served(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], answers: int = 200) -> Iterator[str]:
    """The address of the page while the command runs, which is given a free `--port`.

    `answers` is the status with which the page answers a stranger once it is up.
    """
    port = free_port()
    server = subprocess.Popen([*command, "--port", str(port)], cwd=cwd, env=env)
    try:
        yield _answering(server, f"http://127.0.0.1:{port}", answers)
    finally:
        server.terminate()
        server.wait(timeout=60)


@contextmanager
def serving(
    build: "Callable[[], gr.Blocks]",
    add_api: "Callable[[FastAPI], None] | None" = None,
    protection: "Protection | None" = None,
) -> Iterator[str]:
    """The address of a page that is served from a thread, with the wall and the limits that a reader meets."""
    import uvicorn

    from web.protection.connections import limited
    from web.server import Protection, web_app

    # Built in the server's event loop: Gradio makes one of its own otherwise, and leaves it open.
    server = uvicorn.Server(
        limited(
            lambda: web_app(build(), protection or Protection(), add_api),
            factory=True,
            host="127.0.0.1",
            port=0,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answering(server: subprocess.Popen[bytes], address: str, status: int) -> str:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            with urlopen(address, timeout=5):
                return address
        except (URLError, ConnectionError, TimeoutError) as error:
            if getattr(error, "code", 200) == status != 200:
                return address
            time.sleep(0.3)
    raise AssertionError(f"the server was not up within {_PATIENCE_S} s")
