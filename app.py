"""Dateline's page: composes the parts by the settings, then serves a conversation about the archive."""

from __future__ import annotations

import contextlib
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from chat.answer import Turn
from chat.answering.replies import ArchiveStatus, archive_line
from chat.errors import ChatError
from chat.events import Drafted, Event, Gathered
from chat.publishing.answer_html import masthead_html, turn_html
from chat.publishing.feedback import Thumb, keep_feedback
from chat.publishing.progress import Progress
from chat.understanding.question import FilterKey, Question
from corpus.article import CorpusError
from indexer.errors import IndexerError

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from indexer.settings import IndexSettings

    Updates = dict[Any, Any]  # what Gradio calls it: a component and its new value

Judge = Callable[[Sequence[Turn], Thumb, datetime | None], None]  # turns, what of the last one, the chosen moment

# A reader's conversation ---------------------------------------------------------------------------------------------

_LONGEST_QUESTION = 2000  # characters
_TURNS_REMEMBERED = 40
_SECONDS_BETWEEN_DRAFTS = 0.06  # a reader sees no difference; a browser does


class Chatbot(Protocol):
    """What the page needs of a chatbot."""

    def stream(
        self,
        text: str,
        *,
        conversation: Sequence[Turn] = (),
        as_of: datetime | None = None,
        removed: frozenset[FilterKey] = frozenset(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]: ...

    def examples(self) -> tuple[str, ...]: ...

    def status(self) -> ArchiveStatus: ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """The server's own record of one reader's conversation; nothing of it is taken back from the browser."""

    turns: tuple[Turn, ...] = ()
    earlier: tuple[str, ...] = ()  # the HTML of the turns before the last
    number: int = 1  # of the last turn
    progress: Progress | None = None  # the last turn
    understood: Question | None = None  # the last question, once it is understood
    removed: frozenset[FilterKey] = frozenset()
    as_of: datetime | None = None
    stop: threading.Event | None = None

    def asking(self, text: str, as_of: datetime | None) -> Conversation:
        """With a new question at its end."""
        earlier, number = self.earlier, self.number
        if last := self.progress:
            last = last if last.is_over else replace(last, draft="", failure="Stopped.")
            earlier = (*earlier, turn_html(number, last, latest=False))[-_TURNS_REMEMBERED:]
            number += 1
        return Conversation(self.turns, earlier, number, Progress(text), as_of=as_of, stop=threading.Event())

    def asking_again(self, kept: frozenset[str]) -> Conversation:
        """With its last question asked again, without the filters that are not to be kept."""
        if self.progress is None:
            return self
        filters = self.understood.filters if self.understood else ()
        return replace(
            self,
            turns=self.turns[:-1] if self.progress.answer else self.turns,
            progress=Progress(self.progress.question),
            understood=None,
            removed=self.removed | {one.key for one in filters if filter_id(one.key) not in kept},
            stop=threading.Event(),
        )

    def after(self, event: Event) -> Conversation:
        """What it is once this event has happened."""
        progress = self.progress.after(event) if self.progress else None
        understood = event.question if isinstance(event, Gathered) else self.understood
        turns = self.turns
        if progress and progress.answer and understood:
            turns = (*turns, Turn(understood, progress.answer))[-_TURNS_REMEMBERED:]
        return replace(self, progress=progress, understood=understood, turns=turns)

    def ended(self, why: str) -> Conversation:
        """With its last question left unanswered."""
        return replace(self, progress=replace(self.progress, draft="", failure=why)) if self.progress else self

    def is_answering(self, text: str, as_of: datetime | None) -> bool:
        """Whether this very question is being answered: whoever asks it again has pressed Enter twice."""
        last = self.progress
        return last is not None and not last.is_over and (last.question, self.as_of) == (text, as_of)

    @property
    def latest(self) -> str:
        """The HTML of the last turn, as far as it is."""
        return turn_html(self.number, self.progress, latest=True) if self.progress else ""


@dataclass(slots=True)
class Session:
    """What the server remembers of one reader: the conversation, as the last question to be asked left it."""

    conversation: Conversation = Conversation()


def answering(chatbot: Chatbot, asked: Conversation) -> Generator[Conversation]:
    """The conversation at every moment while its last question is answered; closing it stops the chatbot."""
    if asked.progress is None or asked.stop is None:
        return
    events = chatbot.stream(
        asked.progress.question, conversation=asked.turns, as_of=asked.as_of, removed=asked.removed, stop=asked.stop
    )
    drawn_at = 0.0
    try:
        for event in events:
            asked = asked.after(event)
            if asked.progress and asked.progress.answer:
                break
            if asked.stop and asked.stop.is_set():
                asked = asked.ended("Stopped.")
                break
            if not isinstance(event, Drafted) or time.monotonic() - drawn_at > _SECONDS_BETWEEN_DRAFTS:
                yield asked
                drawn_at = time.monotonic()
    except Exception:
        logging.getLogger(__name__).exception("a question was left unanswered")
        asked = asked.ended("Something went wrong on the server, and its log says what. Please ask again.")
    finally:
        if asked.stop:
            asked.stop.set()
        close = getattr(events, "close", None)
        if close:
            close()
    yield asked


def filter_id(key: FilterKey) -> str:
    """A filter as the browser names it."""
    return f"{key.kind}:{key.value}"


def refusal(text: str) -> str:
    """Why a question is not asked, for the reader; empty when it is."""
    if len(text) <= _LONGEST_QUESTION:
        return ""
    return (
        f"The question has {len(text):,} characters; at most {_LONGEST_QUESTION:,} are read. Shorten it and ask again."
    )


def end_of_day(text: str | None) -> datetime | None:
    """The last moment of a day that was written 2022-06-24, or None for an empty text; raises ValueError."""
    if not text or not text.strip():
        return None
    first = datetime.combine(date.fromisoformat(text.strip()), datetime.min.time(), UTC)
    return first + timedelta(days=1, microseconds=-1)


# The page ------------------------------------------------------------------------------------------------------------

_EXAMPLES_SHOWN = 6
_SESSIONS_REMEMBERED = 200
_QUESTIONS_WAITING = 32
_QUESTIONS_AT_ONCE = 2


def build_page(chatbot: Chatbot, judge: Judge) -> gr.Blocks:
    """The page as Gradio components; it holds nothing that two readers share but the chatbot.

    `judge` takes in what a reader thinks of an answer.
    """
    import gradio as gr

    page: gr.Blocks = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, delete_cache=(86400, 86400))
    with page:
        parts = _Parts.laid_out(chatbot)
        _connect(parts, chatbot)
        _connect_thumbs(parts, judge)
    page.state_session_capacity = _SESSIONS_REMEMBERED
    page.queue(max_size=_QUESTIONS_WAITING, default_concurrency_limit=_QUESTIONS_AT_ONCE, api_open=False)
    return page


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that change."""

    taking_in: threading.Lock  # held while a question is taken in: Enter pressed twice comes in two threads
    session: gr.State
    opening: gr.Column
    examples: tuple[gr.Button, ...]
    earlier: gr.Markdown
    latest: gr.Markdown
    understood: gr.CheckboxGroup
    thumbs: gr.Row
    right: gr.Button
    wrong: gr.Button
    question: gr.Textbox
    as_of: gr.DateTime
    new: gr.Button

    @classmethod
    def laid_out(cls, chatbot: Chatbot) -> _Parts:
        import gradio as gr

        session = gr.State(Session())
        gr.Markdown(masthead_html(archive_line(chatbot.status())), sanitize_html=False, elem_id="masthead")
        with gr.Column(elem_id="opening") as opening:
            gr.Markdown(
                "## What would you like to know?\n\nEvery statement of an answer leads to the sentence it rests on."
            )
            shown = chatbot.examples()[:_EXAMPLES_SHOWN]
            with gr.Row(elem_id="examples"):
                examples = tuple(gr.Button(text, elem_classes="example") for text in shown)
        earlier, latest = _turns("earlier"), _turns("latest")
        with gr.Column(elem_id="composer"):
            with gr.Row(visible=False, elem_id="thumbs") as thumbs:
                right, wrong = (gr.Button(text, size="sm") for text in ("Good answer", "Bad answer"))
            understood = gr.CheckboxGroup(label="Understood as", visible=False, elem_id="understood")
            with gr.Row(elem_id="asking"):
                question, as_of, new = (
                    _question_box(),
                    _as_of_box(),
                    gr.Button("New conversation", elem_id="new", size="sm"),
                )
        return cls(
            threading.Lock(),
            session,
            opening,
            examples,
            earlier,
            latest,
            understood,
            thumbs,
            right,
            wrong,
            question,
            as_of,
            new,
        )


def _turns(name: str) -> gr.Markdown:
    """Shows turns as the HTML that they are: each is one block of HTML to Markdown, which leaves such a block alone.

    gr.HTML compiles its template in the browser, which the content security policy forbids without 'unsafe-eval';
    gr.Chatbot repeats a message's markup in a label that is read aloud.
    """
    import gradio as gr

    return gr.Markdown(elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)


def _question_box() -> gr.Textbox:
    import gradio as gr

    return gr.Textbox(
        label="Question",
        show_label=False,
        placeholder="Ask about the news",
        lines=1,
        max_lines=6,
        submit_btn=True,
        autofocus=True,
        container=False,
        elem_id="question",
    )


def _as_of_box() -> gr.DateTime:
    import gradio as gr

    return gr.DateTime(label="As of", include_time=False, type="string", elem_id="as-of")


def _connect(parts: _Parts, chatbot: Chatbot) -> None:
    ask = partial(_ask, parts, chatbot)
    outputs = [parts.earlier, parts.latest, parts.question, parts.understood, parts.opening, parts.thumbs]
    queued: Any = {
        "outputs": outputs,
        "show_progress": "hidden",
        "api_visibility": "private",
        "concurrency_id": "answer",
        # Gradio's own mode drops what is asked while an answer is under way, without a word; here it takes its place.
        "trigger_mode": "multiple",
    }
    inputs = [parts.question, parts.as_of, parts.session]
    asking: list[Any] = [
        parts.question.submit(ask, inputs, **queued),
        parts.understood.input(partial(_ask_again, parts, chatbot), [parts.understood, parts.session], **queued),
        *(
            button.click(partial(ask, button.value), [parts.as_of, parts.session], **queued)
            for button in parts.examples
        ),
    ]
    direct: Any = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    parts.question.stop(_stop, parts.session, None, **direct)
    parts.new.click(partial(_begin, parts), parts.session, outputs, cancels=asking, **direct)


def _connect_thumbs(parts: _Parts, judge: Judge) -> None:
    direct: Any = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    for button, thumb in ((parts.right, Thumb.UP), (parts.wrong, Thumb.DOWN)):
        button.click(partial(_judge, judge, thumb), parts.session, parts.thumbs, **direct)


def _judge(judge: Judge, thumb: Thumb, session: Session) -> Updates:
    import gradio as gr

    conversation = session.conversation
    if conversation.turns:
        judge(conversation.turns, thumb, conversation.as_of)
        gr.Info("Kept for whoever looks after this archive.", title="Thank you")
    return gr.update(visible=False)


def _ask(parts: _Parts, chatbot: Chatbot, text: str, as_of_day: str | None, session: Session) -> Iterator[Updates]:
    import gradio as gr

    text, as_of = text.strip(), None
    why = refusal(text)
    try:
        as_of = end_of_day(as_of_day)
    except ValueError:
        why = "The as-of date is not a date. Write it like 2022-06-24, or leave it empty."
    if why:
        gr.Warning(why, title="Not asked")
    with parts.taking_in:
        if why or not text or session.conversation.is_answering(text, as_of):
            asked = None
        else:
            asked = _taken_in(session, session.conversation.asking(text, as_of))
    if asked is None:
        yield {parts.question: gr.skip()}
        return
    yield {parts.question: gr.update(value="")}
    yield from _show(parts, chatbot, session, asked)


def _ask_again(parts: _Parts, chatbot: Chatbot, kept: list[str], session: Session) -> Iterator[Updates]:
    with parts.taking_in:
        asked = _taken_in(session, session.conversation.asking_again(frozenset(kept)))
    yield from _show(parts, chatbot, session, asked)


def _taken_in(session: Session, asked: Conversation) -> Conversation:
    """The session's conversation from now on; what was being answered is stopped."""
    _stop(session)
    session.conversation = asked
    return asked


def _show(parts: _Parts, chatbot: Chatbot, session: Session, asked: Conversation) -> Iterator[Updates]:
    import gradio as gr

    yield {
        parts.earlier: "\n\n".join(asked.earlier),
        parts.latest: asked.latest,
        parts.opening: gr.update(visible=False),
        parts.understood: gr.update(visible=False),
        parts.thumbs: gr.update(visible=False),
        parts.question: gr.update(submit_btn=False, stop_btn=True),
    }
    with closing(answering(chatbot, asked)) as moments:
        for moment in moments:
            if session.conversation.stop is not asked.stop:
                # The reader has gone on to something else, and what was last drawn here may reach the page after it.
                current = session.conversation
                yield {parts.earlier: "\n\n".join(current.earlier), parts.latest: current.latest}
                return
            session.conversation = moment
            yield {parts.latest: moment.latest}
    if session.conversation.stop is not asked.stop:
        return
    question = session.conversation.understood
    filters = question.filters if question else ()
    answered = session.conversation.progress and session.conversation.progress.answer
    yield {
        parts.question: gr.update(submit_btn=True, stop_btn=False),
        parts.thumbs: gr.update(visible=bool(answered)),
        parts.understood: gr.update(
            choices=[(one.label, filter_id(one.key)) for one in filters],
            value=[filter_id(one.key) for one in filters],
            visible=bool(filters),
        ),
    }


def _stop(session: Session) -> None:
    if session.conversation.stop:
        session.conversation.stop.set()


def _begin(parts: _Parts, session: Session) -> Updates:
    import gradio as gr

    _stop(session)
    session.conversation = Conversation()
    return {
        parts.earlier: "",
        parts.latest: "",
        parts.opening: gr.update(visible=True),
        parts.understood: gr.update(visible=False),
        parts.thumbs: gr.update(visible=False),
        parts.question: gr.update(value="", submit_btn=True, stop_btn=False),
    }


# The server ----------------------------------------------------------------------------------------------------------

_LARGEST_REQUEST_BYTES = 64 * 1024
_HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "media-src 'self'",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# All that the page itself asks for. Gradio serves much more: uploads, a proxy, saved states, a code editor.
_OPEN_PATHS = {
    "/",
    "/config",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    "/gradio_api/app_id",
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/cancel",
    "/gradio_api/reset",
}
_OPEN_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")


def web_app(page: gr.Blocks) -> FastAPI:
    """The page behind its walls, ready for any ASGI server."""
    import gradio as gr
    from fastapi import FastAPI

    here = Path(__file__).parent
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        theme=_theme(),
        css=(here / "app.css").read_text(encoding="utf-8"),
        head=f"<script>{(here / 'app.js').read_text(encoding='utf-8')}</script>",
    )
    app.add_middleware(Wall)
    return app


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme with fonts of the reader's own machine; app.css does the rest."""
    import gradio as gr

    fonts = [gr.themes.Font(name) for name in ("Helvetica Neue", "Arial", "sans-serif")]
    mono = [gr.themes.Font(name) for name in ("Consolas", "monospace")]
    return gr.themes.Base(font=fonts, font_mono=mono, radius_size="sm")


class Wall:
    """ASGI middleware: closes every path that the page does not need, limits requests, and sets the safety headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status = self._refused(scope)
        app = _plain_answer(status) if status else self._app
        return await app(scope, receive, partial(self._send_with_headers, send))

    def _refused(self, scope: Scope) -> int:
        """The status with which a request is turned away, or 0."""
        path = scope["path"].rstrip("/") or "/"
        if path not in _OPEN_PATHS and not path.startswith(_OPEN_FOLDERS):
            return 404
        if scope["method"] in ("GET", "HEAD"):
            return 0
        length = dict(scope["headers"]).get(b"content-length")
        if length is None or not length.isdigit():
            return 411
        return 413 if int(length) > _LARGEST_REQUEST_BYTES else 0

    async def _send_with_headers(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            others = [(name, value) for name, value in message["headers"] if name.decode().lower() not in _HEADERS]
            message = {**message, "headers": [*others, *ours]}
        await send(message)


def _plain_answer(status: int) -> ASGIApp:
    from starlette.responses import PlainTextResponse

    return PlainTextResponse({404: "not found", 411: "say how long it is", 413: "too large"}[status], status)


def bound(host: str, port: int) -> socket.socket:
    """A socket at the address, which does not listen yet; raises ChatError where it cannot be had."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ChatError(f"cannot listen at {host}:{port} ({reason}); choose another with --port or --host") from error
    return made


def serve(page: gr.Blocks, address: socket.socket, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve the page until interrupted; `ready` is called just before it listens."""
    import uvicorn

    app = web_app(page)
    app.router.on_startup.append(ready)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3)
    with contextlib.suppress(KeyboardInterrupt):  # raised once more when all is closed
        uvicorn.Server(config).run(sockets=[address])


# The composition -----------------------------------------------------------------------------------------------------

_SAMPLE = Path(__file__).parent / "corpus" / "sample"


def main(
    data: Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")] = None,
    llm: Annotated[str | None, typer.Option(help="The language model. [default: DATELINE_LLM or local]")] = None,
    embedding: Annotated[str | None, typer.Option(help="The embedding model.")] = None,
    chroma: Annotated[str | None, typer.Option(help="The address of a Chroma server.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen at.")] = 7860,
) -> None:
    """Open the chat in a web page; without an archive, the sample is indexed first."""
    from chat.opening import open_chatbot
    from chat.settings import ChatSettings
    from indexer.settings import settings_of
    from indexer.storage.file import FILE_NAME

    settings = settings_of(ChatSettings, data=data, llm=llm, embedding=embedding, chroma=chroma)
    address = bound(host, port)  # before anything that takes long
    if not (settings.data / FILE_NAME).exists():
        _index_sample(settings)
    print("Opening the archive and the models ...", flush=True)
    chatbot = open_chatbot(settings, tell=partial(print, flush=True))
    threading.Thread(target=chatbot.get_ready, name="getting ready", daemon=True).start()
    page = build_page(chatbot, partial(_keep, settings.data))
    serve(page, address, ready=lambda: print(f"Dateline is open at http://{host}:{port}", flush=True))


def _keep(data: Path, turns: Sequence[Turn], thumb: Thumb, as_of: datetime | None) -> None:
    keep_feedback(data, turns, thumb, as_of=as_of, now=datetime.now(UTC))


def _index_sample(settings: IndexSettings) -> None:
    from corpus.readers import read_articles
    from indexer.embedding.model import open_embedding
    from indexer.progress import progress_bar
    from indexer.sync import sync

    print(f"No archive in {settings.data}: indexing the sample articles. Add your own with: python -m indexer add PATH")
    articles = list(read_articles([_SAMPLE]))
    with progress_bar(len(articles)) as progress:
        model = open_embedding(settings.embedding)
        sync(articles, settings.data, model, chroma=settings.chroma, progress=progress)


def run() -> None:
    """Run the command line; our own errors are one line and exit status 1."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    try:
        app()
    except (ChatError, IndexerError, CorpusError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    run()
