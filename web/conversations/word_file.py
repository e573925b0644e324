"""A conversation as a Word document with footnotes, made by pandoc from a document of our own parts.

pandoc gets its own syntax tree as JSON (https://pandoc.org/filters.html), in which no word of an article is markup.
"""

import importlib.util
import json
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

from chat.answer import Evidence, Sentence, Status
from chat.answering.quoting import in_marks
from chat.errors import ChatError
from chat.publishing.links import address_of_words
from chat.texts.notices import NoticeKind, because, text_of
from chat.texts.table import Texts
from web.conversations.conversation import Exchange, failure_text

_API_VERSION = [1, 23, 1]
_TIMEOUT_S = 60
_NO_ATTRIBUTES: list[Any] = ["", [], []]
Node = dict[str, Any]


class ExportError(ChatError):
    """A file that cannot be made."""


def word_file(title: str, started: str, exchanges: Sequence[Exchange], texts: Texts) -> bytes:
    """The document; every citation is a footnote with its source and its words."""
    blocks = [_header(1, title), _paragraph([_text(started)])]
    blocks += [block for one in exchanges for block in _exchange(one, texts)]
    return _converted(
        {
            "pandoc-api-version": _API_VERSION,
            "meta": {"lang": {"t": "MetaString", "c": texts.language}},
            "blocks": blocks,
        }
    )


def _exchange(exchange: Exchange, texts: Texts) -> Iterable[Node]:
    progress, answer = exchange.progress, exchange.progress.answer
    yield _header(2, progress.question)
    if answer and answer.status is Status.UNCERTAIN:
        yield _paragraph([{"t": "Emph", "c": [_text(texts("turn.uncertain"))]}])
    if progress.sentences:
        yield _paragraph([part for one in progress.sentences for part in _sentence(one, texts)])
    for remark in (text_of(answer.notices, texts) if answer else "", failure_text(progress, texts)):
        if remark:
            yield _paragraph([_text(remark)])


def _sentence(sentence: Sentence, texts: Texts) -> Iterable[Node]:
    yield _text(sentence.text)
    yield from (_footnote(one, texts) for one in sentence.citations)
    yield {"t": "Space"}


def _footnote(evidence: Evidence, texts: Texts) -> Node:
    article = evidence.article
    address = address_of_words(article.url, (evidence.text,))
    title = _text(article.title)
    named = {"t": "Link", "c": [_NO_ATTRIBUTES, [title], [address, ""]]} if address else title
    source = _text(f", {article.source}, {texts.day(article.published_day)}: {in_marks(evidence.text)}")
    return {"t": "Note", "c": [_paragraph([named, source])]}


def _header(level: int, text: str) -> Node:
    return {"t": "Header", "c": [level, _NO_ATTRIBUTES, [_text(text)]]}


def _paragraph(parts: list[Node]) -> Node:
    return {"t": "Para", "c": parts}


def _text(text: str) -> Node:
    return {"t": "Str", "c": " ".join(text.split())}


def _converted(document: Node) -> bytes:
    if importlib.util.find_spec("pypandoc") is None:
        raise ExportError(because(NoticeKind.NO_PACKAGE, "Word", "pip install 'dateline[word]'"))
    import pypandoc

    try:
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), "--sandbox", "--from=json", "--to=docx", "--output=-"],
            input=json.dumps(document).encode(),
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ExportError(because(NoticeKind.NO_WORD_FILE, "", error)) from error
    return done.stdout
