"""Files that are not news: none of them is read as an article without a warning."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from corpus.article import Article, Unreadable
from corpus.readers import read_articles

PROSE = (
    "The parties agree that the tenant pays the rent on the third working day of each month. The landlord keeps the roof "  # noqa: E501
    "in repair and lets the tenant know of works two weeks before they begin, in writing and with the name of the firm."
)
CV = (
    "Dora Lind\n\n14 Quarry Road, Elm Bay\n\ndora@lind.example\n\nEducation\n\n2012-2016: Norhaven University, history\n\n"  # noqa: E501
    "Experience\n\nJune 2017\n\nArchivist at the town library of Elm Bay. Responsible for the collection of maps.\n\n"
    "14 March 2021"
)
CONTRACT = f"Lease agreement\n\nSection 1. Rent\n\n{PROSE}\n\nSection 2. Term\n\n{PROSE}\n\nElm Bay, 1 June 2023"
INVOICE = (
    "Invoice 2023-118\n\n14 June 2023\n\nTo: Elm Bay Library\n\nFour shelves of oak, delivered to the reading room\n\n"
    "Total: 1,240.00\n\nPlease pay within thirty days to the account that is named below.\n\n14 July 2023"
)
CHANGELOG = (
    "Changelog\n\n2.4.0\n\n14 June 2023\n\n- Added a command that lists all shelves.\n\n- Fixed the order of titles.\n\n"  # noqa: E501
    "2.3.9\n\n2 May 2023\n\n- Removed the old importer."
)
RECIPE_DATA = {"@context": "https://schema.org", "@type": "Recipe", "name": "Rye bread", "datePublished": "2023-06-14"}
STEPS = (
    "<p>Mix the flour with the water and let it stand overnight in a warm place, then add the salt and the seeds.</p>"
    * 3
)


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>A page of the house</title>{head}</head><body>{body}</body></html>"


def docx(*paragraphs: str) -> bytes:
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    return zipped({"word/document.xml": f'<w:document xmlns:w="{words}"><w:body>{body}</w:body></w:document>'})


def rtf(text: str) -> str:
    return "{\\rtf1\\ansi " + text.replace("\n\n", "\\par\n") + "}"


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def mail(body: str, *headers: str) -> str:
    return "\n".join(("From: Desk <desk@shop.example>", "To: dora@lind.example", *headers, "", body))


SUBJECT, DATE, MIME = "Subject: Your invoice", "Date: Wed, 14 Jun 2023 06:12:00 +0000", "MIME-Version: 1.0"
LD_JSON = '<script type="application/ld+json">{}</script>'
FILES: dict[str, str | bytes] = {
    # lives and letters
    "cv.txt": CV,
    "cv.md": f"# Dora Lind\n\n{CV}",
    "cv.docx": docx(*CV.split("\n\n")),
    "cv.rtf": rtf(CV),
    "cv.html": page("".join(f"<p>{one}</p>" for one in CV.split("\n\n")) + f"<p>{PROSE}</p>"),
    "cover letter.txt": f"Application as archivist\n\n14 June 2023\n\nDear Ms Ohm,\n\n{PROSE}\n\nYours sincerely\n\nDora Lind",  # noqa: E501
    "invoice.eml": mail(INVOICE, SUBJECT, DATE, MIME, "Content-Type: text/plain"),
    "invoice html.eml": mail(f"<html><p>{PROSE}</p></html>", SUBJECT, DATE, MIME, "Content-Type: text/html"),
    "reply.txt": mail(PROSE, "Subject: Re: the roof", DATE, "Message-ID: <1@shop.example>"),
    "newsletter.eml": mail(PROSE, "Received: from a by b", SUBJECT, DATE, MIME),
    "invoice.txt": INVOICE,
    "invoice.docx": docx(*INVOICE.split("\n\n")),
    # contracts and rules
    "contract.txt": CONTRACT,
    "contract.docx": docx(*CONTRACT.split("\n\n")),
    "contract.rtf": rtf(CONTRACT),
    "contract.md": f"# Lease\n\n{CONTRACT}",
    "terms.html": page(f"<h1>Terms of service</h1><p>{PROSE}</p><p>{PROSE}</p><p>Last updated 14 June 2023</p>"),
    "privacy.txt": f"Privacy notice\n\n{PROSE}\n\n{PROSE}\n\nEffective 14 June 2023",
    "minutes.txt": f"Minutes of the board\n\n14 June 2023\n\nPresent: Lind, Ohm, Berg\n\n{PROSE}",
    # software
    "changes.md": CHANGELOG,
    "changes.txt": CHANGELOG,
    "history.rst": CHANGELOG,
    "release.json": json.dumps(
        {"name": "shelves", "version": "2.4.0", "description": "Lists shelves.", "license": "MIT"}
    ),
    "program.py": '"""Shelves."""\n\nimport os\n\n\ndef main() -> None:\n    print("By Dora Lind")\n\n\n# 14 June 2023\n',  # noqa: E501
    "program.txt": "Shelves\n\nimport os;\n\nfunction list(a) {\n\nreturn a.sort();\n\n}\n\nvar b = list([1, 2]);\n\nconst c = b;\n",  # noqa: E501
    "style.css": "/* 14 June 2023 */\n\n.shelf { color: red; }\n\n.title { color: blue; }\n",
    "service.log": "2023-06-14 06:12:00 started\n\n2023-06-14 06:12:01 listening\n\n14 June 2023\n\n2023-06-14 06:13:00 stopped\n",  # noqa: E501
    "settings.ini": "[shelves]\nsize = 4\ndate = 14 June 2023\n",
    "settings.yaml": "shelves:\n  size: 4\n  opened: 2023-06-14\n",
    "notebook.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": ["import os"]}], "nbformat": 4}),
    "dump.sql": "-- 14 June 2023\n\nCREATE TABLE shelves (id INTEGER);\n\nINSERT INTO shelves VALUES (1);\n",
    "bundle.html": page(
        "<div id=app></div><script>" + "!function(e,t){var n=e.r;n(t)}(window,{});" * 400 + "</script>"
    ),
    "bundle 2.html": "<html><head><script>" + "var a=1,b=a;" * 4000 + "</script></head><body></body></html>",
    "app shell.html": page('<div id="root">Loading…</div><noscript>You need to enable JavaScript.</noscript>'),
    # pages
    "recipe.html": page(STEPS, LD_JSON.format(json.dumps(RECIPE_DATA))),
    "recipe graph.html": page(STEPS, LD_JSON.format(json.dumps({"@graph": [{"@type": "WebPage"}, RECIPE_DATA]}))),
    "recipe with article.html": page(
        STEPS,
        LD_JSON.format(json.dumps([RECIPE_DATA, {"@type": "Article", "headline": "Rye bread"}]))
        + '<meta property="og:type" content="article"><meta property="article:published_time" content="2023-06-14">',
    ),
    "recipe microdata.html": page(
        f'<div itemscope itemtype="https://schema.org/Recipe"><h1>Rye bread</h1>{STEPS}</div>'
    ),
    "recipe.md": f"# Rye bread\n\nFour hundred grams of flour\n\n{PROSE}\n",
    "product.html": page(STEPS, LD_JSON.format('{"@type": "Product", "name": "Oak shelf", "offers": {}}')),
    "job.html": page(
        STEPS, LD_JSON.format('{"@type": "JobPosting", "title": "Archivist", "datePosted": "2023-06-14"}')
    ),
    "questions.html": page(STEPS, LD_JSON.format('{"@type": "FAQPage", "mainEntity": []}')),
    "login.html": page("<form><input name=user><input name=password type=password><button>Sign in</button></form>"),
    "not found.html": page("<h1>404</h1><p>This page is gone.</p>"),
    "about.html": page(f"<h1>About the library</h1><p>{PROSE}</p><p>{PROSE}</p>"),
    "index.html": page("".join(f'<p><a href="/{n}">Shelf {n}</a></p>' for n in range(40))),
    # empty exports
    "empty.csv": "title,text,date\n",
    "empty.json": "[]",
    "empty results.json": '{"status": "ok", "totalResults": 0, "articles": []}',
    "empty guardian.json": '{"response": {"status": "ok", "total": 0, "results": []}}',
    "empty.jsonl": "\n\n",
    "empty feed.xml": '<rss version="2.0"><channel><title>Courier</title></channel></rss>',
    "empty message.xml": '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet/></newsMessage>',
    # tables and records
    "products.csv": "sku,name,price\n1,Oak shelf,310\n2,Ash shelf,290\n",
    "posts.json": json.dumps([{"title": "Shelf", "body": PROSE, "userId": 1, "id": 1}]),
    "places.geojson": json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}]}),
    "calendar.ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Board\nDTSTART:20230614T061200Z\nEND:VEVENT\nEND:VCALENDAR\n",  # noqa: E501
    "card.vcf": "BEGIN:VCARD\nVERSION:3.0\nFN:Dora Lind\nBDAY:1990-06-14\nEND:VCARD\n",
    # other
    "film.srt": "1\n00:00:01,000 --> 00:00:04,000\nThe harbour was still.\n\n2\n00:00:05,000 --> 00:00:07,000\nNobody came.\n",  # noqa: E501
    "sitemap.xml": '<?xml version="1.0"?><urlset><url><loc>https://a.example/</loc><lastmod>2023-06-14</lastmod></url></urlset>',
    "book.zip": zipped({"chapter.txt": PROSE}),
    "sheet.xlsx": zipped({"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}),
    "picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"><title>14 June 2023</title></svg>',
    "thesis.tex": "\\documentclass{article}\n\n\\begin{document}\n\n\\date{14 June 2023}\n\n"
    + PROSE
    + "\n\n\\end{document}\n",
    "poem.txt": "The shelf\n\nIt stood so still\n\nbeside the sill\n\nand nobody came\n\n14 June 2023",
}


def test_there_are_sixty_of_them() -> None:
    assert len(FILES) >= 60


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_news_gives_no_article_or_a_warning(tmp_path: Path, name: str) -> None:
    content = FILES[name]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read_articles([path]))
    articles = [one for one in found if isinstance(one, Article)]
    reports = [one for one in found if isinstance(one, Unreadable)]
    assert reports, articles
    assert all(one.warnings for one in articles)
