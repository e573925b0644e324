"""The command line of the chat: a conversation, or ask, search, find, timeline, watch, verify, key, model fetch."""

import json
import signal
import sys
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chat.errors import ChatError
from chat.settings import ChatSettings
from chat.understanding.typed_text import typed_question, valid_text
from corpus.article import CorpusError
from indexer.errors import IndexerError
from indexer.settings import settings_for_reading, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat.answer import Turn
    from chat.chatbot import Chatbot


class TimelineFormat(StrEnum):
    """How a timeline is printed."""

    MARKDOWN = "markdown"
    CSV = "csv"
    ICS = "ics"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="Ask a news archive.")
model_app = typer.Typer(no_args_is_help=True, help="The weights of the local language model.")
app.add_typer(model_app, name="model")

Data = Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")]
Embedding = Annotated[str | None, typer.Option(help="The embedding model: all-MiniLM-L6-v2, a folder or a hub name.")]
Chroma = Annotated[str | None, typer.Option(help="The address of a Chroma server. [default: Chroma in this process]")]
Model = Annotated[str | None, typer.Option("--llm", help="The language model. [default: DATELINE_LLM or local]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Look at the archive as it stood then (UTC)."),
]


@app.callback(invoke_without_command=True)
def converse(
    context: typer.Context,
    data: Data = None,
    embedding: Embedding = None,
    chroma: Chroma = None,
    llm: Model = None,
    as_json: AsJson = False,
) -> None:
    """Without a command: a conversation in the terminal; an empty line, `quit` or Ctrl-D ends it."""
    if context.invoked_subcommand is not None:
        return
    from chat.conversing import print_answer, typed_line
    from chat.publishing.plain_data import answer_data

    conversation: list[Turn] = []
    with _opened(settings_for_reading(ChatSettings, data=data, embedding=embedding, chroma=chroma, llm=llm)) as chatbot:
        while (text := typed_line("" if as_json else "\n? ")) not in ("", "quit", "exit"):
            turn = print_answer(chatbot, text, conversation, None, prints=not as_json)
            conversation.append(turn)
            if as_json:
                print(json.dumps(answer_data(turn.question, turn.answer), ensure_ascii=False), flush=True)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    data: Data = None,
    embedding: Embedding = None,
    chroma: Chroma = None,
    llm: Model = None,
    as_of: AsOf = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say how the question was understood.")] = False,
    as_json: AsJson = False,
    save: Annotated[Path | None, typer.Option(help="Keep the answer as a receipt in this new file.")] = None,
    sign: Annotated[bool, typer.Option("--sign", help="Sign the receipt with the archive's key.")] = False,
) -> None:
    """Ask one question. Exit status 3 when the archive does not hold the answer, 5 when it may not hold it."""
    from chat.answer import Status
    from chat.conversing import print_answer
    from chat.publishing.plain_data import answer_data
    from chat.publishing.receipts import refuse_taken, save_receipt

    if save:
        refuse_taken(save)
    settings = settings_for_reading(ChatSettings, data=data, embedding=embedding, chroma=chroma, llm=llm)
    with _opened(settings) as chatbot:
        moment = _moment(as_of) if as_of else None
        turn = print_answer(chatbot, question, [], moment, prints=not as_json, explain=explain)
        if save:
            from chat.publishing.signing import signed
            from chat.receipting import receipt_of

            kept = receipt_of(turn, chatbot, settings)
            save_receipt(signed(kept, settings.data) if sign else kept, save)
    if as_json:
        _print_json(answer_data(turn.question, turn.answer))
    raise typer.Exit({Status.NOT_IN_ARCHIVE: 3, Status.UNCERTAIN: 5}.get(turn.answer.status, 0))


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="A question or some words.")],
    data: Data = None,
    embedding: Embedding = None,
    chroma: Chroma = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages to show.")] = 10,
    as_json: AsJson = False,
) -> None:
    """List the best passages with their scores and what found them. Exit status 3 when there are none."""
    from chat.gathering.asking import question_to
    from chat.opening import open_search
    from chat.publishing.plain_data import hit_data
    from chat.publishing.terminal import hit_lines

    settings = settings_for_reading(ChatSettings, data=data, embedding=embedding, chroma=chroma)
    with open_search(settings) as opened:
        asked = question_to(opened.index.table, typed_question(question), as_of=_moment(as_of))
        hits = opened.hits(asked, limit)
        archive = opened.index.archive
        if as_json:
            _print_json([hit_data(hit, archive) for hit in hits])
        else:
            print("\n".join(line for hit in hits for line in hit_lines(hit, archive)))
    raise typer.Exit(0 if hits else 3)


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="A quotation or a paragraph.")],
    data: Data = None,
    chroma: Chroma = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Find the article that printed some words first. Exit status 3 when they are not in the archive."""
    from chat.gathering.finding import find_source_of
    from chat.opening import open_for_words
    from chat.publishing.plain_data import finding_data
    from chat.publishing.terminal import finding_lines

    with open_for_words(settings_for_reading(ChatSettings, data=data, chroma=chroma)) as index:
        finding = find_source_of(valid_text(text), index, as_of=_moment(as_of))
    if as_json:
        _print_json(finding_data(finding))
    else:
        print("\n".join(finding_lines(finding)))
    raise typer.Exit(0 if finding.first else 3)


@app.command()
def timeline(
    subject: Annotated[str, typer.Argument(help="What the timeline is about.")],
    data: Data = None,
    embedding: Embedding = None,
    chroma: Chroma = None,
    as_of: AsOf = None,
    form: Annotated[TimelineFormat, typer.Option("--format", help="How it is printed.")] = TimelineFormat.MARKDOWN,
    as_json: AsJson = False,
) -> None:
    """Print the dated events that the archive reports of a subject. Exit status 3 when there are none."""
    from chat.answering.timeline import timeline_of
    from chat.opening import open_search
    from chat.publishing.plain_data import timeline_data
    from chat.publishing.timeline_files import as_calendar, as_csv, as_markdown

    subject, moment = typed_question(subject), _moment(as_of)
    with open_search(settings_for_reading(ChatSettings, data=data, embedding=embedding, chroma=chroma)) as opened:
        events = timeline_of(subject, opened, moment)
    if as_json:
        _print_json(timeline_data(events))
        raise typer.Exit(0 if events else 3)
    match form:
        case TimelineFormat.MARKDOWN:
            printed = as_markdown(subject, events)
        case TimelineFormat.CSV:
            printed = as_csv(events)
        case TimelineFormat.ICS:
            printed = as_calendar(subject, events, datetime.now(UTC))
    sys.stdout.buffer.write(printed.encode())  # line ends are part of the formats
    sys.stdout.buffer.flush()
    raise typer.Exit(0 if events else 3)


@app.command()
def watch(
    question: Annotated[str | None, typer.Argument(help="A question to save first.")] = None,
    data: Data = None,
    embedding: Embedding = None,
    chroma: Chroma = None,
    once: Annotated[bool, typer.Option("--once", help="Ask once, print what changed, and end.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the standing questions, and end.")] = False,
    delete: Annotated[str | None, typer.Option(metavar="ID", help="Delete a standing question, and end.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the standing questions again after each addition, and print each change once, until stopped."""
    from chat.watching import open_standing, print_questions, watch_once, watch_until
    from indexer.progress import stopped_by_signals

    settings = settings_for_reading(ChatSettings, data=data, embedding=embedding, chroma=chroma)
    with stopped_by_signals() as stop, open_standing(settings) as standing:
        if delete:
            standing.delete(delete)
            return
        if question:
            standing.save(typed_question(question))
        if listed:
            print_questions(standing, as_json=as_json)
        elif once:
            watch_once(standing, as_json=as_json)
        else:
            watch_until(standing, stop, as_json=as_json)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A receipt made by: ask QUESTION --save FILE.")],
    data: Data = None,
    key: Annotated[str | None, typer.Option(help="The public key that must have signed it, in hex.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a receipt against today's archive. Exit status 4 when a citation, a sentence or the signature fails."""
    from chat.publishing.receipts import load_receipt, verify_receipt, verify_sentences
    from chat.publishing.signing import signer_of
    from chat.publishing.terminal import checked_lines
    from indexer.storage.archive import Archive
    from indexer.storage.file import FILE_NAME

    folder = settings_for_reading(ChatSettings, data=data).data
    with closing(Archive(folder / FILE_NAME)) as archive:
        content = load_receipt(file)
        citations, sentences = verify_receipt(content, archive), verify_sentences(content, archive)
    signer = signer_of(content)
    is_signed_right = key is None or signer == key.lower()
    if as_json:
        checks = {"citations": list(map(asdict, citations)), "sentences": list(map(asdict, sentences))}
        _print_json({**checks, "signed_by": signer})
    else:
        print("\n".join(checked_lines(citations, sentences, signer)))
    if not is_signed_right:
        print("the signature is not by the key that was given", file=sys.stderr if as_json else sys.stdout)
    holds = all(one.holds for one in citations) and all(one.holds for one in sentences)
    raise typer.Exit(0 if is_signed_right and holds else 4)


@app.command()
def key(data: Data = None, as_json: AsJson = False) -> None:
    """Print the archive's public key, with which `ask --sign` signs receipts."""
    from chat.publishing.signing import public_key

    own = public_key(settings_for_reading(ChatSettings, data=data).data)
    print(json.dumps({"public_key": own}) if as_json else own)


@model_app.command()
def fetch(data: Data = None, as_json: AsJson = False) -> None:
    """Download the local model's weights from their official hub repository into the data folder."""
    from chat.llms.weights import fetch_weights
    from chat.opening import models_folder

    weights = fetch_weights(models_folder(settings_of(ChatSettings, data=data)), on_progress=_show_progress)
    print(json.dumps({"weights": str(weights)}) if as_json else weights)


def _show_progress(done: int, total: int) -> None:
    print(
        f"\r{done / 1e6:,.0f} of {total / 1e6:,.0f} MB", end="\n" if done == total else "", file=sys.stderr, flush=True
    )


@contextmanager
def _opened(settings: ChatSettings) -> "Iterator[Chatbot]":
    from chat.opening import open_chatbot

    chatbot = open_chatbot(settings, tell=partial(print, file=sys.stderr))
    with closing(chatbot.index):
        yield chatbot


def _moment(as_of: datetime | None) -> datetime:
    return as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


def main() -> None:
    """Run the command line; our own errors are one line and exit status 1."""
    signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except (ChatError, IndexerError, CorpusError) as error:
        sys.exit(f"error: {error}")


def _end(number: int, frame: object) -> None:
    """End as after any error, so that temporary folders are removed; Python's own end is at once."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
