"""Reads a news page that was printed to PDF, in a child process with limits on time and memory."""

import json
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.child_process import limit_this_process, output_of_child
from corpus.readers.documents.exports import is_export
from corpus.readers.documents.printed_page import is_head_line
from corpus.readers.documents.text import articles_of_text
from corpus.readers.form import ReaderError, ReadOptions

_MAX_BYTES = 20_000_000
_MAX_PAGES = 40
_MAX_CHARACTERS = 500_000
_SECONDS = 2  # of CPU; a page of a newspaper takes half of one
_ENDS_A_PARAGRAPH = re.compile(r"[.!?…][\"'”’)]*$")


def recognises(head: bytes, path: Path) -> bool:
    """The marker of PDF, which may come a little way into the file."""
    return b"%PDF-" in head[:1024]


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The article of the file, whose first line is the title."""
    if path.stat().st_size > _MAX_BYTES:
        raise ReaderError(f"larger than {_MAX_BYTES // 1_000_000} MB")
    text = _text_in_child_process(path)
    if not text.strip():
        raise ReaderError("no text in this PDF; it may be a scan")
    yield from articles_of_text(text if is_export(text) else "\n\n".join(_paragraphs(text)), path, options)


def _text_in_child_process(path: Path) -> str:
    written = output_of_child(
        ["-m", __name__, str(path.resolve())],
        cpu_seconds=_SECONDS,
        refusal="PDF is damaged, encrypted, or needs too much memory or time",
    )
    return str(json.loads(written))


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs from lines: one ends with a line that ends a sentence or is much shorter than the others."""
    lines = [line.strip() for line in text.split("\n")]
    widths = [len(line) for line in lines if line]
    narrow = 0.6 * statistics.median(widths)
    held: list[str] = []
    for line in lines:
        if held and is_head_line(line):
            yield " ".join(held)
            held = []
        held += [line] if line else []
        if held and (not line or _ENDS_A_PARAGRAPH.search(line) or len(line) < narrow or is_head_line(line)):
            yield " ".join(held)
            held = []
    yield " ".join(held)


def _print_text(path: str) -> None:
    """Run in the child process: write the text of a PDF to standard output, as JSON."""
    limit_this_process(_SECONDS)
    from pypdf import PdfReader

    text = ""
    for page in PdfReader(path).pages[:_MAX_PAGES]:
        text += page.extract_text() + "\n\n"
        if len(text) > _MAX_CHARACTERS:
            break
    json.dump(text, sys.stdout)


if __name__ == "__main__":
    _print_text(sys.argv[1])
