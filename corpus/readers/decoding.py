"""Bytes of unknown encoding, turned into text."""

import codecs
from pathlib import Path

from corpus.readers.form import ReaderError

MAX_TEXT_BYTES = 4_000_000  # a page or a record; the longest novel is shorter
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path) -> str:
    """The text of a file; raises ReaderError when it is too large or no text."""
    return decode(read_bytes(path, MAX_TEXT_BYTES))


def read_bytes(path: Path, limit: int) -> bytes:
    """All bytes of a file; raises ReaderError when there are more than `limit`."""
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ReaderError(f"larger than {limit // 1_000_000} MB; split it")
    return content


def decode(content: bytes) -> str:
    """Text by its byte order mark, as UTF-8, as UTF-16 without a mark, or by what its bytes look like."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if encoding := _unmarked_utf16(content[:1000]):
        return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _damaged_utf8(content, error) or _guessed(content)


def looks_binary(head: bytes) -> bool:
    """Whether bytes are those of a picture, a program or an archive rather than of any text."""
    if any(head.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS) or _unmarked_utf16(head[:1000]):
        return False
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
    return controls > len(head) * 0.02


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 of a Latin script has a zero in nearly every other byte."""
    if len(head) < 4:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.7 and head[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.7 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _damaged_utf8(content: bytes, error: UnicodeDecodeError) -> str | None:
    """UTF-8 that was cut or has a few bad bytes is still UTF-8 when it has many good letters beyond ASCII."""
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(byte >= 0xC2 for byte in content) - bad
    return text if good > 4 * bad or error.start >= len(content) - 3 else None


def _guessed(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:20_000]).best()
    encoding = best.encoding if best else "cp1252"
    if encoding in ("latin_1", "ascii"):
        encoding = "cp1252"
    return content.decode(encoding, errors="replace")
