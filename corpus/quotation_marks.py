"""Quotation marks: which stretches of a text stand between them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.sentences import Span

MASK = "\ue000"

_BLANK_LINE = re.compile(r"\n\s*\n")
_STRAIGHT = r"(?<![\w.!?…])\"(?=\S)"  # an opening mark: a closing one follows a word or a full stop
# A speaker who goes on in the next paragraph leaves the closing mark out.
_QUOTED = re.compile(
    rf"(?:{_STRAIGHT}(?P<straight>[^\"]+)(?:\"|\Z)|“(?P<curly>[^“”]+)(?:”|\Z)|«(?P<guillemets>[^«»]+)»"
    r"|„(?P<low>[^„“”]+)[“”]|(?<!\w)‘(?P<single>(?:[^‘’]|(?<=\w)’(?=\w))+)’(?!\w)"
    r"|(?<!\w)'(?=\S)(?P<plain>(?:[^'\"]|(?<=\w)'(?=\w))+)'(?!\w))"
)
_CLOSED_ONLY = re.compile(rf"(?P<words>[^\"“”„«]*)(?!{_STRAIGHT})[\"”]")  # a sentence out of a longer quotation


class Quoted(NamedTuple):
    """A stretch between quotation marks; both spans are offsets into the text."""

    outer: Span  # with the marks
    words: Span  # without


def find_quoted(text: str) -> Iterator[Quoted]:
    """The quoted stretches of a text, in order; marks never pair across a blank line.

    A mark that is not closed reaches to the end of its paragraph, one that was not opened from its start.
    """
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield from _quoted_in(text, start, gap.start())
        start = gap.end()
    yield from _quoted_in(text, start, len(text))


def _quoted_in(text: str, start: int, end: int) -> Iterator[Quoted]:
    """The quoted stretches of one paragraph."""
    paragraph, place = text[start:end], 0
    opening = _CLOSED_ONLY.match(paragraph)
    if opening is not None:
        yield _shifted(opening, "words", start)
        place = opening.end()
    for found in _QUOTED.finditer(paragraph, place):
        yield _shifted(found, found.lastgroup or 0, start)


def _shifted(found: re.Match[str], words: str | int, by: int) -> Quoted:
    return Quoted(Span(by + found.start(), by + found.end()), Span(by + found.start(words), by + found.end(words)))


def mask_quoted(text: str, quoted: Sequence[Quoted]) -> str:
    """The text with MASK for each quoted character, so that a pattern can tell the reporter's words from the rest."""
    pieces, done = [], 0
    for each in quoted:
        pieces += [text[done : each.outer.start], MASK * (each.outer.end - each.outer.start)]
        done = each.outer.end
    return "".join([*pieces, text[done:]])
