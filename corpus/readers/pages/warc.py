"""Reads web archives: WARC and WARC.GZ (ISO 28500), one article a page."""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from corpus.addresses import normalise_address
from corpus.article import Article, CorpusError, Unreadable, clean_line
from corpus.readers.decoding import MAX_TEXT_BYTES
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.pages.content_coding import decompress
from corpus.readers.pages.html_page import article_of_page

_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/"
_START = re.compile(rb"WARC/1\.\d\r?\n")
_COMPRESSED_START = re.compile(_GZIP)
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MAX_HEADER_BYTES = 1_000_000
_MAX_SENT_BYTES = MAX_TEXT_BYTES + MAX_TEXT_BYTES // 4  # of a page as sent, with the sizes of its chunks
_MAX_CHUNKS = 50_000
_TOO_LARGE = f"the page is larger than {MAX_TEXT_BYTES // 1_000_000} MB"
_MAX_RECORD_BYTES = 500_000_000  # decompressed; larger ones are malicious
_MAX_DAMAGES = 1000
_LONGEST_SIZE = 200  # bytes of the line with the size of a chunk
_BLOCK_BYTES = 65_536


def recognises(head: bytes, path: Path) -> bool:
    """A WARC record at the start, compressed or not."""
    return head.startswith(_PLAIN) or _unpacks_to_record(head)


def read(path: Path, options: ReadOptions) -> Iterator[Article | Unreadable]:
    """An article for each complete page; damage is reported, and reading resumes at the next record."""
    with path.open("rb") as file:
        is_packed = file.read(len(_GZIP)) == _GZIP
        start = 0
        for _ in range(_MAX_DAMAGES):
            file.seek(start)
            records = _Records(file, is_packed)
            try:
                for record in records:
                    found = _found_in(record, path, options)
                    records.finish()
                    start = records.offset
                    if found:
                        yield found
                return
            except ArchiveLoadFailed as error:
                yield Unreadable(path, f"damaged at byte {start:,}: {clean_line(str(error))[:200]}")
            following = _next_record(file, start + 1, is_packed)
            if following is None:
                return
            start = following
        yield Unreadable(path, f"damaged in {_MAX_DAMAGES:,} places; not read beyond byte {start:,}")


def _found_in(record: Any, path: Path, options: ReadOptions) -> Article | Unreadable | None:
    if record.length is None:
        raise ArchiveLoadFailed("a record without its length")
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    reader = {"response": _article_of_response, "resource": _article_of_resource}.get(record.rec_type)
    if reader is None or not normalise_address(url):
        return None
    try:
        return reader(record, url, options)
    except CorpusError as error:
        return Unreadable(path, f"{clean_line(url)[:200]}: {error}")


def _article_of_response(record: Any, url: str, options: ReadOptions) -> Article | None:
    """The article of an HTTP response; None when the response is not a page."""
    try:
        http = StatusAndHeadersParser(["HTTP/"], verify=False).parse(record.raw_stream)
    except EOFError:
        return None
    sent = Message()
    sent["Content-Type"] = http.get_header("Content-Type", "")
    if http.get_statuscode() != "200" or sent.get_content_type() not in _PAGE_TYPES:
        return None
    page = _page(record, http)
    return article_of_page(page, url=url, fetched_at=_fetched_at(record, options), charset=sent.get_content_charset())


def _article_of_resource(record: Any, url: str, options: ReadOptions) -> Article | None:
    """The article of a page that is stored without its HTTP headers; None when it is not a page."""
    kind = Message()
    kind["Content-Type"] = record.rec_headers.get_header("Content-Type") or ""
    if kind.get_content_type() not in _PAGE_TYPES:
        return None
    if record.length > MAX_TEXT_BYTES:
        raise ReaderError(_TOO_LARGE)
    page: bytes = record.raw_stream.read(record.length)
    return article_of_page(page, url=url, fetched_at=_fetched_at(record, options), charset=kind.get_content_charset())


def _fetched_at(record: Any, options: ReadOptions) -> datetime | None:
    return _moment(record.rec_headers.get_header("WARC-Date", "")) or options.fetched_at


def _page(record: Any, http: StatusAndHeaders) -> bytes:
    """The body of a response, decompressed; one that only claims to be compressed stays as it is."""
    body: bytes = record.raw_stream.read(_MAX_SENT_BYTES + 1)
    if len(body) > _MAX_SENT_BYTES:
        raise ReaderError(_TOO_LARGE)
    if http.get_header("Transfer-Encoding", "").lower() == "chunked":
        body = _joined_chunks(body)
    body = decompress(body, clean_line(http.get_header("Content-Encoding", "")), MAX_TEXT_BYTES)
    if len(body) > MAX_TEXT_BYTES:
        raise ReaderError(_TOO_LARGE)
    return body


def _joined_chunks(body: bytes) -> bytes:
    """The content of a chunked body (RFC 9112, section 7.1); what does not follow that form stays as it is."""
    chunks: list[bytes] = []
    start = 0
    while len(chunks) <= _MAX_CHUNKS:
        line, mark, _ = body[start : start + _LONGEST_SIZE].partition(b"\r\n")
        size = _chunk_size(line) if mark else None
        if size is None:
            return b"".join([*chunks, body[start:]])
        if not size:
            return b"".join(chunks)
        start += len(line) + len(mark)
        chunks.append(body[start : start + size])
        start += size + len(mark)
    raise ReaderError(f"more than {_MAX_CHUNKS:,} chunks in one page")


def _chunk_size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    try:
        return int(digits, 16) if digits.isalnum() else None
    except ValueError:
        return None


def _moment(date: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Records(WARCIterator):  # type: ignore[misc]
    """The records of a file from its current position; after `finish`, `offset` is the start of the next one."""

    INC_RECORD = ""  # warcio prints this, and counts

    def __init__(self, file: BinaryIO, is_packed: bool) -> None:
        super().__init__(file, no_record_parse=True)
        self.reader = _BoundedReader(file, decomp_type="gzip" if is_packed else None)

    def finish(self) -> None:
        """Read to the end of the record; raises ArchiveLoadFailed when the length is wrong."""
        read_bytes = 0
        while block := self.record.raw_stream.read(_BLOCK_BYTES):
            read_bytes += len(block)
            if read_bytes > _MAX_RECORD_BYTES:
                raise ArchiveLoadFailed(f"a record of more than {_MAX_RECORD_BYTES // 1_000_000} MB")
        if self.record.raw_stream.limit:
            raise ArchiveLoadFailed("the record ends early")
        self.read_to_end()
        if self.err_count:
            raise ArchiveLoadFailed("the record does not end where it says")
        if self.offset < 0:
            raise ArchiveLoadFailed("compressed as a whole, not record by record; decompress it first")


class _BoundedReader(DecompressingBufferedReader):  # type: ignore[misc]
    """warcio's reader, but it fails on damage and on endless headers instead of reading on."""

    _header_bytes = 0
    _is_inside_member = False

    def read(self, length: int | None = None) -> bytes:
        self._header_bytes = 0
        return bytes(super().read(length))

    def readline(self, length: int | None = None) -> bytes:
        line = bytes(super().readline(min(length or _BLOCK_BYTES, _BLOCK_BYTES)))
        self._header_bytes += len(line)
        if self._header_bytes > _MAX_HEADER_BYTES:
            raise ArchiveLoadFailed(f"a header of more than {_MAX_HEADER_BYTES:,} bytes")
        return line

    def _process_read(self, data: bytes) -> None:
        if not data and self._is_inside_member:
            raise ArchiveLoadFailed("the file ends in the middle of a record")
        super()._process_read(data)

    def _decompress(self, data: bytes) -> bytes:
        if not self.decompressor:
            return data
        try:
            unpacked: bytes = self.decompressor.decompress(data)
        except zlib.error as error:
            raise ArchiveLoadFailed(str(error)) from error
        self._is_inside_member = not self.decompressor.eof
        return unpacked


def _next_record(file: BinaryIO, position: int, is_packed: bool) -> int | None:
    """Where the next record after a position starts."""
    overlap = 256  # a start that is cut by the end of a block is whole in the next one
    while True:
        file.seek(position)
        block = file.read(_BLOCK_BYTES)
        for mark in (_COMPRESSED_START if is_packed else _START).finditer(block):
            if not is_packed or _unpacks_to_record(block[mark.start() : mark.start() + overlap]):
                return position + mark.start()
        if len(block) <= overlap:
            return None
        position += len(block) - overlap


def _unpacks_to_record(head: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(head, len(_PLAIN)) == _PLAIN
    except zlib.error:
        return False
