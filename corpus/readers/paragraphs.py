"""Paragraphs from lines of plain text or Markdown."""

import re
from collections.abc import Iterable, Iterator

from corpus.readers.form import ReaderError

MAX_CHARACTERS = 1_000_000  # of one article
_MAX_LINES = 20_000

_BLANK_LINE = re.compile(r"\n[ \t\u00a0]*(?:\n[ \t\u00a0]*)+")
_WIDEST_WRAP = 100  # characters; a longer line is a paragraph, not a wrapped line
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟۔।][\"'”’»)\]]*$|[\"'”’»)\]]$")
_SPACES = re.compile(r"[ \t\u00a0]{2,}")
_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((?:https?://|mailto:|[#/.]|\))[^()\n]*\)?")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]+?)(?<=[^\s*_])\1(?![\w*])")


def paragraphs_of(text: str) -> list[str]:
    """Paragraphs of one line each, separated in `text` by blank lines or, in text that is not wrapped, by line ends.

    Raises ReaderError for more text than one article has.
    """
    if len(text) > MAX_CHARACTERS or text.count("\n") > _MAX_LINES:
        raise ReaderError(f"more than {MAX_CHARACTERS:,} characters or {_MAX_LINES:,} lines, more than one article has")
    blocks = _BLANK_LINE.split(single_spaces(text.replace("\r\n", "\n").replace("\r", "\n")).strip())
    return [paragraph for block in blocks for paragraph in _unwrapped(block)]


def single_spaces(text: str) -> str:
    """The text with runs of spaces and tabs collapsed."""
    # Much faster than trying the expression at every space.
    return _SPACES.sub(" ", text) if any(blank in text for blank in ("  ", "\t", "\u00a0")) else text


def mend(paragraphs: Iterable[str]) -> Iterator[str]:
    """Join a paragraph that ends in mid-sentence with a next one that starts in lower case."""
    held: list[str] = []
    for paragraph in paragraphs:
        if held and not (paragraph[:1].islower() and not _SENTENCE_END.search(held[-1][-8:])):
            yield " ".join(held)
            held = []
        held.append(paragraph)
    if held:
        yield " ".join(held)


def without_markup(paragraph: str) -> str:
    """The text of a Markdown paragraph; a link to anything but a page or an anchor stays as it is."""
    paragraph = _LINK.sub(r"\1", _IMAGE.sub("", paragraph))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", paragraph)).strip()


def _unwrapped(block: str) -> list[str]:
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    wrapped = all(len(line) <= _WIDEST_WRAP for line in lines[:-1])
    return [" ".join(lines)] if wrapped and len(lines) > 1 and len(lines[0]) > _WIDEST_WRAP / 3 else lines
