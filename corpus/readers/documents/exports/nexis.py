"""Exports of Nexis, LexisNexis and Nexis Uni."""

import re
from collections.abc import Iterator

from corpus.dates import ParsedDate
from corpus.readers.documents.exports.entry import Entry, byline_of, date_in, is_copyright, lines_of, story

_NUMBERED = re.compile(r"^[ \t\f]*(?:document )?\d+ of \d+ documents?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"^[ \t]*end of document[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TOP_LABEL = re.compile(
    r"(?P<name>byline|section|length|dateline|highlight|headline|source|edition|series|correction)"
    r"[ \t]*:[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_TAIL_LABEL = re.compile(
    r"(?P<name>load-date|language|publication-type|pub-type|subject|graphic|correction-date|journal-code|document-type"
    r"|acc-no|ticker|company|organization|geographic|industry|notes)[ \t]*:[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_ONE_LINE = frozenset({"length"})  # its text never goes on in the next line
_BODY = re.compile(r"body:?", re.IGNORECASE)
_TAIL = re.compile(r"classification", re.IGNORECASE)
_EDITION = re.compile(
    r".{0,40}\b(?:edition|zones?|correction appended)\b.{0,20}|(?:first|final|late|early|city|web|online|main)\W*", re.I
)
_FURNITURE = re.compile(r"page \d+ of \d+|link to (?:image|pdf)|\W*", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Numbered documents, or the marks at their ends, with the labels of Nexis."""
    if not (_NUMBERED.search(text) or _END.search(text)):
        return False
    return bool(re.search(r"^[ \t]*(?:length|load-date|byline|publication-type)[ \t]*:", text, re.I | re.M))


def entries(text: str) -> Iterator[Entry]:
    """The documents, in order."""
    parts = _NUMBERED.split(text)[1:] if _NUMBERED.search(text) else _END.split(text)
    for part in filter(str.strip, parts):
        lines = lines_of(_END.sub("", part))
        if any(_TOP_LABEL.match(line) or _TAIL_LABEL.match(line) for line in lines):
            yield _entry([line for line in lines if not line or not _FURNITURE.fullmatch(line)])


def _entry(lines: list[str]) -> Entry:
    first_label = next((index for index, line in enumerate(lines) if _TOP_LABEL.match(line)), len(lines))
    fields, start = _labelled(lines, first_label)
    head = [line for line in lines[: min(first_label, start)] if line and not is_copyright(line)]
    end = next((index for index in range(start, len(lines)) if _is_tail(lines[index])), len(lines))
    tail = [found for line in lines[end:] if (found := _TAIL_LABEL.match(line))]
    fields = {found["name"].lower(): found["rest"] for found in tail} | fields
    title, source, published = _heading(head)
    return Entry(
        title=fields.get("headline") or title,
        paragraphs=story(lines[start:end]),
        source=fields.get("source") or source,
        published=published,
        byline=byline_of(fields.get("byline", "")),
        section=fields.get("section", "").partition(";")[0] or None,
        language=fields.get("language", ""),
    )


def _labelled(lines: list[str], first_label: int) -> tuple[dict[str, str], int]:
    """The labelled fields above the story, and the line at which it starts."""
    body = next((index for index, line in enumerate(lines) if _BODY.fullmatch(line)), None)
    fields: dict[str, str] = {}
    current = ""
    at = first_label
    for at in range(first_label, len(lines) if body is None else body):
        label = _TOP_LABEL.match(lines[at])
        if label:
            current = label["name"].lower()
            fields[current] = label["rest"]
        elif not lines[at] or current in _ONE_LINE:
            current = ""
        if lines[at] and not label:
            if not current:
                break
            fields[current] += f" {lines[at]}"
    return fields, at if body is None else body + 1


def _is_tail(line: str) -> bool:
    return bool(_TAIL.fullmatch(line) or _TAIL_LABEL.match(line))


def _heading(head: list[str]) -> tuple[str, str | None, ParsedDate | None]:
    """Title, source and date: the title comes after the date in older exports, and first in newer ones."""
    at = next((index for index, line in enumerate(head) if date_in(line)), None)
    if at is None:
        return " ".join(head[:1]), None, None
    below = [line for line in head[at + 1 :] if not _EDITION.fullmatch(line)]
    source = head[at - 1] if at else None
    return " ".join(below or head[max(0, at - 2) : max(0, at - 1)]), source, date_in(head[at])
