"""Decoding of bytes in an unknown encoding."""

import codecs
from functools import lru_cache
from pathlib import Path

from corpus.readers.form import ReaderError

MAX_TEXT_BYTES = 4_000_000  # of a page or a record; longer than the longest novel
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENOUGH = 20_000  # bytes to guess an encoding from
_LATIN_1 = frozenset({"iso-8859-1", "iso8859-1", "iso_8859-1", "latin-1", "latin1", "l1", "ascii", "us-ascii"})
_ASCII = bytes(range(0x80))
_NOT_UTF8_START = bytes(range(0xC2))


def read_text(path: Path) -> str:
    """The text of a file; raises ReaderError when the file is too large."""
    return decode(read_bytes(path, MAX_TEXT_BYTES))


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file; raises ReaderError when it has more than `limit`."""
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ReaderError(f"larger than {limit // 1_000_000} MB")
    return content


def decode(content: bytes, *, declared: str | None = None) -> str:
    """The text, decoded by its byte order mark, as UTF-8, as declared, or as detected, in this order."""
    if encoding := wide_encoding(content):
        return content.decode(encoding, errors="replace").removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return (
            _damaged_utf8(content, error)
            or _declared(content, declared)
            or content.decode(_guess(content), errors="replace")
        )


def is_beyond_ascii_utf8(content: bytes) -> bool:
    """Whether bytes are valid UTF-8 with letters beyond ASCII, which text in another encoding is only by accident."""
    try:
        return not content.isascii() and not wide_encoding(content[:1000]) and bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def encoding_of(head: bytes) -> str:
    """The encoding of a file that starts with these bytes, to read the file in pieces."""
    if encoding := wide_encoding(head):
        return encoding
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if _damaged_utf8(head, error) else _guess(head)
    return "utf-8-sig"


@lru_cache(maxsize=2)
def opening(head: bytes) -> str:
    """The decoded start of a file, without leading space; empty for a binary file."""
    return "" if _looks_binary(head) else decode(head).lstrip()


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, recognised by the byte order mark or the position of zero bytes; else None."""
    for mark, encoding in _MARKS[1:]:
        if head.startswith(mark):
            return encoding
    even, odd, half = head[0:1000:2], head[1:1000:2], len(head[:1000]) // 2
    if half < 2:
        return None
    if odd.count(0) > half * 0.7 and even.count(0) < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > half * 0.7 and odd.count(0) < half * 0.1 else None


def _looks_binary(head: bytes) -> bool:
    """Whether the bytes are binary: a picture, a program, an archive."""
    if wide_encoding(head):
        return False
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
    return controls > max(len(head) * 0.02, 3)


def _damaged_utf8(content: bytes, error: UnicodeDecodeError) -> str | None:
    """UTF-8 with a few bad bytes, if most bytes beyond ASCII are valid or only the end is cut."""
    text = content.decode("utf-8-sig", errors="replace")
    bad = text.count("\ufffd")
    good = len(content.translate(None, _NOT_UTF8_START)) - bad
    return text if good > 4 * bad or error.start >= len(content) - 3 else None


def _declared(content: bytes, declared: str | None) -> str | None:
    declared = "cp1252" if declared and declared.strip().lower() in _LATIN_1 else declared  # as browsers do
    try:
        return content.decode(declared) if declared and "\0" not in declared else None
    except (LookupError, ValueError):
        return None


def _guess(content: bytes) -> str:
    sample = content[:_ENOUGH]
    if len(sample.translate(None, _ASCII)) < len(sample) * 0.03:  # curly quotes and a few accents
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best and best.encoding not in ("latin_1", "ascii") else "cp1252"
