"""The page in a process of its own, as `python app.py` or an installed `dateline` serves it."""

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_PATIENCE_S = 120


@contextmanager
def served(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Iterator[str]:
    """The address of the page while the command runs, which is given a free `--port`."""
    port = free_port()
    server = subprocess.Popen([*command, "--port", str(port)], cwd=cwd, env=env)
    try:
        yield _answering(server, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answering(server: subprocess.Popen[bytes], address: str) -> str:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            with urlopen(address, timeout=5):
                return address
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"the server was not up within {_PATIENCE_S} s")
