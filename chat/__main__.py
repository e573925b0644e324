"""The command line of the chat: `python -m chat`, `python -m chat ask`, `python -m chat model fetch`."""

import json
import sys
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chat.answer import MAY_NOT_HOLD_IT, Answer, Evidence, Status, Turn
from chat.errors import ChatError
from chat.events import Composed, Finished, Gathered
from chat.finding_command import find
from chat.publishing.plain_data import answer_data
from chat.publishing.receipts import (
    MadeWith,
    load_receipt,
    prompt_sha256,
    receipt,
    refuse_taken,
    save_receipt,
    verify_receipt,
)
from chat.publishing.terminal import NOT_IN_ARCHIVE, explanation_lines, sentence_line, source_lines
from chat.settings import ChatSettings
from chat.understanding.question import Question
from corpus.article import CorpusError, clean_line
from indexer.errors import IndexerError
from indexer.settings import settings_of

if TYPE_CHECKING:
    from chat.chatbot import Chatbot

_BEARING = 0.6  # of the best score: what belongs on a timeline


class TimelineFormat(StrEnum):
    """How a timeline is printed."""

    MARKDOWN = "markdown"
    CSV = "csv"
    ICS = "ics"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="Ask a news archive.")
model_app = typer.Typer(no_args_is_help=True, help="The weights of the local language model.")
app.add_typer(model_app, name="model")
app.command()(find)

Data = Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")]
Embedding = Annotated[str | None, typer.Option(help="The embedding model: all-MiniLM-L6-v2, a folder or a hub name.")]
Model = Annotated[str | None, typer.Option("--llm", help="The language model. [default: DATELINE_LLM or quotes]")]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Look at the archive as it stood then (UTC)."),
]


@app.callback(invoke_without_command=True)
def converse(context: typer.Context, data: Data = None, embedding: Embedding = None, llm: Model = None) -> None:
    """Without a command: a conversation in the terminal; an empty line ends it."""
    if context.invoked_subcommand is not None:
        return
    chatbot = _chatbot(data=data, embedding=embedding, llm=llm)
    conversation: list[Turn] = []
    while text := _typed():
        conversation.append(_told(chatbot, text, conversation, None, shown=True))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    data: Data = None,
    embedding: Embedding = None,
    llm: Model = None,
    as_of: AsOf = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what was understood.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    save: Annotated[Path | None, typer.Option(help="Keep the answer as a receipt in this new file.")] = None,
) -> None:
    """Ask one question. Exit status 3 when the archive does not hold the answer."""
    if save:
        refuse_taken(save)
    settings = settings_of(ChatSettings, data=data, embedding=embedding, llm=llm)
    chatbot = _opened(settings)
    turn = _told(chatbot, question, [], as_of, shown=not as_json, explain=explain)
    understood, answer = turn.question, turn.answer
    if save:
        made_with = _made_with(chatbot, settings, understood, answer)
        save_receipt(receipt(understood, answer, made_with, chatbot.index.archive), save)
    if as_json:
        print(json.dumps(answer_data(understood, answer), ensure_ascii=False, indent=1))
    raise typer.Exit(3 if answer.status is Status.NOT_IN_ARCHIVE else 0)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A receipt made by: ask QUESTION --save FILE.")], data: Data = None
) -> None:
    """Hold a receipt against today's archive. Exit status 4 when a citation no longer holds."""
    from indexer.storage.archive import Archive
    from indexer.storage.file import FILE_NAME

    found = verify_receipt(load_receipt(file), Archive(settings_of(ChatSettings, data=data).data / FILE_NAME))
    for one in found:
        print(f"[{one.number}] {one.outcome}: {clean_line(one.title)}{f' ({one.why})' if one.why else ''}")
    holding = sum(one.holds for one in found)
    print(f"{holding} of {len(found)} citations hold")
    raise typer.Exit(0 if holding == len(found) else 4)


@app.command()
def timeline(
    subject: Annotated[str, typer.Argument(help="What the timeline is about.")],
    data: Data = None,
    embedding: Embedding = None,
    as_of: AsOf = None,
    form: Annotated[TimelineFormat, typer.Option("--format", help="How it is printed.")] = TimelineFormat.MARKDOWN,
) -> None:
    """Print the dated events that the archive tells of a subject. Exit status 3 when there are none."""
    from chat.answering.timeline import timeline as events_of
    from chat.publishing.timeline_files import as_calendar, as_csv, as_markdown

    now = datetime.now(UTC)
    settings = settings_of(ChatSettings, data=data, embedding=embedding, llm="quotes")
    events = events_of(_much_evidence(settings, subject, as_of.replace(tzinfo=UTC) if as_of else now))
    if form is TimelineFormat.MARKDOWN:
        told = as_markdown(subject, events)
    else:
        told = as_csv(events) if form is TimelineFormat.CSV else as_calendar(subject, events, now)
    sys.stdout.buffer.write(told.encode())  # line ends are part of the formats
    sys.stdout.buffer.flush()
    raise typer.Exit(0 if events else 3)


@model_app.command()
def fetch(data: Data = None) -> None:
    """Download the local model's weights (491 MB) from their official hub repository into the data folder."""
    from chat.llms.weights import fetch_weights
    from chat.opening import models_folder

    print(fetch_weights(models_folder(settings_of(ChatSettings, data=data))))


def _chatbot(**given: Any) -> "Chatbot":
    return _opened(settings_of(ChatSettings, **given))


def _opened(settings: ChatSettings) -> "Chatbot":
    from chat.opening import open_chatbot

    return open_chatbot(settings, tell=partial(print, file=sys.stderr))


def _much_evidence(settings: ChatSettings, subject: str, as_of: datetime) -> tuple[Evidence, ...]:
    """The sentences on a subject, more than for an answer; those that have little to do with it are left out."""
    from chat.chatbot import AnswerSettings, Chatbot
    from chat.gathering.evidence import EvidenceSettings
    from chat.gathering.search import SearchSettings
    from indexer.embedding.model import open_embedding
    from indexer.search.index import Index

    model = open_embedding(settings.embedding)
    index = Index(settings.data, model.fingerprint, settings.chroma)
    wide = AnswerSettings(SearchSettings(evidence=EvidenceSettings(passages=40, compared=120, sentences=30)))
    chatbot = Chatbot(index, model, None, clock=lambda: as_of, settings=wide)
    found = chatbot.evidence(chatbot.understand(subject, conversation=(), as_of=as_of))
    return tuple(one for one in found if one.score >= _BEARING * found[0].score)


def _made_with(chatbot: "Chatbot", settings: ChatSettings, question: Question, answer: Answer) -> MadeWith:
    index = chatbot.index
    messages = chatbot.messages(question, answer.evidence) if answer.sentences else None
    return MadeWith(
        embedding=index.archive.state("model_name") or settings.embedding,
        embedding_fingerprint=index.model,
        language_model=_shown_name(settings.llm) if messages else None,
        prompt_sha256=prompt_sha256(messages) if messages else None,
        nli_model=_nli_name(chatbot) if messages else None,
        archive_sequence=index.archive.sequence(),
        vectors_sequence=index.vectors.generation.sequence,
    )


def _nli_name(chatbot: "Chatbot") -> str | None:
    return chatbot.nli.name if chatbot.nli else None


def _shown_name(spec: str) -> str:
    """Of a file only its name: a receipt is handed on, and a path tells of the machine."""
    return Path(spec).name if spec.endswith(".gguf") else spec


def _typed() -> str:
    try:
        return input("\n? ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def _told(
    chatbot: "Chatbot",
    text: str,
    conversation: list[Turn],
    as_of: datetime | None,
    *,
    shown: bool,
    explain: bool = False,
) -> Turn:
    """Print the answer while it is made."""
    moment = as_of.replace(tzinfo=UTC) if as_of else None
    for event in chatbot.stream(text, conversation=conversation, as_of=moment):
        if isinstance(event, Gathered):
            question = event.question
            if shown and event.status is Status.UNCERTAIN:
                print(MAY_NOT_HOLD_IT, flush=True)
            if explain:
                print("\n".join(explanation_lines(question)), file=sys.stderr)
        elif isinstance(event, Composed) and shown:
            print(sentence_line(event.sentence), flush=True)
        elif isinstance(event, Finished):
            answer = event.answer
    if shown:
        _close(answer)
    return Turn(question, answer)


def _close(answer: Answer) -> None:
    if answer.status is Status.NOT_IN_ARCHIVE:
        print(NOT_IN_ARCHIVE)
    if answer.notice:
        print(answer.notice if answer.status is Status.ASIDE else f"({answer.notice})")
    print("\n".join(source_lines(answer)))


def main() -> None:
    """Run the command line; our own errors are one line and exit status 1."""
    try:
        app()
    except (ChatError, IndexerError, CorpusError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
