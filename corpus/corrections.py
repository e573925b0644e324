"""Correction notes at the top or the foot of an article."""

import re

from corpus.english.calendar import MONTH

_HEAD_PARAGRAPHS = 3
_FOOT_PARAGRAPHS = 5
_LONGEST_NOTE = 1500  # characters; a longer paragraph is part of the story

_DATE = rf"(?:on\s+)?(?:{MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{MONTH})(?:,?\s+\d{{4}})?"
_KIND = r"(?:corrections?|clarifications?|corrections?\s+(?:and|&)\s+clarifications?|erratum)"
_LABEL = re.compile(
    rf"[\W_]*{_KIND}(?:\s*\([^()]{{1,60}}\)|,?\s*{_DATE})?[*_]*\s*(?::|—|–|--|\s-\s)[*_\s]*(?P<note>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_HEADING = re.compile(rf"[\W_]*{_KIND}(?:\s*[:,—–-]?\s*\(?{_DATE}\)?)?[\W_]*", re.IGNORECASE)
_PIECE = r"(?:article|story|report|post|piece|column|dispatch|obituary|headline|caption|graphic|chart|map|page|review)"
_WRONG = (
    r"(?:(?:incorrect|wrong|mistaken|erroneous|inaccurate)(?:ly)?|misstate|misspel|misidentif|misattribut|mischaracteri"
    r"|misquot|misreport|misrepresent|misnam|gave|said|stated|reported|suggested|claimed|described|referred|implied|named"
    r"|listed|identified|omitted|attributed)"
)
_PHRASE = re.compile(
    rf"\b(?:an?|the|our)\s+(?:earlier|previous|prior|original)\s+"
    rf"(?:(?:version|edition|headline|caption)s?\s+(?:of|on|to|in)\s+(?:this|the|our)\s+{_PIECE}|headline|caption)\b"
    rf"[^.!?]{{0,60}}?\b{_WRONG}"
    rf"|\bthis\s+{_PIECE}\s+(?:was|has\s+been)\s+(?:corrected|amended|clarified"
    rf"|(?:updated|changed|edited|revised|modified)\s+(?:[^.!?]{{0,60}}\s)?to\s+(?:correct|clarify|fix|remove|say|state|show))\b"
    rf"|\bthis\s+{_PIECE}\s+(?:originally|previously|initially|incorrectly|wrongly)\s+{_WRONG}"
    rf"|\bthis\s+(?:version|{_PIECE})\s+(?:corrects|clarifies)\b",
    re.IGNORECASE,
)


def correction_of(text: str) -> str | None:
    """The correction or clarification note at the top or foot of a text, verbatim; None without one."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    foot = max(_HEAD_PARAGRAPHS, len(paragraphs) - _FOOT_PARAGRAPHS)
    notes = [
        note
        for place, paragraph in enumerate(paragraphs)
        if place < _HEAD_PARAGRAPHS or place >= foot
        if (note := _note(paragraph, paragraphs[place + 1 : place + 2]))
    ]
    return " ".join(dict.fromkeys(notes)) or None


def _note(paragraph: str, following: list[str]) -> str | None:
    """The note in one paragraph; under a heading such as "Correction", the paragraph that follows."""
    if len(paragraph) > _LONGEST_NOTE:
        return None
    if _HEADING.fullmatch(paragraph):
        return _one_line(following[0]) if following and len(following[0]) <= _LONGEST_NOTE else None
    label = _LABEL.match(paragraph)
    if label:
        return _one_line(label["note"])
    phrase = _PHRASE.search(paragraph)
    if phrase is None:
        return None
    start = max(paragraph.rfind(mark, 0, phrase.start()) for mark in (". ", "! ", "? ", ".\n", ": "))
    return _one_line(paragraph[start + 2 if start >= 0 else 0 :])


def _one_line(note: str) -> str:
    return " ".join(note.split()).strip("*_[]() ").lstrip("-–— ")
