"""Files that were made, or broken, to do harm: refused cheaply, and nothing but the package's own errors is raised."""

import contextlib
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Article, CorpusError, Unreadable
from corpus.collecting.files import feed
from corpus.readers import FORMS, pdf_page, read_articles
from corpus.readers.form import HEAD_BYTES, Form, ReadOptions

# One process reads every file after it has read a good one of each form, and says what each cost.
MEASURE = """
import contextlib, json, os, sys
from pathlib import Path
from corpus.readers import read_articles

def cpu():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system

def megabytes(field):  # getrusage would give the peak of the process that started this one, when that is higher
    status = Path("/proc/self/status").read_text()
    return int(status.partition(field + ":")[2].split()[0]) // 1024

list(read_articles([Path(sys.argv[1])]))
base = megabytes("VmRSS")
for path in sorted(Path(sys.argv[2]).iterdir()):
    with contextlib.suppress(OSError):  # where the kernel does not forget a peak, that of the files before counts too
        Path("/proc/self/clear_refs").write_text("5")
    start, before = cpu(), megabytes("VmRSS")
    reasons = [getattr(found, "reason", None) for found in read_articles([path])]
    print(json.dumps([path.name, cpu() - start, megabytes("VmHWM") - before, reasons[:3]]), flush=True)
print(json.dumps(["kept at the end", 0, megabytes("VmRSS") - base, []]))
"""
STORY = "The old bridge over the Ellery was closed on Thursday after a storm, the harbour office said. " * 4
MEGABYTE = 1 << 20


def pdf(content: bytes) -> bytes:
    packed = zlib.compress(content)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, start=1))
    return body + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n0\n%%EOF"


def good(folder: Path) -> None:
    folder.mkdir()
    record = {"title": "Bridge", "text": STORY, "date": "4 mai 2023"}
    (folder / "a.jsonl").write_text(json.dumps(record), "utf-8")
    (folder / "b.html").write_text(f"<html><title>Bridge</title><article><p>{STORY}</p></article></html>", "utf-8")
    (folder / "c.md").write_text(f"---\ntitle: Bridge\n---\n{STORY}", "utf-8")
    (folder / "d.txt").write_bytes(f"Pont fermé\n\n{STORY} à l’été".encode("cp1252"))


def lines(first: str, rest: str, *, megabytes: int = 100) -> Callable[[], bytes]:
    return lambda: first.encode() + rest.encode() * (megabytes * MEGABYTE // len(rest.encode()))


def whole(content: bytes) -> Callable[[], bytes]:
    return lambda: content


ENTITIES = b'<!ENTITY a0 "a">' + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
MAIL = "From: a\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n"


def docx(body: bytes, prologue: bytes = b"") -> bytes:
    words = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", prologue + b"<w:document xmlns:w='%s'><w:body>%s</w:body></w:document>" % (words, body)
        )
    return buffer.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "100 MB in one line.jsonl": lines('{"title": "a", "text": "', "a"),
    "100 MB in one line.json": lines('[{"title": "a", "text": "', "a"),
    "100 MB in one line.csv": lines('title,text\na,"', "a"),
    "30 MB in one line.txt": lines("Title\n\n", "a ", megabytes=30),
    "100 MB in one line.html": lines("<html><title>a</title><p>", "a "),
    "30 MB in one line.md": lines("---\ntitle: a\n---\n", "a ", megabytes=30),
    "30 MB of PDF.pdf": lines("%PDF-1.4\n", "0", megabytes=30),
    "30 MB of zeros.txt": lines("Title\n\n", "\0", megabytes=30),
    "100 MB of brackets.json": lines("[", "["),
    "4 MB of quotation marks.json": lines("[", '"', megabytes=4),
    "wide letters.jsonl": whole(json.dumps({"title": "a", "text": "a" * 3 * MEGABYTE + "\N{GRINNING FACE}"}).encode()),
    "wide letters as they are.json": whole(
        b'[{"title": "a", "text": "' + "\N{GRINNING FACE}".encode() * 900_000 + b'"}]'
    ),
    "many short strings.jsonl": lines('{"a": ["', 'a","', megabytes=3),
    "many names.jsonl": whole(json.dumps({f"a{number}": [] for number in range(80_000)}).encode()),
    "wide letters.txt": lines("Title\n\n", "\N{GRINNING FACE} ", megabytes=3),
    "empty objects.jsonl": lines('{"a": [', "{},", megabytes=3),
    "long numbers.jsonl": lines('{"a": ', "9", megabytes=3),
    "nested lists.jsonl": lines('{"a": ', "[", megabytes=1),
    "nested objects.jsonl": lines("", '{"a":', megabytes=1),
    "spaces.txt": lines("Title\n\na", " ", megabytes=1),
    "spaces.jsonl": whole(json.dumps({"title": "a" + " " * MEGABYTE + "b", "text": "a" + " " * MEGABYTE}).encode()),
    "short lines.txt": lines("Title\n\n", "a\n\n", megabytes=1),
    "pictures.md": lines("# T\n\n", "![", megabytes=1),
    "links.md": lines("# T\n\n", "[a](", megabytes=1),
    "stars.md": lines("# T\n\n", " **a _b", megabytes=1),
    "headings.md": lines("# T", "#", megabytes=1),
    "tags in a record.jsonl": whole(json.dumps({"title": "a", "text": "<p></p>" + "<!--<p" * 150_000}).encode()),
    "a long language.jsonl": whole(json.dumps({"title": "a", "text": "b", "lang": "en" + "_a" * 5000 + "!"}).encode()),
    "a large page.html": whole(b"<html><title>a</title><body>" + b"<p>A sentence of some words, he said.</p>" * 7900),
    "nested tags.html": lines("<html><body>", "<div>", megabytes=1),
    "nested inline tags.html": whole(b"<html><body>" + b"<b><i>" * 4900),
    "nested tables.html": whole(b"<html><body>" + b"<table><tr><td>a" * 3000),
    "attributes.html": whole(b"<html><a " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">"),
    "attributes without spaces.html": whole(b"<html><a " + b"".join(b"a%d='1'" % n for n in range(50_000)) + b">"),
    "attributes with tags.html": whole(b"<html><a " + b" ".join(b"a%d='<b>'" % n for n in range(50_000)) + b">"),
    "scripts without end.html": lines("<html>", "<script>", megabytes=3),
    "comments without end.html": lines("<html>", "<!--", megabytes=3),
    "entities.html": lines("<html><p>", "&amp;", megabytes=3),
    "an XML bomb.html": whole(
        b'<?xml version="1.0"?><!DOCTYPE html ['
        + b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(12))
        + b"]><html><p>&a12;</p></html>"
    ),
    "a YAML bomb.md": whole(
        b"---\na0: &a0 [x]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (n + 1, n + 1, b",".join([b"*a%d" % n] * 9)) for n in range(20))
        + b"title: *a20\n---\ntext"
    ),
    "a nested YAML.md": whole(b"---\ntitle: " + b"[" * 7_000 + b"\n---\ntext"),
    "a zip bomb.pdf": lambda: pdf(b"BT /F 9 Tf (" + b"a" * (200 * MEGABYTE) + b") Tj ET"),
    "a nested page.pdf": lambda: pdf(b"[" * MEGABYTE),
    "a zip bomb.zip": lambda: b"PK\x03\x04" + zlib.compress(bytes(50 * MEGABYTE)),
    "a zip bomb.docx": lambda: docx(b"<w:p>" + b" " * (200 * MEGABYTE) + b"</w:p>"),
    "many paragraphs.docx": lambda: docx(b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 300_000),
    "nested tables.docx": lambda: docx(b"<w:tbl><w:tr><w:tc><w:p>" * 20_000),
    "an entity bomb.docx": lambda: docx(b"&a9;" * 1000, b"<!DOCTYPE x [" + ENTITIES + b"]>"),
    "nested groups.rtf": lines("{\\rtf1", "{", megabytes=3),
    "open groups.rtf": lines("{\\rtf1", "{\\b a", megabytes=3),
    "words.rtf": lines("{\\rtf1 ", "\\par By Ada Quill ", megabytes=3),
    "escapes.rtf": lines("{\\rtf1 ", "\\'e9", megabytes=3),
    "numbers.rtf": whole(b"{\\rtf1 \\fs" + b"9" * 3_000_000 + b"}"),
    "a binary.rtf": whole(b"{\\rtf1 {\\pict\\bin999999999 aaaa}}"),
    "many parts.mhtml": lines(MAIL, "--B\nContent-Type: text/html\n\na\n", megabytes=20),
    "nested parts.mhtml": lines(MAIL, "--B\nContent-Type: multipart/mixed; boundary=B\n\n", megabytes=3),
    "a long header.mhtml": lines("MIME-Version: 1.0\nSubject: ", "=?utf-8?q?a?= ", megabytes=3),
    "a large body.mhtml": lines(MAIL + "--B\nContent-Type: text/html\nContent-Location: x\n\n", "<p>a", megabytes=25),
    "nested lists.webarchive": whole(b"bplist00" + b"\xa1\x08" * 100 + bytes(32)),
    "a bomb.webarchive": whole(
        b"<plist><!DOCTYPE x [" + ENTITIES + b"]><dict><key>WebMainResource</key>&a9;</dict></plist>"
    ),
    "an entity bomb.nitf": whole(b"<!DOCTYPE nitf [" + ENTITIES + b"]><nitf><body>&a9;</body></nitf>"),
    "nested items.xml": lines("<newsMessage>", "<newsItem>", megabytes=3),
    "many items.xml": whole(
        b"<newsMessage>" + b"<newsItem><headline>a</headline></newsItem>" * 60_000 + b"</newsMessage>"
    ),
    "one large item.xml": whole(b"<newsItem><inlineXML>" + b"<p>a</p>" * 400_000 + b"</inlineXML></newsItem>"),
    "documents.txt": lines("", "1 of 2 DOCUMENTS\nLENGTH: 1 words\n", megabytes=20),
    "ends.txt": lines("LENGTH: 1\n", "End of Document\n", megabytes=20),
    "labels.txt": lines("1 of 2 DOCUMENTS\n", "LENGTH: 1 words\n", megabytes=4),
    "codes.txt": lines("HD a\nWC 1 words\n", "TD a\nHD\n", megabytes=4),
    "words.txt": lines("1 words\n", "Document ABCDEFGH0020230614ej6e00012\n1 words\n", megabytes=4),
    "rules.txt": lines("Publication title: a\nFull text: b\n", "_" * 70 + "\nAuthor: a\nTitle: b\n", megabytes=4),
    "an export.html": lines("<html>1 of 2 DOCUMENTS<p>LENGTH: 1</p>", "<script><p>1 of 2 DOCUMENTS</p>", megabytes=19),
    "dates.html": whole(b"<html><title>a</title><body><h1>a</h1>" + b"<div>1 May<time>a</time>" * 3900),
    "cells.html": whole(b"<html><title>a</title><table>" + b"<tr><td rowspan=999 colspan=999>a" * 3900),
    "an unclosed cell.csv": lines('title,text\na,"', "a,b\n", megabytes=8),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux")
def test_each_hostile_file_costs_less_than_two_seconds_and_a_hundred_megabytes(tmp_path: Path) -> None:
    good(tmp_path / "good")
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    for name, content in HOSTILE.items():
        (hostile / name).write_bytes(content())
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "good"), str(hostile)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *costs, (_, _, kept, _) = [json.loads(line) for line in done.stdout.splitlines()]
    assert {name for name, *_ in costs} == set(HOSTILE)
    assert kept < 150
    too_slow = [(name, seconds) for name, seconds, _, _ in costs if seconds > 2]
    too_large = [(name, megabytes) for name, _, megabytes, _ in costs if megabytes > 100]
    assert (too_slow, too_large) == ([], [])


def lossy(text: str) -> bytes:
    return text.encode("utf-8", "ignore")


SEEDS = [
    b'{"title": "A", "text": "B"}\n',
    b'[{"title": "A"}, {"text": "B", "date": "2023-05-04"}]',
    b'title,text\nA,"B\n"\n',
    b"---\ntitle: A\n---\nB",
    b"A\n\nBy [C for AFP](#)\n\nMay 4, 2023\n\nB\n\nOriginal url:\n\n<https://a.example/2023/05/04/b>",
    b"<html><head><title>A</title><script type='application/ld+json'>{}</script></head><p>B</p></html>",
]
ENDINGS = (".txt", ".jsonl", ".json", ".csv", ".md", ".html", ".xml", "")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.just("2023-05-04T25:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["title", "text", "date", "updated", "source", "url", "authors", "tags", "lang", "articles"])


def read_everything(folder: Path, name: str, content: bytes) -> list[Article | Unreadable]:
    path = folder / name
    path.write_bytes(content)
    return list(read_articles([path], fetched_at=datetime(2023, 5, 4, tzinfo=UTC)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300)
    | st.tuples(st.sampled_from(SEEDS), st.integers(0, 60), st.binary(max_size=12)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
    ),
    ending=st.sampled_from(ENDINGS),
)
def test_no_bytes_raise_anything(tmp_path: Path, content: bytes, ending: str) -> None:
    for found in read_everything(tmp_path, f"a{ending}", content):
        assert isinstance(found, Article | Unreadable)
        assert isinstance(found, Article) or found.reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=st.dictionaries(NAMES, VALUES, max_size=8))
def test_no_record_raises_anything(tmp_path: Path, record: dict[str, object]) -> None:
    found = read_everything(tmp_path, "a.jsonl", json.dumps(record).encode())
    assert found or record.get("articles") == []
    for one in found:
        assert isinstance(one, Unreadable) or (one.title and one.text)


@pytest.mark.parametrize("form", [form for form in FORMS if form not in (pdf_page, feed)], ids=str)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.sampled_from(SEEDS) | st.text(max_size=200).map(lossy))
def test_each_reader_raises_only_what_is_ours(tmp_path: Path, form: Form, content: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    form.recognises(content[:HEAD_BYTES], path)
    with contextlib.suppress(CorpusError):
        assert all(isinstance(found, Article | Unreadable) for found in form.read(path, ReadOptions()))
