"""Exports of ProQuest."""

import re
from collections.abc import Iterator

from corpus.dates import ParsedDate
from corpus.readers.documents.exports.entry import Entry, byline_of, date_in, first, lines_of, story

_RULE = re.compile(r"^[ \t]*_{20,}[ \t]*$|^[ \t]*document \d+ of \d+[ \t]*$", re.MULTILINE | re.IGNORECASE)
_LABEL = re.compile(
    r"(?P<name>author|publication info|publication title|publication date|publication year|publication subject"
    r"|abstract|full text|title|section|language of publication|document url|proquest document id|document type"
    r"|source type|country of publication|place of publication|publisher|issn|e-?issn|subject|location|people"
    r"|company ?/ ?organization|company|links|copyright|last updated|database|volume|issue|pages|first page|column"
    r"|dateline|credit|identifier ?/ ?keyword|accession number|start page|publication|source|number of pages)"
    r"[ \t]*:[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_SOURCE_LABEL = re.compile(r"^(?:publication info|proquest document id|publication title)[ \t]*:", re.I | re.M)
_TEXT_LABEL = re.compile(r"^(?:full text|abstract|document url)[ \t]*:", re.I | re.M)
_FULL_TEXT = "full text"
_INSIDE = frozenset("people company source credit column links pages".split())
_FURNITURE = re.compile(r"https?://\S+|proquest document link|table of contents|bibliography|citation style:.*", re.I)


def recognises(text: str) -> bool:
    """The labels of ProQuest."""
    return bool(_SOURCE_LABEL.search(text) and _TEXT_LABEL.search(text))


def entries(text: str) -> Iterator[Entry]:
    """The documents, in order; a table of contents at the top has no labels and is none."""
    for part in _RULE.split(text):
        lines = lines_of(part)
        if sum(bool(_LABEL.match(line)) for line in lines) >= 2:
            yield _entry(lines)


def _entry(lines: list[str]) -> Entry:
    fields: dict[str, list[str]] = {}
    head: list[str] = []
    current = ""
    for line in lines:
        label = _LABEL.match(line)
        name = label["name"].lower() if label else ""
        if label and not (current == _FULL_TEXT and name in _INSIDE):
            current = name
            fields.setdefault(current, []).append(label["rest"])
        elif current:
            fields[current].append(line)
        elif line and not _FURNITURE.fullmatch(line):
            head.append(line)
    info = first(fields, "publication info")
    return Entry(
        title=first(fields, "title") or " ".join(head),
        paragraphs=story(fields.get(_FULL_TEXT) or fields.get("abstract", [])),
        source=(first(fields, "publication title", "publication") or info).partition(";")[0].strip() or None,
        published=date_in(first(fields, "publication date")) or _date_of_info(info),
        byline=byline_of(first(fields, "author")),
        section=first(fields, "section") or None,
        language=first(fields, "language of publication"),
        url=first(fields, "document url") or None,
    )


def _date_of_info(info: str) -> ParsedDate | None:
    """The date in `Elm Bay Courier ; Elm Bay [Elm Bay]14 June 2023: 4.`"""
    return date_in(info.rpartition("]")[2].rpartition(":")[0] or info.rpartition("]")[2])
