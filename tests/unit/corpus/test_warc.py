"""Web archives, whole and damaged."""

import gzip
import resource
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Article, CorpusError, Unreadable
from corpus.readers.form import ReadOptions
from corpus.readers.pages.warc import read, recognises


def page(number: int = 1) -> bytes:
    paragraphs = "".join(
        f"<p>In sentence {line} of story {number}, the council of Port Ellery said that the old harbour would reopen "
        f"to fishing boats before the end of the month, after {line + 3} years of work on its walls.</p>"
        for line in range(5)
    )
    title = f"Harbour story {number}"
    date = "<meta property='article:published_time' content='2022-06-19T08:00:00Z'>"
    head = f"<html lang='en'><head><title>{title}</title>{date}</head>"
    return f"{head}<body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode()


def record(
    body: bytes,
    *,
    url: str = "https://gazette.test/1",
    status: str = "200 OK",
    kind: str = "response",
    packed: bool = True,
    **headers: str,
) -> bytes:
    """One record of a WARC."""
    sent = {"Content_Type": "text/html; charset=utf-8", **headers}
    http = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in sent.items())
    block = f"HTTP/1.1 {status}\r\n{http}\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-06-20T08:00:00Z\r\n"
    rest = f"Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    content = f"{head}{rest}".encode() + block + b"\r\n\r\n"
    return gzip.compress(content, mtime=0) if packed else content


def story(number: int, *, packed: bool = True) -> bytes:
    return record(page(number), url=f"https://gazette.test/{number}", packed=packed)


def read_bytes(tmp_path: Path, content: bytes) -> list[Article | Unreadable]:
    path = tmp_path / "news.warc"
    path.write_bytes(content)
    return list(read(path, ReadOptions()))


def titles(found: list[Article | Unreadable]) -> list[str]:
    return [article.title for article in found if isinstance(article, Article)]


def reasons(found: list[Article | Unreadable]) -> list[str]:
    return [unreadable.reason for unreadable in found if isinstance(unreadable, Unreadable)]


@pytest.mark.parametrize("packed", [True, False])
def test_a_page_of_a_crawl_is_an_article(tmp_path: Path, packed: bool) -> None:
    first, second = read_bytes(tmp_path, story(1, packed=packed) + story(2, packed=packed))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.url) == ("Harbour story 1", "https://gazette.test/1")
    assert first.fetched_at == datetime(2022, 6, 20, 8, tzinfo=UTC)
    assert first.published_at == datetime(2022, 6, 19, 8, tzinfo=UTC)
    assert first.text.count("story 1") == 5


@pytest.mark.parametrize("packed", [True, False])
def test_what_is_no_page_is_passed_over(tmp_path: Path, packed: bool) -> None:
    others = (
        record(page(), status="404 Not Found", packed=packed)
        + record(page(), status="301 Moved", packed=packed)
        + record(b"\x89PNG", Content_Type="image/png", packed=packed)
        + record(page(), kind="request", packed=packed)
        + record(page(), kind="metadata", packed=packed)
        + record(page(), url="dns:gazette.test", packed=packed)
    )
    found = read_bytes(tmp_path, others + story(2, packed=packed))
    assert titles(found) == ["Harbour story 2"]
    assert not reasons(found)


def test_a_page_that_is_no_article_is_reported_by_its_address(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, record(b"<html></html>", url="https://gazette.test/empty") + story(2))
    assert titles(found) == ["Harbour story 2"]
    assert reasons(found)[0].startswith("https://gazette.test/empty: ")


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "identity": bytes,
    "br": brotli.compress,
    "BR": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body)),
    "br, zstd": lambda body: zstandard.ZstdCompressor().compress(brotli.compress(body)),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("packed", [True, False])
def test_a_packed_body_is_unpacked(tmp_path: Path, packing: str, packed: bool) -> None:
    content = record(PACKINGS[packing](page()), Content_Encoding=packing, packed=packed)
    found = read_bytes(tmp_path, content + story(2, packed=packed))
    assert titles(found) == ["Harbour story 1", "Harbour story 2"]
    assert not reasons(found)


@pytest.mark.parametrize("packing", ["gzip", "br", "zstd", "deflate", "gzip, br"])
def test_a_body_that_only_says_it_is_packed_is_taken_as_it_stands(tmp_path: Path, packing: str) -> None:
    assert titles(read_bytes(tmp_path, record(page(), Content_Encoding=packing))) == ["Harbour story 1"]


def chunked(body: bytes, size: int, *, extension: bytes = b"", form: str = "%x", trailer: bytes = b"") -> bytes:
    """A body in chunks of `size` bytes."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = (f"{form % len(part)}".encode() + extension + b"\r\n" + part + b"\r\n" for part in parts)
    return b"".join(chunks) + b"0\r\n" + trailer + b"\r\n"


CHUNKED = {
    "two chunks": chunked(page(), len(page()) // 2 + 1),
    "one chunk": chunked(page(), 100_000),
    "many small chunks": chunked(page(), 7),
    "capital digits": chunked(page(), 300, form="%X"),
    "zeros before the size": chunked(page(), 300, form="%06x"),
    "an extension": chunked(page(), 300, extension=b";name=value"),
    "a space after the size": chunked(page(), 300, extension=b" "),
    "a trailer": chunked(page(), 300, trailer=b"Expires: 0\r\n"),
    "not in chunks": page(),
}


@pytest.mark.parametrize("name", CHUNKED)
@pytest.mark.parametrize("packed", [True, False])
def test_a_body_in_chunks_is_put_together(tmp_path: Path, name: str, packed: bool) -> None:
    content = record(CHUNKED[name], Transfer_Encoding="chunked", packed=packed)
    first, second = read_bytes(tmp_path, content + story(2, packed=packed))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.text.count("story 1") == 5


@pytest.mark.parametrize("packing", ["gzip", "br", "zstd"])
def test_a_packed_body_in_chunks_is_put_together_and_unpacked(tmp_path: Path, packing: str) -> None:
    body = chunked(PACKINGS[packing](page()), 100)
    found = read_bytes(tmp_path, record(body, Transfer_Encoding="chunked", Content_Encoding=packing))
    assert titles(found) == ["Harbour story 1"]


def test_the_charset_that_the_server_said_counts(tmp_path: Path) -> None:
    body = page().replace(b"Harbour story 1", "Café größer".encode("windows-1252"))
    found = read_bytes(tmp_path, record(body, Content_Type="text/html; charset=windows-1252"))
    assert titles(found) == ["Café größer"]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("damage", ["bytes in the middle", "a cut", "another length", "no length", "no head"])
def test_one_damaged_record_never_stops_the_file(tmp_path: Path, packed: bool, damage: str) -> None:
    damaged = bytearray(story(1, packed=packed))
    middle = len(damaged) // 2
    if damage == "bytes in the middle":
        damaged[middle : middle + 50] = b"\xff" * 50
    elif damage == "a cut":
        del damaged[middle:]
    else:
        plain = story(1, packed=False)
        length = b"Content-Length: "
        at = plain.index(length) + len(length)
        end = plain.index(b"\r\n", at)
        changed = {
            "another length": plain[:at] + b"99999999" + plain[end:],
            "no length": plain[: at - len(length)] + plain[end + 2 :],
            "no head": b"RUBBISH\r\n" + plain,
        }[damage]
        damaged = bytearray(gzip.compress(changed) if packed else changed)
    found = read_bytes(
        tmp_path, story(0, packed=packed) + bytes(damaged) + story(2, packed=packed) + story(3, packed=packed)
    )
    assert titles(found)[0] == "Harbour story 0"
    assert titles(found)[-2:] == ["Harbour story 2", "Harbour story 3"]
    cannot_be_seen = damage == "bytes in the middle" and not packed
    assert len(reasons(found)) == (0 if cannot_be_seen else 1)


@pytest.mark.parametrize("packed", [True, False])
def test_a_truncated_file_is_reported_and_what_came_before_is_kept(tmp_path: Path, packed: bool) -> None:
    first, second = story(1, packed=packed), story(2, packed=packed)
    for cut in (3, 12, 30, 200, len(second) // 2, len(second) - 40):
        found = read_bytes(tmp_path, first + second[:cut])
        assert titles(found) == ["Harbour story 1"], cut
        assert len(reasons(found)) == 1, cut
        assert f"damaged at byte {len(first):,}" in reasons(found)[0], cut


def test_a_file_packed_as_a_whole_is_reported(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, gzip.compress(story(1, packed=False) + story(2, packed=False)))
    assert any("decompress it first" in reason for reason in reasons(found))


@pytest.mark.parametrize(
    ("body", "packing", "transfer"),
    [
        (page() + b" " * 5_000_000, "identity", "identity"),
        (gzip.compress(page() + b" " * 50_000_000), "gzip", "identity"),
        (b"%x\r\n" % 20_000_000 + b"x" * 20_000_000, "identity", "chunked"),
    ],
    ids=["large", "bomb", "large chunk"],
)
def test_a_page_that_is_too_large_is_reported_and_costs_little(
    tmp_path: Path, body: bytes, packing: str, transfer: str
) -> None:
    content = record(body, Content_Encoding=packing, Transfer_Encoding=transfer) + story(2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = read_bytes(tmp_path, content)
    assert titles(found) == ["Harbour story 2"]
    assert "larger than 4 MB" in reasons(found)[0]
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.parametrize(
    "filling", [b"x" * 1_000_000, b"x: y\r\n" * 200_000, b"\r\n" * 500_000], ids=["line", "lines", "blanks"]
)
def test_a_header_without_an_end_costs_little(tmp_path: Path, filling: bytes) -> None:
    bomb = gzip.compress(b"WARC/1.0\r\n" + filling * 20, 1)
    began = time.process_time()
    found = read_bytes(tmp_path, bomb + story(2))
    assert time.process_time() - began < 2
    assert titles(found) == ["Harbour story 2"]
    assert len(reasons(found)) == 1


def test_a_file_of_nothing_but_damage_is_given_up(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, b"WARC/1.0\r\n\r\n" * 20_000)
    assert "not read beyond" in reasons(found)[-1]
    assert len(found) == 1001


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (story(1)[:8192], True),
        (story(1, packed=False)[:8192], True),
        (story(1)[:100], True),
        (gzip.compress(b"news", mtime=0), False),
        (b"\x1f\x8b\x08", False),
        (b"\x1f\x8b\x08" + b"\xff" * 100, False),
        (b"News of WARC/1.0", False),
        (b"", False),
    ],
)
def test_a_web_archive_is_known_by_its_first_record(head: bytes, expected: bool) -> None:
    assert recognises(head, Path("x")) == expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), packed=st.booleans())
def test_no_damage_raises_anything_but_errors_of_ours(tmp_path: Path, data: st.DataObject, packed: bool) -> None:
    small = record(b"<p>News.</p>", packed=packed)
    at = data.draw(st.integers(0, len(small)))
    damaged = small[:at] + data.draw(st.binary(max_size=30)) + small[at + data.draw(st.integers(0, 30)) :]
    with suppress(CorpusError):
        assert all(isinstance(found, Article | Unreadable) for found in read_bytes(tmp_path, damaged + small))


@pytest.mark.parametrize(
    ("kind", "articles"),
    [("text/html", 1), ("application/xhtml+xml; charset=utf-8", 1), ("image/png", 0), ("", 0)],
)
def test_a_page_that_is_stored_without_http_headers_is_read(tmp_path: Path, kind: str, articles: int) -> None:
    block = page()
    head = (
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://gazette.test/saved\r\n"
        f"WARC-Date: 2022-06-20T08:00:00Z\r\nContent-Type: {kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    found = read_bytes(tmp_path, head.encode() + block + b"\r\n\r\n" + story(2, packed=False))
    saved = [one for one in found if isinstance(one, Article) and one.url == "https://gazette.test/saved"]
    assert len(saved) == articles
    assert [one.fetched_at for one in saved] == [datetime(2022, 6, 20, 8, tzinfo=UTC)] * articles
    assert len(found) == articles + 1
