"""Reads a news page that was printed to PDF, in a process of its own with little time and memory."""

import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.printed_page import article_of_print, is_head_line

_MAX_BYTES = 20_000_000
_MAX_PAGES = 40
_MAX_CHARACTERS = 500_000
_SECONDS = 2  # of computing; a page of a newspaper takes half of one
_MEMORY_BYTES = 95_000_000  # of data; Python with pypdf takes a third of that
_ENDS_A_PARAGRAPH = re.compile(r"[.!?…][\"'”’)]*$")


def recognises(head: bytes, path: Path) -> bool:
    """The mark that PDF begins with, which may stand a little way into the file."""
    return b"%PDF-" in head[:1024]


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """The one article of the file, whose first line is its title."""
    if find_spec("pypdf") is None:
        raise ReaderError("PDF needs the package pypdf; install it with: pip install pypdf")
    if path.stat().st_size > _MAX_BYTES:
        raise ReaderError(f"larger than {_MAX_BYTES // 1_000_000} MB")
    text = _text_in_own_process(path)
    if not text.strip():
        raise ReaderError("no text in this PDF; it may be a scanned picture")
    yield article_of_print("\n\n".join(_paragraphs(text)), options)


def _text_in_own_process(path: Path) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "corpus.readers.pdf_page", path.resolve()],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReaderError("PDF takes too long to read") from None
    if done.returncode != 0:
        raise ReaderError("PDF is damaged, encrypted, or takes more memory or time than a page should")
    return str(json.loads(done.stdout))


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs of printed lines: one ends in a line that ends a sentence or is much shorter than the others."""
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
    """What the other process does: write the text of a PDF to its output, as JSON."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    from pypdf import PdfReader

    text = ""
    for page in PdfReader(path).pages[:_MAX_PAGES]:
        text += page.extract_text() + "\n\n"
        if len(text) > _MAX_CHARACTERS:
            break
    json.dump(text, sys.stdout)


if __name__ == "__main__":
    _print_text(sys.argv[1])
