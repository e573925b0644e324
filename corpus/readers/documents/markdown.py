"""Reads Markdown, with or without front matter: one article a file."""

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.decoding import opening, read_text
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.paragraphs import mend, paragraphs_of, without_markup
from corpus.readers.records.record import article_of_record

_FENCE = re.compile(r"---[ \t]*\r?\n[\w\"'#-]")
_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\r?\n(?P<fields>.{0,8000}?)^(?:---|\.\.\.)[ \t]*(?:\n|\r|\Z)", re.DOTALL | re.MULTILINE
)
_MOST_LISTS = 100
_HEADING = re.compile(r"#{1,6}\s+(?P<title>[^\n]{1,300}?)\s*#{0,6}\s*$")
_QUOTE = re.compile(r"^>\s?", re.MULTILINE)
_RULE = re.compile(r"[-*_=]{3,}\s*$")


def recognises(head: bytes, path: Path) -> bool:
    """Front matter, or the suffix of Markdown."""
    text = opening(head)
    return bool(_FENCE.match(text)) or (bool(text) and path.suffix.lower() in (".md", ".markdown"))


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the file; front matter has the names of fields that records have."""
    text = read_text(path)
    match = _FRONT_MATTER.match(text)
    fields = _fields(match["fields"]) if match else {}
    title, body = _body(text[match.end() :] if match else text)
    record = {"title": title, **{name: value for name, value in fields.items() if value is not None}, "text": body}
    if not body:
        raise ReaderError("no text")
    yield article_of_record(record, ReadOptions(fetched_at=options.fetched_at))


def _fields(block: str) -> dict[str, object]:
    import yaml

    if block.count("[") + block.count("{") + block.count("- -") > _MOST_LISTS:
        raise ReaderError(f"front matter has more than {_MOST_LISTS} lists")
    try:
        fields = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ReaderError(f"front matter is not YAML: {' '.join(str(error).split())}") from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise ReaderError("front matter has no fields; write them as `title: ...`")
    return {str(name): value for name, value in fields.items()}


def _body(markdown: str) -> tuple[str, str]:
    """The heading that the text starts with, if any, and the paragraphs of the story."""
    paragraphs = [_QUOTE.sub("", part) for part in paragraphs_of(markdown) if not _RULE.fullmatch(part)]
    title = ""
    if paragraphs and (heading := _HEADING.match(paragraphs[0])):
        title, paragraphs = without_markup(heading["title"]), paragraphs[1:]
    lines = (without_markup(match["title"] if (match := _HEADING.match(part)) else part) for part in paragraphs)
    return title, "\n\n".join(mend(line for line in lines if line))
