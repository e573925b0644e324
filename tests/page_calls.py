"""Calls of the page's functions over HTTP, as its script makes them, with a session of their own."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

TOO_MANY_WAIT = 429
_RETRY_S = 0.1


class PageClient:
    """One reader without a browser."""

    def __init__(self, address: str, client: httpx.Client | None = None) -> None:
        self.http = client or httpx.Client(base_url=address, timeout=60)
        self.http.get("/")  # for the cookie
        self._config = self.http.get("/config").json()
        self.session = secrets.token_hex(6)

    def close(self) -> None:
        """Close the connection."""
        self.http.close()

    def function(self, element: str, event: str = "submit") -> int:
        """The number of the function that an event of a component calls, by the component's id in the page."""
        component = next(
            one["id"] for one in self._config["components"] if one["props"].get("elem_id", "").split() == [element]
        )
        return next(
            int(one["id"])
            for one in self._config["dependencies"]
            if [component, event] in [list(target) for target in one["targets"]]
        )

    def join(self, function: int, data: Sequence[Any], session: str = "") -> httpx.Response:
        """Call a function without reading what it gives."""
        call = {"fn_index": function, "data": [*data], "session_hash": session or self.session}
        return self.http.post("/gradio_api/queue/join", json=call)

    def messages(self) -> Iterator[dict[str, Any]]:
        """What the calls of this session give, until they are done."""
        url = "/gradio_api/queue/data"
        with self.http.stream("GET", url, params={"session_hash": self.session}) as response:
            for line in response.iter_lines():
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))

    def call(self, function: int, data: Sequence[Any]) -> list[dict[str, Any]]:
        """Call a function and read all that it gives; while too many questions wait, call it again."""
        while (status := self.join(function, data).status_code) == TOO_MANY_WAIT:
            time.sleep(_RETRY_S)
        assert status == 200
        return list(self.messages())

    def question(self, text: str) -> list[Any]:
        """What the page sends with a question: its text and the values beside it, as they are at first."""
        function = next(one for one in self._config["dependencies"] if one["id"] == self.function("question"))
        values = {one["id"]: one["props"].get("value") for one in self._config["components"]}
        return [text, *(values[one] for one in function["inputs"][1:])]

    def ask(self, question: str) -> str:
        """Ask in the page; all that it shows for that, as JSON."""
        return json.dumps(self.call(self.function("question"), self.question(question)), ensure_ascii=False)
