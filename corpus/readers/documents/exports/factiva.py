"""Exports of Factiva, with two-letter field codes or as plain articles."""

import re
from collections.abc import Iterator

from corpus.readers.documents.exports.entry import Entry, byline_of, date_in, first, is_copyright, lines_of, story

_CODES = "HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|CX|LP|TD|ART|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|SE|CLM|DLN"
_FIELD = re.compile(rf"(?P<code>{_CODES})(?:[ \t]+(?P<rest>.*))?")
_END = re.compile(r"^[ \t]*(?:AN[ \t]*\n?[ \t]*)?Document [A-Z][A-Za-z0-9]{14,40}[ \t]*$", re.MULTILINE)
_CODED = re.compile(r"^(?:HD|LP|TD|PD)(?:[ \t]|$)", re.MULTILINE)
_WORDS = re.compile(r"[\d,.]{1,7} words", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_CODE_LINE = re.compile(r"[A-Z0-9]{2,10}")


def recognises(text: str) -> bool:
    """A document number at the end of a document, and its codes or its number of words."""
    has_words = any(_WORDS.fullmatch(line.strip()) for line in text.splitlines())
    return (len(_CODED.findall(text)) >= 3 or has_words) and bool(_END.search(text) or re.search(r"^WC ", text, re.M))


def entries(text: str) -> Iterator[Entry]:
    """The documents, in order; what follows the last document number is a summary of the search."""
    for part in _END.split(text)[:-1] or [text]:
        lines = lines_of(part)
        if _CODED.search(part):
            yield _coded_entry(lines)
        elif any(_WORDS.fullmatch(line) for line in lines):
            yield _plain_entry(lines)


def _coded_entry(lines: list[str]) -> Entry:
    fields: dict[str, list[str]] = {}
    current = ""
    for line in lines:
        if code := _FIELD.fullmatch(line):
            current = code["code"]
            fields.setdefault(current, []).append(code["rest"] or "")
        elif current:
            fields[current].append(line)
    return Entry(
        title=first(fields, "HD"),
        paragraphs=story([*fields.get("LP", []), "", *fields.get("TD", []), "", *fields.get("ART", [])]),
        source=first(fields, "SN", "PUB") or None,
        published=date_in(f"{first(fields, 'PD')} {first(fields, 'ET')}") or date_in(first(fields, "PD")),
        byline=byline_of(first(fields, "BY") or first(fields, "CR")),
        section=first(fields, "SE") or None,
        language=first(fields, "LA"),
    )


def _plain_entry(lines: list[str]) -> Entry:
    """A document without codes: headline, author, `61 words`, date, time, source, its code, language, copyright."""
    words = next(index for index, line in enumerate(lines) if _WORDS.fullmatch(line))
    head = [line for line in lines[:words] if line]
    gap = next((index for index in range(words, len(lines)) if is_copyright(lines[index])), words)
    facts = [line for line in lines[words + 1 : gap] if line]
    at = next((index for index, line in enumerate(facts) if date_in(line)), None)
    clock = next((line for line in facts if _CLOCK.fullmatch(line)), "")
    rest = [line for line in facts[0 if at is None else at + 1 :] if not _CLOCK.fullmatch(line)]
    names = [line for line in rest if not _CODE_LINE.fullmatch(line)]
    return Entry(
        title=head[0] if head else "",
        paragraphs=story(lines[gap + 1 :]),
        source=names[0] if names else None,
        published=None if at is None else date_in(f"{facts[at]} {clock}") or date_in(facts[at]),
        byline=byline_of(" ; ".join(head[1:])),
        language=names[-1] if len(names) > 1 else "",
    )
