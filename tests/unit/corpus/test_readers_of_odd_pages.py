"""Pages and records as they really lie about: each is read right, or refused with a reason."""

import codecs
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.article import Article, Unreadable
from corpus.readers import read_articles
from corpus.readers.languages import with_language

LEAD = "The old bridge over the Ellery was closed on Thursday after a storm tore away part of its railing."
NEXT = "Engineers will inspect the piers on Friday, and buses are sent over the ring road until the work is done."
LAST = "Nobody was hurt, and the harbour office expects to say more when the tide has gone out."
BODY = f"{LEAD}\n\n{NEXT}\n\n{LAST}"
PARAGRAPHS = f"<p>{LEAD}</p><p>{NEXT}</p><p>{LAST}</p>"
RUSSIAN = "Президент заявил в пятницу, что переговоры продолжатся на следующей неделе в столице страны."
FRENCH = "Le ministre a déclaré à l’Assemblée qu’une réunion était prévue après Noël, malgré les réticences du Sénat."
ARABIC = "قال الرئيس يوم الجمعة إن المفاوضات ستستمر الأسبوع المقبل في العاصمة بحضور الوفود."
HEBREW = "ראש הממשלה אמר ביום שישי כי המשא ומתן יימשך בשבוע הבא בירושלים."
JAPANESE = "首相は金曜日、来週も交渉を続けると述べた。記者団に対し、合意は近いと語った。"
CHINESE = "总理周五表示，谈判将于下周在首都继续进行，双方代表都会出席。"


@dataclass(frozen=True)
class Case:
    name: str
    file: str
    content: bytes
    title: str = "Bridge closes"
    text: str = BODY  # what the text must hold; with no title the file is refused, and this is the reason
    date: str | None = None
    origin: str | None = None
    author: str | None = None
    source: str | None = None
    language: str | None = None
    without: str | None = None  # what the text must not hold


def page(
    body: str = PARAGRAPHS, head: str = "", title: str = "Bridge closes", encoding: str = "utf-8", attributes: str = ""
) -> bytes:
    return (
        f"<!DOCTYPE html><html{attributes}><head><title>{title}</title>{head}</head>"
        "<body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{body}</article><footer>© 2031 The Port Times</footer></body></html>"
    ).encode(encoding)


def json_ld(**fields: object) -> str:
    value = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge closes", **fields}
    return f"<script type='application/ld+json'>{json.dumps(value)}</script>"


def record(**fields: object) -> bytes:
    return (json.dumps({"title": "Bridge closes", "text": BODY, **fields}) + "\n").encode()


def printed(*lines: str) -> str:
    return "\n\n".join(("Bridge closes", *lines, BODY))


def matter(*lines: str, body: str = BODY) -> str:
    return "\n".join(("---", *lines, "---", body))


HTML = [
    Case("bare", "a.html", page()),
    Case("named as text", "a.txt", page()),
    Case("no doctype", "a.htm", page()[15:]),
    Case(
        "json-ld",
        "a.html",
        page(head=json_ld(datePublished="2023-05-04T23:30:00-05:00", author={"@type": "Person", "name": "Ada Quill"})),
        date="2023-05-05T04:30",
        origin="json-ld",
        author="Ada Quill",
    ),
    Case(
        "json-ld in a graph, in a list, twice typed",
        "a.html",
        page(
            head="<script type='application/ld+json'>"
            + json.dumps(
                [
                    {
                        "@graph": [
                            {"@type": "WebSite"},
                            {"@type": ["Thing", "ReportageNewsArticle"], "datePublished": "2023-05-04"},
                        ]
                    }
                ]
            )
            + "</script>"
        ),
        date="2023-05-04T00:00",
        origin="json-ld",
    ),
    Case(
        "broken json-ld, good meta",
        "a.html",
        page(
            head="<script type='application/ld+json'>{\"@type\": </script>"
            "<meta property='article:published_time' content='2023-05-04T08:00:00+02:00'>"
        ),
        date="2023-05-04T06:00",
        origin="meta",
    ),
    Case(
        "open graph",
        "a.html",
        page(
            head="<meta property='og:site_name' content='The Port Times'>"
            "<meta property='og:title' content='Bridge closes'>"
            "<meta name='author' content='Ada Quill'>"
        ),
        source="The Port Times",
        author="Ada Quill",
    ),
    Case(
        "time tag",
        "a.html",
        page(f"<time datetime='2023-05-04T08:00Z'>4 May</time>{PARAGRAPHS}"),
        date="2023-05-04T08:00",
        origin="time tag",
    ),
    Case(
        "time tag in words",
        "a.html",
        page(f"<time>May 4, 2023</time>{PARAGRAPHS}"),
        date="2023-05-04T00:00",
        origin="time tag",
    ),
    Case(
        "date in words",
        "a.html",
        page(f"<div class='pub-date'>May 4, 2023</div>{PARAGRAPHS}"),
        date="2023-05-04T00:00",
        origin="text",
    ),
    Case(
        "date in the address alone",
        "a.html",
        page(head="<link rel='canonical' href='https://porttimes.example/2023/05/04/bridge'>"),
        date="2023-05-04T00:00",
        origin="address",
    ),
    Case("no date but that of the copyright", "a.html", page(), date=None, origin="unknown"),
    Case(
        "several dates: the surest wins",
        "a.html",
        page(
            f"<time datetime='2021-01-01'>old</time>{PARAGRAPHS}",
            head="<meta name='date' content='2022-02-02'>"
            + json_ld(datePublished="2023-05-04", dateModified="2023-06-01"),
        ),
        date="2023-05-04T00:00",
        origin="json-ld",
    ),
    Case(
        "an unreadable date gives way",
        "a.html",
        page(f"<time datetime='2023-05-04'>x</time>{PARAGRAPHS}", head=json_ld(datePublished="soon")),
        date="2023-05-04T00:00",
        origin="time tag",
    ),
    Case(
        "a relative date without a fetch time",
        "a.html",
        page(f"<time>two hours ago</time>{PARAGRAPHS}"),
        origin="unknown",
    ),
    Case("a script within the story", "a.html", page(PARAGRAPHS + "<script>evil()</script>"), without="evil"),
    Case(
        "markup shown as text",
        "a.html",
        page(PARAGRAPHS + "<p>He typed &lt;img src=x onerror=alert(1)&gt; and it was gone from the screen.</p>"),
        text="<img src=x onerror=alert(1)>",
    ),
    Case(
        "windows-1252, declared",
        "a.html",
        page(f"<p>{FRENCH}</p><p>{FRENCH}</p>", head="<meta charset=windows-1252>", encoding="cp1252"),
        text=FRENCH,
        language="fr",
    ),
    Case(
        "windows-1252, undeclared",
        "a.html",
        page(f"<p>{LEAD} “It’s over,” he said – and left the café.</p>{PARAGRAPHS}", encoding="cp1252").replace(
            "©".encode("cp1252"), b""
        ),
        text="“It’s over,” he said – and left the café.",
    ),
    Case(
        "windows-1251, declared",
        "a.html",
        page(f"<p>{RUSSIAN}</p>" * 3, head="<meta charset='windows-1251'>", encoding="cp1251"),
        text=RUSSIAN,
        language="ru",
    ),
    Case(
        "shift-jis, declared",
        "a.html",
        page(f"<p>{JAPANESE}</p>" * 3, head="<meta charset=shift_jis>")
        .replace("©".encode(), b"")
        .decode()
        .encode("shift_jis"),
        text=JAPANESE,
        language="ja",
    ),
    Case("utf-16 with a mark", "a.html", page(encoding="utf-16")),
    Case("utf-8 with a mark", "a.html", codecs.BOM_UTF8 + page()),
    Case(
        "declared wrongly",
        "a.html",
        page(f"<p>{FRENCH}</p>{PARAGRAPHS}", head="<meta charset=windows-1252>"),
        text=FRENCH,
    ),
    Case(
        "right to left",
        "a.html",
        page(f"<p>{ARABIC}</p>" * 3, title="الجسر مغلق", attributes=" lang='ar' dir='rtl'"),
        title="الجسر مغلق",
        text=ARABIC,
        language="ar",
    ),
    Case(
        "a live blog",
        "a.html",
        page(
            "<h2>10:40 Bridge shut</h2>" + PARAGRAPHS + "<h2>11:15 Buses</h2>" + PARAGRAPHS.replace("Friday", "Monday"),
            head=json_ld(**{"@type": "LiveBlogPosting", "datePublished": "2023-05-04T08:00Z"}),
        ),
        text="on Monday",
        date="2023-05-04T08:00",
    ),
    Case(
        "a paywall stub",
        "a.html",
        page("<p>The old bridge was closed.</p><p>Subscribe to read on.</p>", head=json_ld(isAccessibleForFree=False)),
        title="",
        text="paywall",
    ),
    Case(
        "no story",
        "a.html",
        b"<!doctype html><html><head><title>Port</title></head><body></body></html>",
        title="",
        text="no (story|text)",
    ),
    Case("no title", "a.html", b"<html><body><p>" + BODY.encode() + b"</p></body></html>", title="", text="no title"),
    Case("deep nesting", "a.html", b"<html><body>" + b"<div>" * 20_000, title="", text="more than 8,000 elements"),
    Case(
        "many attributes",
        "a.html",
        b"<html><body><a " + b"".join(b"a%d='1'" % n for n in range(20_000)) + b">",
        title="",
        text="attributes",
    ),
    Case("NULs", "a.html", page(f"<p>{LEAD[:40]}\0{LEAD[40:]}</p>{PARAGRAPHS}"), text=LEAD),
]
PRINTED = [
    Case(
        "byline without a link",
        "a.txt",
        printed("By Ada Quill", "May 4, 2023").encode(),
        author="Ada Quill",
        date="2023-05-04T00:00",
        origin="text",
    ),
    Case("two authors", "a.txt", printed("By Ada Quill and Tom Reed").encode(), author="Ada Quill, Tom Reed"),
    Case(
        "a sentence that begins with By",
        "a.txt",
        printed("By Friday the water had gone.", "May 4, 2023").encode(),
        text="By Friday the water had gone.",
    ),
    Case(
        "hard-wrapped lines", "a.txt", printed("May 4, 2023").replace(" was closed", "\nwas closed").encode(), text=LEAD
    ),
    Case("CRLF", "a.txt", printed("May 4, 2023").replace("\n", "\r\n").encode()),
    Case("old Mac line ends", "a.txt", printed("May 4, 2023").replace("\n", "\r").encode()),
    Case("utf-16", "a.txt", printed("By Ada Quill", "May 4, 2023").encode("utf-16"), author="Ada Quill"),
    Case(
        "utf-16 without a mark", "a.txt", printed("By Ada Quill", "May 4, 2023").encode("utf-16-le"), author="Ada Quill"
    ),
    Case(
        "mojibake",
        "a.txt",
        printed("May 4, 2023", "“It’s over at the café,” he said.")
        .encode()
        .decode("cp1252", "replace")
        .replace("\ufffd", "\x9d")
        .encode(),
        text="“It’s over at the café,” he said.",
    ),
    Case("a German date", "a.txt", printed("24. Juni 2022").encode(), date="2022-06-24T00:00"),
    Case("a date that could be two", "a.txt", printed("By Ada Quill", "03/04/2022").encode(), origin="unknown"),
    Case(
        "a date inside the story",
        "a.txt",
        printed("By Ada Quill").replace("on Thursday", "on May 4, 2023,").encode(),
        text="on May 4, 2023,",
        origin="unknown",
    ),
    Case("no body", "a.txt", b"Bridge closes\n\nBy Ada Quill\n\nMay 4, 2023\n", title="", text="no text"),
]
TEXT = [
    Case("plain", "a.txt", f"Bridge closes\n\n{BODY}".encode()),
    Case("without an ending", "story", f"Bridge closes\n\n{BODY}".encode()),
    Case("one long paragraph", "a.txt", (LEAD * 5).encode(), title="", text="no title"),
    Case("no words", "a.txt", b"12 34 56\n\n78", title="", text="no text"),
    Case("right to left", "a.txt", f"הגשר נסגר\n\n{HEBREW}".encode(), title="הגשר נסגר", text=HEBREW, language="he"),
    Case("Chinese", "a.txt", f"桥梁关闭\n\n{CHINESE}".encode(), title="桥梁关闭", text=CHINESE, language="zh"),
    Case("cut in the middle of a letter", "a.txt", f"Bridge closes\n\n{BODY} café".encode()[:-1]),
    Case("empty", "a.txt", b"", title="", text="empty"),
    Case("only blank lines", "a.txt", b" \n\n ", title="", text="empty"),
]
MARKDOWN = [
    Case(
        "front matter",
        "a.md",
        matter(
            "title: Bridge closes",
            "source: The Port Times",
            "published_at: 2023-05-04T08:00:00Z",
            "authors: [Ada Quill]",
            "language: en",
        ).encode(),
        source="The Port Times",
        date="2023-05-04T08:00",
        origin="field",
        author="Ada Quill",
        language="en",
    ),
    Case("a day", "a.md", matter("title: Bridge closes", "date: 2023-05-04").encode(), date="2023-05-04T00:00"),
    Case("named as text", "a.txt", matter("title: Bridge closes").encode()),
    Case(
        "null and empty fields", "a.md", matter("title: Bridge closes", "agency: null", "authors: []", "url:").encode()
    ),
    Case(
        "with a mark and CRLF", "a.md", codecs.BOM_UTF8 + matter("title: Bridge closes").replace("\n", "\r\n").encode()
    ),
    Case("a heading for a title", "a.md", f"# Bridge closes\n\n{BODY}".encode()),
    Case(
        "markup",
        "a.md",
        matter(
            "title: Bridge closes",
            body=f"![x](y.png)\n\n## What now\n\n> {LEAD}\n\nA **bold** [link](https://a.example).",
        ).encode(),
        text=f"What now\n\n{LEAD}\n\nA bold link.",
    ),
    Case("broken YAML", "a.md", matter("title: [").encode(), title="", text="front matter is not YAML"),
    Case(
        "a YAML bomb",
        "a.md",
        matter(
            "a: &a [x,x,x,x,x,x,x,x,x]",
            *(f"{n}: &{n} [{','.join(['*' + p] * 9)}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
            "title: *i",
        ).encode(),
        title="",
        text="no title",
    ),
    Case(
        "a YAML program",
        "a.md",
        matter("title: !!python/object/apply:os.system ['true']").encode(),
        title="",
        text="front matter is not YAML",
    ),
    Case("no title", "a.md", matter("source: x").encode(), title="", text="no title"),
    Case("no body", "a.md", matter("title: Bridge closes", body="").encode(), title="", text="no text"),
    Case("a path for a title", "a.md", matter("title: ../../etc/passwd").encode(), title="../../etc/passwd"),
]
RECORDS = [
    Case(
        "JSON Lines",
        "a.jsonl",
        record(date="2023-05-04", author="By Ada Quill"),
        date="2023-05-04T00:00",
        origin="field",
        author="Ada Quill",
    ),
    Case("JSON Lines named as JSON", "a.json", record() + record(), title="Bridge closes"),
    Case("one object over many lines", "a.json", json.dumps(json.loads(record()), indent=2).encode()),
    Case("an object that holds the list", "a.json", b'{"status": "ok", "articles": [' + record() + b"]}"),
    Case("seconds since 1970", "a.jsonl", record(timestamp=1683187200), date="2023-05-04T08:00"),
    Case(
        "a source that is an object",
        "a.jsonl",
        record(source={"id": None, "name": "The Port Times"}),
        source="The Port Times",
    ),
    Case(
        "authors that are objects",
        "a.jsonl",
        record(authors=[{"name": "Ada Quill"}, {"name": "Reuters"}]),
        author="Ada Quill",
    ),
    Case("an address that is none", "a.jsonl", record(url="javascript:alert(1)"), source="unknown source"),
    Case(
        "a lone surrogate",
        "a.jsonl",
        b'{"title": "Bridge \\ud83dcloses", "text": "It \\udc00rained."}',
        text="It rained.",
    ),
    Case("an escaped NUL", "a.jsonl", b'{"title": "Bridge closes", "text": "It \\u0000rained."}', text="It rained."),
    Case(
        "a text in HTML",
        "a.jsonl",
        record(text="<p>It &amp; rained.</p><p>It <b>snowed</b>.</p>"),
        text="It & rained.\n\nIt snowed.",
    ),
    Case("utf-16", "a.jsonl", record().decode().encode("utf-16")),
    Case(
        "windows-1252",
        "a.jsonl",
        '{"title": "Bridge closes", "text": "The café is shut."}'.encode("cp1252"),
        text="The café is shut.",
    ),
    Case("mojibake", "a.jsonl", record(text="Itâ€™s over."), text="It’s over."),
    Case("the language is told", "a.jsonl", record(language="en-GB"), language="en"),
    Case("deep nesting", "a.json", b"[" * 100_000, title="", text="nested too deeply|truncated"),
    Case(
        "deep nesting in a line", "a.jsonl", b'{"title": ' + b"[" * 90_000 + b"\n", title="", text="nested too deeply"
    ),
    Case("a huge number", "a.jsonl", b'{"title": ' + b"9" * 9000 + b', "text": "x"}', title="", text="not JSON"),
    Case("a number for a text", "a.jsonl", b'{"title": "Bridge closes", "text": 7}', text="7"),
    Case(
        "a million empty objects",
        "a.jsonl",
        b'{"a": [' + b"{}," * 1_000_000 + b"{}]}\n",
        title="",
        text="values in one record",
    ),
    Case(
        "CSV",
        "a.csv",
        b'title,text,date\nBridge closes,"It rained, they said.\n\nIt snowed.",2023-05-04\n',
        text="It rained, they said.\n\nIt snowed.",
        date="2023-05-04T00:00",
    ),
    Case(
        "CSV with semicolons and a mark",
        "a.csv",
        codecs.BOM_UTF8 + b"headline;body;source\nBridge closes;It rained.;The Port Times\n",
        text="It rained.",
        source="The Port Times",
    ),
    Case("TSV named as text", "a.txt", b"title\ttext\nBridge closes\tIt rained.\n", text="It rained."),
    Case(
        "CSV in windows-1252",
        "a.csv",
        "title,text\nBridge closes,The café is shut.\n".encode("cp1252"),
        text="The café is shut.",
    ),
    Case("CSV whose quotation mark never ends", "a.csv", b'title,text\nBridge closes,"It rained.\n', text="It rained."),
    Case(
        "CSV with too many cells",
        "a.csv",
        b"title,text\nBridge closes,It rained,again\n",
        title="",
        text="3 cells under 2 names",
    ),
]
PUBLISHED = [  # the forms of two public sets of news
    Case(
        "MultiHop-RAG",
        "corpus.json",
        json.dumps(
            [
                {
                    "title": "Bridge closes",
                    "author": "Ada Quill",
                    "source": "The Port Times",
                    "published_at": "2023-09-28T12:00:00+00:00",
                    "category": "local",
                    "url": "https://porttimes.example/b",
                    "body": BODY,
                }
            ]
        ).encode(),
        date="2023-09-28T12:00",
        origin="field",
        author="Ada Quill",
        source="The Port Times",
    ),
    Case(
        "RealTimeQA",
        "articles.jsonl",
        record(publish_date="2022-06-17", authors=["Ada Quill", "Tom Reed"], source="https://porttimes.example"),
        date="2022-06-17T00:00",
        author="Ada Quill, Tom Reed",
    ),
]
OTHERS = [
    Case("a picture", "a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, title="", text="not a form of news"),
    Case("a zip bomb's shell", "a.zip", b"PK\x03\x04" + bytes(500), title="", text="not a form of news"),
    Case(
        "an XML bomb",
        "a.xml",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>',
        title="",
        text="not a form of news",
    ),
    Case("a program", "a.py", b"import os\n\nprint('By Ada Quill')\n", title="", text="not a form of news"),
    Case("a broken PDF", "a.pdf", b"%PDF-1.7\nnothing", title="", text="PDF is damaged"),
]
CASES = [
    (form, case)
    for form, cases in {
        "html": HTML,
        "printed": PRINTED,
        "text": TEXT,
        "markdown": MARKDOWN,
        "records": RECORDS,
        "published": PUBLISHED,
        "other": OTHERS,
    }.items()
    for case in cases
]


@pytest.mark.parametrize(("form", "case"), CASES, ids=[f"{form}: {case.name}" for form, case in CASES])
def test_a_page_is_read_right_or_refused_with_a_reason(tmp_path: Path, form: str, case: Case) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.content)
    found = next(read_articles([path]))
    if not case.title:
        assert isinstance(found, Unreadable), found
        assert re.search(case.text, found.reason), found.reason
        return
    assert isinstance(found, Article), found
    assert found.title == case.title
    assert case.text in found.text
    assert not (case.without and case.without in found.text)
    _assert_metadata(found, case)


def _assert_metadata(article: Article, case: Case) -> None:
    assert case.date is None or f"{article.published_at:%Y-%m-%dT%H:%M}" == case.date
    assert case.origin is None or article.date_origin == case.origin
    assert case.author is None or ", ".join(article.authors) == case.author
    assert case.source is None or article.source == case.source
    assert case.language is None or with_language(article).language == case.language


def test_there_are_pages_of_every_form() -> None:
    assert len(CASES) >= 60
