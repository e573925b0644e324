"""Dateline's page: reads the settings, builds the parts, and serves a conversation about the archive."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.command_line import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi import FastAPI

    from chat.answer import Turn
    from chat.chatbot import Chatbot
    from chat.publishing.feedback import Reason, Thumb
    from chat.standing.asking import StandingQuestions
    from indexer.settings import IndexSettings
    from web.api.access import Access
    from web.conversations.open_conversations import OpenConversations
    from web.server import Protection
    from web.settings import ServerSettings
    from web.tabs.evaluation import Evaluation
    from web.tabs.tab import Tab

_SMALL_RUN = 20  # questions

_PATIENCE_S = 5.0  # for a model to finish what it is loading, when the page is closed right after it was opened


def main(
    data: Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")] = None,
    llm: Annotated[str | None, typer.Option(help="The language model. [default: DATELINE_LLM or local]")] = None,
    embedding: Annotated[str | None, typer.Option(help="The embedding model.")] = None,
    chroma: Annotated[str | None, typer.Option(help="The address of a Chroma server.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen at.")] = 7860,
    host_name: Annotated[
        list[str] | None, typer.Option(help="A name under which readers reach the page; may be repeated.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(help="The token that programs send, needed beyond this machine. [default: DATELINE_TOKEN]"),
    ] = None,
    auth: Annotated[
        str | None,
        typer.Option(help="Who may see the page: NAME:PASSWORD, several with blanks. [default: DATELINE_AUTH]"),
    ] = None,
    log_questions: Annotated[
        bool | None, typer.Option("--log-questions", help="Log what was asked with each request.")
    ] = None,
    read_only: Annotated[
        bool | None,
        typer.Option(
            "--read-only/--writable",
            help="Whether readers can add and remove news in the page. [default: read-only beyond this machine]",
        ),
    ] = None,
) -> None:
    """Open the chat in a web page; without an archive, the sample is indexed first."""
    from indexer.settings import settings_of
    from web.settings import ServerSettings

    given = {"data": data, "llm": llm, "embedding": embedding, "chroma": chroma, "token": token, "auth": auth}
    settings = settings_of(ServerSettings, **given, log_questions=log_questions)
    _open_page(settings, host, port, host_name or (), read_only)


def _open_page(
    settings: ServerSettings, host: str, port: int, host_names: Sequence[str], read_only: bool | None
) -> None:
    from web.api.access import Access
    from web.protection.login import Login
    from web.protection.request_log import RequestLog
    from web.security import AllowedHosts, is_loopback
    from web.server import Protection, bound, serve

    login = Login.of(settings.auth.get_secret_value())
    is_open_here = is_loopback(host) and not host_names and not login.accounts
    is_read_only = not is_open_here if read_only is None else read_only
    address = bound(host, port)  # before anything that takes long
    protection = Protection(
        AllowedHosts.of(host, host_names),
        login,
        RequestLog(settings.data, with_questions=settings.log_questions),
        takes_files=not is_read_only,
    )
    access = Access(settings.token.get_secret_value(), is_local=is_open_here)
    with ExitStack() as closing:
        serve(
            partial(_open_app, settings, protection, access, closing, is_read_only=is_read_only),
            address,
            protection.hosts,
            lambda: print(f"Dateline is open at http://{host}:{port}", flush=True),
        )


def _open_app(
    settings: ServerSettings, protection: Protection, access: Access, closing: ExitStack, *, is_read_only: bool
) -> FastAPI:
    """All that takes long: the archive, the models and the page; `closing` closes them."""
    from indexer.storage.file import FILE_NAME

    if not (settings.data / FILE_NAME).exists():
        _index_sample(settings)
    chatbot, standing = closing.enter_context(_opened(settings))
    from web.page import build_page  # Gradio takes longest, and an archive that cannot be opened is named before
    from web.server import web_app

    conversations = _open_conversations(chatbot, settings)
    page = build_page(
        conversations,
        chatbot.index.archive,
        partial(_keep_feedback, settings.data),
        standing=standing,
        tabs=_tabs(chatbot, settings, is_read_only),
    )
    add_api = partial(_add_routes, chatbot=chatbot, access=access, standing=standing, conversations=conversations)
    return web_app(page, protection, add_api)


@contextmanager
def _opened(settings: ServerSettings) -> Iterator[tuple[Chatbot, StandingQuestions]]:
    """The chatbot, whose models get ready meanwhile, and the standing questions, which are asked meanwhile."""
    print("Opening the archive and the models ...", flush=True)
    from chat.opening import open_chatbot
    from chat.standing.asking import StandingQuestions
    from chat.standing.store import StandingStore

    chatbot = open_chatbot(settings, tell=partial(print, flush=True))
    getting_ready = threading.Thread(target=chatbot.get_ready, name="getting ready", daemon=True)
    getting_ready.start()
    standing, ending = StandingQuestions(chatbot, StandingStore(settings.data), _now), threading.Event()
    threading.Thread(target=standing.keep_asking, args=(ending,), name="standing questions", daemon=True).start()
    try:
        yield chatbot, standing
    finally:
        ending.set()
        _leave(chatbot, getting_ready)


def _leave(chatbot: Chatbot, getting_ready: threading.Thread) -> None:
    """Wait a little for a model that is loading: its own code aborts the process when Python ends around it."""
    getting_ready.join(_PATIENCE_S)
    if getting_ready.is_alive():
        chatbot.index.close()  # removes its temporary folders, which an exit without Python leaves
        sys.stdout.flush()
        os._exit(0)


def _tabs(chatbot: Chatbot, settings: ServerSettings, is_read_only: bool) -> list[Tab]:
    """The tabs beside the conversation, in their order."""
    from chat.listing.article_search import ArticleSearch
    from web.tabs.archive import ArchiveTab
    from web.tabs.evaluation import EvaluationTab
    from web.tabs.keeping import Keeper
    from web.tabs.quotation import QuotationTab
    from web.tabs.search import SearchTab
    from web.tabs.timeline import TimelineTab

    search = ArticleSearch(chatbot.search)
    keeper = None if is_read_only else Keeper(settings.data, chatbot.model, settings.chroma)
    return [
        SearchTab(search),
        QuotationTab(chatbot.index),
        TimelineTab(chatbot.search),
        ArchiveTab(chatbot.index, search.lists, keeper),
        EvaluationTab(_evaluation(settings.data, is_read_only)),
    ]


def _evaluation(data: Path, is_read_only: bool) -> Evaluation:
    """The runs in the data folder, as plain rows."""
    from eval.results.browsing import describe_runs, list_runs
    from web.tabs.evaluation import Evaluation

    runs = data / "eval" / "runs"
    start = None if is_read_only else partial(_run_evaluation, data)
    return Evaluation(partial(list_runs, runs), partial(describe_runs, runs), start)


def _run_evaluation(data: Path) -> str:
    """Make a small run in a process of its own; returns why there is none."""
    command = [sys.executable, "-m", "eval", "answers", "--limit", str(_SMALL_RUN), "--data", str(data), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip()[-500:]


def _now() -> datetime:
    return datetime.now(UTC)


def _open_conversations(chatbot: Chatbot, settings: ServerSettings) -> OpenConversations:
    """With the language model, where there is one, and with quotations alone."""
    from chat.receipting import made_with, public_name
    from web.conversations.conversation import QUOTATIONS
    from web.conversations.open_conversations import OpenConversations
    from web.conversations.store import FILE_NAME, ConversationsError, ConversationStore

    try:
        store = ConversationStore(settings.data / FILE_NAME)
    except ConversationsError as error:
        print(f"Conversations are not kept: {error}.", flush=True)
        store = ConversationStore()
    quoting = {QUOTATIONS: chatbot.quoting()}
    writers = {public_name(settings.llm): chatbot, **quoting} if chatbot.has_model else quoting
    return OpenConversations(
        store,
        writers,
        chatbot.index.archive.article,
        lambda turn, name: made_with(turn, writers.get(name, chatbot), settings),
    )


def _add_routes(
    app: FastAPI, chatbot: Chatbot, access: Access, standing: StandingQuestions, conversations: OpenConversations
) -> None:
    from web.conversations.routes import add_conversations
    from web.programs import add_programs

    add_programs(app, chatbot, access, standing)
    add_conversations(app, conversations, chatbot.index.archive)


def _keep_feedback(
    data: Path, turns: Sequence[Turn], thumb: Thumb, reason: Reason | None, as_of: datetime | None
) -> None:
    from chat.publishing.feedback import keep_feedback

    keep_feedback(data, turns, thumb, as_of=as_of, now=_now(), reason=reason)


def _index_sample(settings: IndexSettings) -> None:
    from corpus.readers import read_articles
    from indexer.embedding.model import open_embedding
    from indexer.progress import progress_bar
    from indexer.sync import sync

    print(f"No archive in {settings.data}: indexing the sample articles. Add your own with: python -m indexer add PATH")
    with as_file(files("corpus") / "sample") as sample:
        articles = list(read_articles([sample]))
    with progress_bar(len(articles)) as progress:
        model = open_embedding(settings.embedding)
        sync(articles, settings.data, model, chroma=settings.chroma, progress=progress)


def run() -> None:
    """Open the page as the command line says."""
    run_command(main)


if __name__ == "__main__":
    run()
