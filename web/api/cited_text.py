"""An answer as Markdown for chat clients: sentences with numbered marks, then the sources; links are built by us."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chat.answer import MAY_NOT_HOLD_IT, Answer, Evidence, Sentence, Status
from chat.answering.quoting import visible
from chat.publishing.answer_text import day
from chat.publishing.cards import cited
from chat.publishing.links import address_of_words

_NOT_IN_ARCHIVE = "The archive does not hold an answer to this."
_SOURCES, _NEAREST = "Sources:", "Nearest articles:"
# Everything that starts a link, an image, HTML or emphasis; what else Markdown knows changes only how a line looks.
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|@]|(?<=:)/(?=/)|(?<=\bwww)\.|^[#+\-=](?=\W)|^\d+(?=[.)]\s)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(?=[^\w\s])")
_MARKS = re.compile(r" ?(?:\[\d+\])+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark within a piece of text."""

    start: int  # characters
    end: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text, with its citation marks."""

    text: str
    marks: tuple[Mark, ...] = ()


def opening_piece(status: Status) -> Piece:
    """What precedes the sentences."""
    return Piece(f"{MAY_NOT_HOLD_IT}\n\n" if status is Status.UNCERTAIN else "")


def sentence_piece(sentence: Sentence) -> Piece:
    """A sentence with its marks."""
    text, marks = escaped(sentence.text) + " " * bool(sentence.citations), []
    for one in sentence.citations:
        start, text = len(text), f"{text}[{one.number}]"
        marks.append(Mark(start, len(text), one))
    return Piece(f"{text}\n\n", tuple(marks))


def closing_piece(answer: Answer) -> Piece:
    """What follows the sentences: that the answer is missing, the notice, the sources."""
    is_missing = answer.status is Status.NOT_IN_ARCHIVE
    shown = answer.evidence if is_missing else cited(answer.sentences)
    paragraphs = (
        _NOT_IN_ARCHIVE if is_missing else "",
        escaped(answer.notice),
        "\n".join((_NEAREST if is_missing else _SOURCES, *map(_source_line, shown))) if shown else "",
    )
    return Piece("\n\n".join(filter(None, paragraphs)))


def joined(pieces: Iterable[Piece]) -> Piece:
    """The pieces as one."""
    text, marks = "", []
    for piece in pieces:
        marks += [Mark(one.start + len(text), one.end + len(text), one.evidence) for one in piece.marks]
        text += piece.text
    return Piece(text, tuple(marks))


def without_sources(text: str) -> str:
    """The sentences of an answer that was written here: without marks, notices of sources and escapes."""
    for heading in (_SOURCES, _NEAREST):
        text = text.partition(f"\n\n{heading}\n")[0]
    return _ESCAPED.sub("", _MARKS.sub("", text)).strip()


def escaped(text: str) -> str:
    """Foreign text on one line, of which Markdown makes no link, image or HTML."""
    return _MARKUP.sub(r"\\\g<0>", visible(text)) if text else ""


def _source_line(evidence: Evidence) -> str:
    article = evidence.article
    address = address_of_words(article.url, ())
    what = escaped(f"{article.title} ({article.source}, {day(article.published_day)})")
    return f"- [{evidence.number}] {what}" + (f" {address}" if address else "")
