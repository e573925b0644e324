"""Quotation marks in a sentence: where they stand, and whether the words inside stand in the evidence."""

import re
from typing import NamedTuple

from corpus.quotation_marks import find_quoted


class Quotation(NamedTuple):
    """The words between two marks of a plain text, and their offsets without the marks."""

    words: str
    start: int
    end: int


_DOTS = re.compile(r"\s*(?:\.\.\.\.?|\[\s*\.\.\.\s*\])\s*")
_BRACKETED = re.compile(r"\s*\[[^\]]*\]\s*")
_NOT_A_WORD = re.compile(r"[^\w%$£€]+")
_LONGEST_BRACKETED = 6  # words of the evidence for which words in brackets may stand
_MOST_BRACKETS = 3  # in one piece; more could stand for nearly anything, and take long to find


def find_quotations(text: str) -> list[Quotation]:
    """What stands between quotation marks in a plain text; a mark without a partner reaches to the text's end."""
    if '"' not in text and "'" not in text:
        return []
    spans = [each.words for each in find_quoted(text)]
    return [Quotation(text[start:end], start, end) for start, end in spans if text[start:end].strip()]


def bare(text: str) -> str:
    """The words of a plain text in one case, separated by single spaces, with a space at both ends."""
    return f" {_NOT_A_WORD.sub(' ', text.lower()).strip()} "


def stands_in(quotation: str, evidence: str) -> bool:
    """Whether quoted words stand in a plain text, in order; dots may leave words out and [brackets] put others in."""
    text, place = bare(evidence), 0
    for piece in _pieces(quotation):
        found = _pattern(piece).search(text, place)
        if found is None:
            return False
        place = found.end() - 1
    return True


def leaves_out(quotation: str) -> bool:
    """Whether dots say that words were left out."""
    return len(_pieces(quotation)) > 1


def _pieces(quotation: str) -> list[str]:
    return [piece for piece in _DOTS.split(quotation) if _BRACKETED.sub("", bare(piece)).strip()]


def _pattern(piece: str) -> re.Pattern[str]:
    parts = [bare(part).strip() for part in _BRACKETED.split(piece, maxsplit=_MOST_BRACKETS)]
    return re.compile(
        rf" (?:\S+ ){{0,{_LONGEST_BRACKETED}}}".join(re.escape(part) for part in parts if part).join("  ")
    )


def without_marks(text: str, quotations: list[Quotation]) -> str:
    """The text without the marks of these quotations."""
    drop = {place for quotation in quotations for place in (quotation.start - 1, quotation.end)}
    return "".join(character for i, character in enumerate(text) if i not in drop)
