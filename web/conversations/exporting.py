"""A conversation as a file: Markdown, HTML, JSON, Word, and the receipts of its answers."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chat.answer import Status
from chat.publishing.cards import cited
from chat.publishing.html_templates import html_templates
from chat.publishing.links import address_of_words
from chat.publishing.markdown import escaped, markdown
from chat.publishing.plain_data import answer_data, question_data
from chat.publishing.receipts import Fingerprints, receipt
from chat.texts.notices import text_of
from chat.texts.table import Texts
from web.conversations.conversation import Conversation, Exchange, failure_text
from web.conversations.word_file import word_file

if TYPE_CHECKING:
    from jinja2 import Environment

FORM = "dateline conversation 1"


def as_markdown(title: str, started_at: datetime, conversation: Conversation, texts: Texts) -> bytes:
    """Every question with its answer and sources."""
    head = f"# {escaped(title)}\n\n{texts.day(started_at)}"
    return "\n\n".join((head, *(_markdown_of(one, texts) for one in conversation.exchanges))).encode() + b"\n"


def _markdown_of(exchange: Exchange, texts: Texts) -> str:
    answer = exchange.progress.answer
    if answer is None:
        return f"## {escaped(exchange.progress.question)}\n\n{escaped(failure_text(exchange.progress, texts))}"
    return markdown(exchange.progress.question, answer, texts)


def as_html(title: str, started_at: datetime, conversation: Conversation, texts: Texts) -> bytes:
    """One page that needs no other file."""
    template = _templates().get_template("conversation.html.jinja")
    page = template.render(t=texts, title=title, started_at=started_at, exchanges=conversation.exchanges)
    return b"<!doctype html>" + page.encode()


def as_json(title: str, started_at: datetime, conversation: Conversation, texts: Texts) -> bytes:
    """The questions as they were understood, with their answers and evidence; the same in every language."""
    data = {
        "form": FORM,
        "title": title,
        "started_at": started_at.isoformat(),
        "exchanges": list(map(_data_of, conversation.exchanges)),
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def _data_of(exchange: Exchange) -> dict[str, Any]:
    progress, turn = exchange.progress, exchange.turn
    return {
        "number": exchange.number,
        "asked_at": exchange.asked_at.isoformat(),
        "question": progress.question,
        "failure": progress.failure,
        "understood": question_data(turn.question) if turn else None,
        "answer": answer_data(turn.question, progress.answer) if turn and progress.answer else None,
    }


def as_word(title: str, started_at: datetime, conversation: Conversation, texts: Texts) -> bytes:
    """A Word document with a footnote for every citation; raises ExportError where the extra is not installed."""
    return word_file(title, texts.day(started_at), conversation.exchanges, texts)


Format = Callable[[str, datetime, Conversation, Texts], bytes]
FORMATS: Mapping[str, tuple[Format, str]] = {
    "md": (as_markdown, "text/markdown; charset=utf-8"),
    "html": (as_html, "text/html; charset=utf-8"),
    "json": (as_json, "application/json"),
    "docx": (as_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def receipt_bytes(exchange: Exchange, archive: Fingerprints) -> bytes | None:
    """The receipt of an answer as `python -m chat verify` reads it; None where there is no answer."""
    answer, turn = exchange.progress.answer, exchange.turn
    if answer is None or turn is None or exchange.made_with is None:
        return None
    data = receipt(turn.question, answer, exchange.made_with, archive)
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def receipts_zip(conversation: Conversation, archive: Fingerprints) -> bytes:
    """The receipts of all answers."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for number, content in _receipts(conversation, archive):
            file.writestr(f"receipt-{number}.json", content)
    return packed.getvalue()


def _receipts(conversation: Conversation, archive: Fingerprints) -> Iterator[tuple[int, bytes]]:
    for exchange in conversation.exchanges:
        if content := receipt_bytes(exchange, archive):
            yield exchange.number, content


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    templates = html_templates("web")
    templates.globals |= {"uncertain": Status.UNCERTAIN}
    templates.filters |= {"cited": cited, "address": address_of_words, "failure": failure_text, "text_of": text_of}
    return templates
