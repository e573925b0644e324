"""Decompression of HTTP bodies, with a limit."""

import zlib

from corpus.readers.form import ReaderError

_CHUNK = 65_536


def decompress(body: bytes, coding: str, limit: int) -> bytes:
    """A body without its content coding, at most `limit` + 1 bytes; one that is not compressed stays as it is.

    `coding` is the Content-Encoding, of which there may be several. Raises ReaderError for one that is not known.
    """
    for name in reversed([part.strip() for part in coding.lower().split(",")]):
        if name in ("gzip", "x-gzip", "deflate"):
            body = _inflate(body, limit)
        elif name == "br":
            body = _brotli(body, limit)
        elif name == "zstd":
            body = _zstd(body, limit)
        elif name not in ("", "identity"):
            raise ReaderError(f"the page is compressed as {name[:20]}, which is not supported")
    return body


def _inflate(body: bytes, limit: int) -> bytes:
    for window in (47, -15):  # gzip or zlib, whichever it is; then deflate without a header
        decompressor = zlib.decompressobj(window)
        try:
            inflated = decompressor.decompress(body, limit + 1)
        except zlib.error:
            continue
        if inflated or decompressor.eof:
            return inflated
    return body


def _brotli(body: bytes, limit: int) -> bytes:
    import brotli

    decompressor, pieces, size = brotli.Decompressor(), [], 0
    try:
        for start in range(0, len(body), _CHUNK):
            piece = decompressor.process(body[start : start + _CHUNK], output_buffer_limit=limit + 1)
            while True:
                pieces.append(piece)
                size += len(piece)
                if size > limit or decompressor.can_accept_more_data():
                    break
                piece = decompressor.process(b"", output_buffer_limit=limit + 1)
            if size > limit:
                break
    except brotli.error:
        return b"".join(pieces) or body
    return b"".join(pieces)


def _zstd(body: bytes, limit: int) -> bytes:
    import zstandard

    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body) as reader:
            return reader.read(limit + 1)
    except zstandard.ZstdError:
        return body
