"""A language model's server on loopback that fails in one chosen way, in OpenAI's protocol and in Ollama's."""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Failing(StrEnum):
    """How the server fails."""

    NOT = "answers well"
    HANG = "accepts and says nothing"
    HANG_AFTER_ONE = "hangs after the first token"
    TRICKLE = "a token now and then, for ever"
    BUSY_ONCE = "429 with Retry-After, then well"
    BUSY = "429 with a Retry-After of an hour"
    BROKEN_TWICE = "500 twice, then well"
    BROKEN = "500"
    BAD_JSON = "not JSON"
    CUT = "ends within a chunk"
    CUT_CLEANLY = "ends without saying that it is done"
    RESET = "resets the connection"
    RESET_LATE = "resets the connection after a token"
    HUGE = "50 MB in small tokens"
    HUGE_TOKEN = "50 MB in one token"
    PAGE = "a web page"
    WRONG_TYPE = "JSON of other types"
    EMPTY = "an empty reply"
    KEY = "401"
    UNKNOWN = "404"


WORDS = ("The ", "port ", "was ", "shut ", "[1].")
_STATUS = {Failing.BUSY: 429, Failing.BROKEN: 500, Failing.KEY: 401, Failing.UNKNOWN: 404}
_FAILS_FIRST = {Failing.BUSY_ONCE: (1, 429), Failing.BROKEN_TWICE: (2, 500)}  # how often, with which status


class FaultyServer(ThreadingHTTPServer):
    """Counts what it was asked, and how many streams are still being written."""

    daemon_threads = True

    def __init__(self, failing: Failing) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failing = failing
        self.requests = 0
        self.hung_up = threading.Event()  # set when a reader closed its connection within a stream
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that hung up is not news."""


class _Handler(BaseHTTPRequestHandler):
    server: FaultyServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.close_connection = True
        self.server.requests += 1
        failing = self.server.failing
        times, status = _FAILS_FIRST.get(failing, (0, 0))
        if failing is Failing.HANG:
            self.server.closing.wait(30)
        elif failing is Failing.RESET:
            self._reset()
        elif failing in _STATUS:
            self._refuse(_STATUS[failing], retry_after="3600")
        elif self.server.requests <= times:
            self._refuse(status, retry_after="0.1")
        elif failing is Failing.PAGE:
            self._send(200, "text/html", b"<!doctype html><p>It works!</p>")
        else:
            self._stream(failing)

    def _refuse(self, status: int, *, retry_after: str) -> None:
        body = json.dumps({"error": {"message": "no", "type": "no", "code": status}}).encode()
        self._send(status, "application/json", body, {"Retry-After": retry_after} if status == 429 else {})

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _stream(self, failing: Failing) -> None:
        is_ollama = self.path == "/api/chat"
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson" if is_ollama else "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for line in _lines(failing, self.server, _ollama_line if is_ollama else _openai_line):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            if failing is Failing.RESET_LATE:
                self._reset()
            elif failing is Failing.CUT:
                self.wfile.write(b"ff\r\nbut then")
            else:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.server.hung_up.set()


def _lines(failing: Failing, server: FaultyServer, line: Any) -> Iterator[bytes]:
    match failing:
        case Failing.BAD_JSON:
            yield b'data: {"choices": [nonsense\n\n' if line is _openai_line else b'{"message": nonsense\n'
        case Failing.WRONG_TYPE:
            yield b'data: {"choices": "no"}\n\n' if line is _openai_line else b'{"message": 7}\n'
        case Failing.TRICKLE:
            while not server.closing.wait(0.05):
                yield line("more ")
        case Failing.HANG_AFTER_ONE:
            yield line("The ")
            server.closing.wait(30)
        case Failing.HUGE:
            yield from (line("x" * 5000) for _ in range(10_000))
        case Failing.HUGE_TOKEN:
            yield line("x" * 50_000_000)
        case Failing.CUT | Failing.CUT_CLEANLY | Failing.RESET_LATE:
            yield line("The ")
            time.sleep(0.05)
        case Failing.EMPTY:
            yield line("", done=True)
        case _:
            yield from map(line, WORDS)
            yield line("", done=True)


def _openai_line(text: str, *, done: bool = False) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": "stop" if done else None}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    end = b"data: [DONE]\n\n" if done else b""
    return b"data: " + json.dumps(chunk).encode() + b"\n\n" + end


def _ollama_line(text: str, *, done: bool = False) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps({"model": "m", "message": message, "done": done}).encode() + b"\n"


@contextmanager
def faulty_server(failing: Failing) -> Iterator[FaultyServer]:
    """A server that fails in this way until the block ends."""
    server = FaultyServer(failing)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def unused_address() -> str:
    """An address on loopback where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return f"http://127.0.0.1:{unused.getsockname()[1]}"
