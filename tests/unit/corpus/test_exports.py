"""Exports of news databases, in every file form in which they come."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article, Unreadable
from corpus.readers import read_articles

NEXIS = """\
                               1 of 3 DOCUMENTS


                         The Port Gazette (Norhaven)

                       March 7, 2022 Monday 5:00 PM GMT

Harbour strike ends
after nine days

BYLINE: Ada Quill and Tom Reed

SECTION: UK NEWS; Pg. 2

LENGTH: 83 words

DATELINE: PORT ELLERY

HIGHLIGHT: Dockers return on Tuesday


Dockers in Port Ellery go back to work on Tuesday after nine days of strike,
their union said.

   The employers agreed to a raise of 6 percent.

LOAD-DATE: March 8, 2022

LANGUAGE: ENGLISH

                 Copyright 2022 Port Media Limited
                              All Rights Reserved

                               2 of 3 DOCUMENTS

                             Evening Echo

                       March 8, 2022 Tuesday
                       Final Edition

Bell stolen

LENGTH: 20 words

Police look for two men after the theft of a bronze bell in Norhaven.

LOAD-DATE: March 9, 2022

                               3 of 3 DOCUMENTS

                             Evening Echo

                       March 9, 2022 Wednesday

A headline without a story

LENGTH: 0 words

LOAD-DATE: March 9, 2022
"""
NEXIS_UNI = """\
User Name: = reader
Date and Time: = Friday, March 11, 2022 3:01:00 PM CEST
Job Number: = 1
Documents (2)

1. Harbour strike ends after nine days
Client/Matter: -None-

Page 1 of 2
Harbour strike ends after nine days
The Port Gazette
March 7, 2022 Monday
1 Edition, National Edition

Copyright 2022 Port Media Ltd. All Rights Reserved

Section: NEWS; Pg. 2
Length: 83 words
Byline: Ada Quill and Tom Reed
Body

Dockers in Port Ellery go back to work on Tuesday after nine days of strike, their union said.

Update: the second shift starts at noon.

Load-Date: March 8, 2022

End of Document

Page 2 of 2
Bell stolen
Evening Echo
8 March 2022

Copyright 2022 Echo Newspapers All Rights Reserved

Length: 40 words
Body

Police look for two men after the theft of a bronze bell in Norhaven.

Classification

Language: ENGLISH
Publication-Type: Newspaper

End of Document
"""
FACTIVA = """\
SE News
HD Harbour strike ends after nine days
BY By Ada Quill and Tom Reed
WC 83 words
PD 7 March 2022
ET 17:00
SN The Port Gazette
SC PORGAZ
LA English
CY (c) 2022 Port Media Ltd.

LP
Dockers in Port Ellery go back to work on Tuesday after nine days of strike, their union said.

TD
The employers agreed to a raise of 6 percent.

AN
Document PORGAZ0020220307ei370000a

HD Bell stolen
WC 40 words
PD 8 March 2022
SN Evening Echo
LA English

LP
Police look for two men after the theft of a bronze bell in Norhaven.

AN Document EVECHO0020220308ei380000b

Search Summary
Text strike or bell
"""
FACTIVA_PLAIN = """\
Harbour strike ends after nine days
By Ada Quill and Tom Reed
83 words
7 March 2022
17:00
The Port Gazette
PORGAZ
English
(c) 2022 Port Media Ltd.

Dockers in Port Ellery go back to work on Tuesday after nine days of strike, their union said.

The employers agreed to a raise of 6 percent.

Document PORGAZ0020220307ei370000a

Bell stolen
40 words
8 March 2022
Evening Echo
EVECHO
English
Copyright 2022 Echo Newspapers. All Rights Reserved.

Police look for two men after the theft of a bronze bell in Norhaven.

Document EVECHO0020220308ei380000b
"""
PROQUEST = """\
Table of contents

1. Harbour strike ends
2. Bell stolen

Document 1 of 2

Harbour strike ends after nine days

ProQuest document link

Abstract: Dockers return.

Full text:

Dockers in Port Ellery go back to work on Tuesday after nine days of strike, their union said.

The employers agreed to a raise of 6 percent.

Subject: Strikes; Ports

Title: Harbour strike ends after nine days

Author: Quill, Ada; Reed, Tom

Publication title: The Port Gazette; Port Ellery

Publication date: Mar 7, 2022

Language of publication: English

Document URL: https://search.example/docview/900001

____________________________________________________________

Document 2 of 2

Bell stolen

Full text: Police look for two men after the theft of a bronze bell in Norhaven.

Publication title: Evening Echo

Publication date: Mar 8, 2022

ProQuest document ID: 900002
"""
EXPORTS = {
    "nexis": NEXIS,
    "nexis uni": NEXIS_UNI,
    "factiva": FACTIVA,
    "factiva plain": FACTIVA_PLAIN,
    "proquest": PROQUEST,
}
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def as_html(text: str) -> bytes:
    lines = "".join(f"<div><p><span>{line}</span></p></div>\n" for line in text.splitlines() if line.strip())
    return f"<!DOCTYPE html><html><head><title>Results</title></head><body>{lines}</body></html>".encode()


def as_rtf(text: str) -> bytes:
    return ("{\\rtf1\\ansi\\ansicpg1252\n" + text.replace("\n", "\\par\n") + "}").encode("cp1252")


def as_docx(text: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORDS}"><w:body>{body}</w:body></w:document>')
    return buffer.getvalue()


FORMS: dict[str, Callable[[str], bytes]] = {
    ".txt": lambda text: text.encode(),
    ".TXT": lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    ".html": as_html,
    ".rtf": as_rtf,
    ".docx": as_docx,
}


def read(path: Path, content: bytes) -> tuple[list[Article], list[str]]:
    path.write_bytes(content)
    found = list(read_articles([path]))
    articles = [one for one in found if isinstance(one, Article)]
    return articles, [one.reason for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize("ending", FORMS)
@pytest.mark.parametrize("name", EXPORTS)
def test_each_document_of_an_export_is_an_article_with_its_own_fields(tmp_path: Path, name: str, ending: str) -> None:
    articles, _ = read(tmp_path / f"export{ending}", FORMS[ending](EXPORTS[name]))
    strike, bell = articles
    assert (strike.title, bell.title) == ("Harbour strike ends after nine days", "Bell stolen")
    assert (strike.published_day, bell.published_day) == (date(2022, 3, 7), date(2022, 3, 8))
    assert strike.source.startswith("The Port Gazette")
    assert bell.source == "Evening Echo"
    assert strike.authors == ("Ada Quill", "Tom Reed")
    assert strike.text.startswith("Dockers in Port Ellery go back to work on Tuesday after nine days of strike, their")
    assert bell.text == "Police look for two men after the theft of a bronze bell in Norhaven."
    for label in ("LENGTH", "Load-Date", "Copyright", "Document", "Subject", "Language", "PORGAZ"):
        assert label.lower() not in strike.text.lower()


def test_a_document_without_a_story_is_reported_and_spares_the_others(tmp_path: Path) -> None:
    articles, reasons = read(tmp_path / "export.txt", NEXIS.encode())
    assert len(articles) == 2
    assert reasons == ["document 3 of the export: no text"]


def test_a_line_of_the_story_that_looks_like_a_label_stays_in_it(tmp_path: Path) -> None:
    (strike, _), _ = read(tmp_path / "export.txt", NEXIS_UNI.encode())
    assert strike.text.endswith("Update: the second shift starts at noon.")


@pytest.mark.parametrize("ending", [".rtf", ".docx"])
def test_a_single_article_in_a_word_processors_form_is_read(tmp_path: Path, ending: str) -> None:
    text = "Bridge closes after storm\nBy Ada Quill\nMay 4, 2023\nThe bridge is closed.\nIt opens in June."
    ((article,), reasons) = read(tmp_path / f"one{ending}", FORMS[ending](text))
    assert (article.title, article.authors, article.published_day) == (
        "Bridge closes after storm",
        ("Ada Quill",),
        date(2023, 5, 4),
    )
    assert article.text == "The bridge is closed.\n\nIt opens in June."
    assert not reasons


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cut.docx", as_docx(NEXIS)[:200], "not readable as DOCX"),
        ("other.docx", b"PK\x03\x04" + bytes(400), "not readable as DOCX"),
        ("empty.rtf", b"{\\rtf1\\ansi }", "no text"),
        ("binary.rtf", b"{\\rtf1\\ansi {\\pict\\bin99 " + bytes(range(99)) + b"}}", "binary data"),
    ],
)
def test_a_broken_document_is_reported(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    articles, reasons = read(tmp_path / name, content)
    assert not articles
    assert reason in reasons[0]


def test_letters_of_a_code_page_are_read_from_rtf(tmp_path: Path) -> None:
    title = b"\\'cc\\'fd\\'f0 \\'f3\\'f8\\'b8\\'eb"
    content = b"{\\rtf1\\ansi\\ansicpg1251 " + title + b"\\par By Ada Quill\\par He left on Monday, a spokesman said.}"
    ((article,), _) = read(tmp_path / "a.rtf", content)
    assert article.title == "Мэр ушёл"
