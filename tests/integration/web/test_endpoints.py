"""Every endpoint that the server opens is in the table of docs/security.md, and nothing else is open."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastapi import FastAPI

from chat.chatbot import Chatbot
from chat.standing.asking import StandingQuestions
from chat.standing.store import StandingStore
from tests.coroutines import run_coroutine
from tests.open_conversations import open_conversations
from tests.scripted_chatbot import NOW, ScriptedChatbot
from web.conversations.routes import add_conversations
from web.page import build_page
from web.programs import add_programs
from web.security import is_open
from web.server import web_app

TABLE = (Path(__file__).parents[3] / "docs" / "security.md").read_text(encoding="utf-8")
BY_THE_LOGIN = {("GET", "/login"), ("POST", "/login"), ("GET", "/logout")}  # a middleware answers these


def documented() -> set[tuple[str, str]]:
    """Method and path of each row, without the names of what varies."""
    rows = re.findall(r"^\| `(GET|POST|DELETE) (/\S*)` \|(.*)\|(.*)\|(.*)\|$", TABLE, re.MULTILINE)
    assert all(what.strip() and who.strip() for _, _, what, who, _ in rows)
    return {(method, without_names(path)) for method, path, *_ in rows}


def without_names(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path.rstrip("/") or "/")


def all_routes(routes: Iterable[object], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, of mounted applications too; one without methods takes all."""
    for route in routes:
        path = before + str(getattr(route, "path", ""))
        if included := getattr(route, "original_router", None):  # FastAPI's, of a router that was included
            yield from all_routes(included.routes, before + str(route.include_context.prefix))  # type: ignore[attr-defined]
        elif (inner := getattr(route, "routes", None)) is not None:
            yield from all_routes(inner, path.rstrip("/"))
        else:
            for method in getattr(route, "methods", None) or ("GET", "POST"):
                yield method, path


def test_every_open_endpoint_is_in_the_table_and_the_table_names_no_other(
    small_chatbot: Chatbot, tmp_path: Path
) -> None:
    async def built() -> set[tuple[str, str]]:
        archive = small_chatbot.index.archive
        standing = StandingQuestions(small_chatbot, StandingStore(tmp_path), lambda: NOW)
        conversations = open_conversations({"Scripted": ScriptedChatbot({})}, archive.article)

        def add_routes(app: FastAPI) -> None:
            add_programs(app, small_chatbot, standing=standing)
            add_conversations(app, conversations, archive)

        page = build_page(conversations, archive, lambda *judged: None)
        return set(all_routes(web_app(page, add_api=add_routes).routes))

    routes = run_coroutine(built())
    assert len(routes) > 60  # Gradio's are among them
    opened = {
        (method, without_names(path))
        for method, path in routes
        if method in ("GET", "POST", "DELETE")
        and is_open(re.sub(r"\{[^}]*\}", "x", path.rstrip("/") or "/"), takes_files=True)
    }
    assert documented() - BY_THE_LOGIN == opened - BY_THE_LOGIN
    assert documented() >= BY_THE_LOGIN


def test_a_path_that_climbs_out_of_an_open_folder_is_not_open() -> None:
    assert not is_open("/assets/../config")
    assert not is_open("/static/..")
    assert is_open("/assets/index.js")
