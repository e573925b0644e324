"""Pages that a browser saved as one file, and bodies as servers compress them."""

import gzip
import plistlib
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from quopri import encodestring
from random import Random

import brotli
import pytest
import zstandard

from corpus.article import Article, Unreadable
from corpus.readers import read_articles
from corpus.readers.form import ReaderError
from corpus.readers.pages.content_coding import decompress

URL = "https://courier.example/2023/06/14/depot"
STORY = "A fire in the Quarry Road tram depot closed two lines on Wednesday morning, the fire service of Elm Bay said. "
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="{charset}"><title>Depot fire closes lines</title>'
    '<meta property="og:site_name" content="Elm Bay Courier">'
    '<meta property="article:published_time" content="2023-06-14T06:12:00Z"></head>'
    "<body><article><h1>Depot fire closes lines</h1><p>"
    + STORY * 2
    + "</p><p>Café owners helped.</p></article></body></html>"
)


def page(charset: str = "utf-8") -> bytes:
    return PAGE.format(charset=charset).encode(charset)


def mhtml(encoding: str, body: bytes, charset: str = "utf-8", *, location: str = URL, first: str = "") -> bytes:
    return (
        (
            f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {location}\r\nSubject: Depot fire\r\n"
            "Date: Thu, 15 Jun 2023 20:11:02 -0000\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--B--"\r\n\r\n'
            f"{first}----B--\r\nContent-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n"
            f"Content-Location: {location}\r\n\r\n"
        ).encode()
        + body
        + b"\r\n----B----\r\n"
    )


ADVERT = (
    "----B--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\nContent-Location: https://ads.example/\r\n\r\n"
    "<html><p>Buy shelves.</p></html>\r\n"
)
SAVED = {
    "quoted-printable": mhtml("quoted-printable", encodestring(page())),
    "base64": mhtml("base64", b64encode(page())),
    "binary": mhtml("binary", page()),
    "another charset": mhtml("base64", b64encode(page("windows-1252")), "windows-1252"),
    "an advertisement first": mhtml("binary", page(), first=ADVERT),
}


def read(path: Path, content: bytes) -> tuple[list[Article], list[str]]:
    path.write_bytes(content)
    found = list(read_articles([path]))
    articles = [one for one in found if isinstance(one, Article)]
    return articles, [one.reason for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize("name", SAVED)
def test_a_page_saved_as_mhtml_is_the_article_of_its_main_part(tmp_path: Path, name: str) -> None:
    ((article,), reasons) = read(tmp_path / "page.mhtml", SAVED[name])
    assert article.title == "Depot fire closes lines"
    assert article.source == "Elm Bay Courier"
    assert article.url == URL
    assert article.published_day == date(2023, 6, 14)
    assert article.fetched_at == datetime(2023, 6, 15, 20, 11, 2, tzinfo=UTC)
    assert article.text.endswith("Café owners helped.")
    assert not reasons


@pytest.mark.parametrize("ending", [".mht", ".eml", ".txt", ""])
def test_a_saved_page_is_known_under_any_name(tmp_path: Path, ending: str) -> None:
    ((article,), _) = read(tmp_path / f"page{ending}", SAVED["base64"])
    assert article.title == "Depot fire closes lines"


def test_an_e_mail_is_no_saved_page(tmp_path: Path) -> None:
    mail = (
        b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Roof\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
        + page()
    )
    articles, (reason,) = read(tmp_path / "a.eml", mail)
    assert not articles
    assert reason == "an e-mail, not a saved page"


def webarchive(**main: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "WebResourceData": page(),
        "WebResourceURL": URL,
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8",
    }
    return {"WebMainResource": fields | main, "WebSubresources": []}


@pytest.mark.parametrize(
    "content",
    [
        plistlib.dumps(webarchive(), fmt=plistlib.FMT_BINARY),
        plistlib.dumps(webarchive(), fmt=plistlib.FMT_XML),
        plistlib.dumps(
            webarchive(WebResourceData=page("windows-1252"), WebResourceTextEncodingName="windows-1252"),
            fmt=plistlib.FMT_BINARY,
        ),
    ],
    ids=["binary", "XML", "another charset"],
)
def test_a_page_saved_by_safari_is_an_article(tmp_path: Path, content: bytes) -> None:
    ((article,), reasons) = read(tmp_path / "page.webarchive", content)
    assert (article.title, article.url, article.source) == ("Depot fire closes lines", URL, "Elm Bay Courier")
    assert article.text.endswith("Café owners helped.")
    assert not reasons


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (plistlib.dumps({"name": "settings"}, fmt=plistlib.FMT_BINARY), "without a saved page"),
        (plistlib.dumps(webarchive(WebResourceMIMEType="application/pdf"), fmt=plistlib.FMT_BINARY), "not a page"),
        (plistlib.dumps(webarchive(), fmt=plistlib.FMT_BINARY)[:300], "not readable"),
        (b"bplist00" + bytes(range(256)), "not readable"),
    ],
)
def test_a_broken_or_other_property_list_is_reported(tmp_path: Path, content: bytes, reason: str) -> None:
    articles, reasons = read(tmp_path / "page.webarchive", content)
    assert not articles
    assert reason in reasons[0]


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body)),
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_is_decompressed_by_its_coding(coding: str) -> None:
    assert decompress(CODINGS[coding](page()), coding, 1_000_000) == page()


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_a_body_that_only_claims_to_be_compressed_stays_as_it_is(coding: str) -> None:
    assert decompress(page(), coding, 1_000_000) == page()


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_bomb_is_not_decompressed_beyond_the_limit(coding: str) -> None:
    assert len(decompress(CODINGS[coding](bytes(50_000_000)), coding, 10_000)) <= 10_001 + 65_536


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_a_body_that_was_cut_gives_what_came(coding: str) -> None:
    whole = CODINGS[coding](Random(0).randbytes(1_000_000))
    assert decompress(whole[: len(whole) // 2], coding, 10_000_000)


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(ReaderError, match="compress-9"):
        decompress(b"x", "compress-9", 100)
