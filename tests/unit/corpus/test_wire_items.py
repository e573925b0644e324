"""Items of news wires and of interfaces: NewsML-G2, NewsML, NITF, ninjs, AP, Guardian, NYT, NewsAPI, schema.org."""

import json
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article, Unreadable
from corpus.article_warnings import ArticleWarning
from corpus.readers import read_articles

NITF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
<nitf><head><title>slug</title><docdata management-status="{status}"><doc-id id-string="urn:cpa:7"/>
<date.issue norm="20230614T001200+0200"/><ed-msg info="{note}"/><doc.copyright holder="Coast Press Agency"/>
<key-list><keyword key="ports"/></key-list></docdata></head><body><body.head><hedline><hl1>Dockers end strike</hl1></hedline>
<byline>By <person>Ada Quill</person></byline></body.head><body.content><block><p>Dockers go back to work.</p>
<p>Nine ships wait.</p><media><media-caption><p>A ship.</p></media-caption></media></block></body.content>
<body.end><tagline>aq/tr</tagline></body.end></body></nitf>"""  # noqa: E501
G2 = """<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:cpa:7" version="2" xml:lang="en"><rightsInfo><copyrightHolder literal="Coast Press Agency"/></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider literal="cpa.example"/><versionCreated>2023-06-14T01:00:00+02:00</versionCreated>
<firstCreated>2023-06-14T00:12:00+02:00</firstCreated><pubStatus qcode="stat:{status}"/><edNote>{note}</edNote></itemMeta>
<contentMeta><headline>Dockers end strike</headline><by>Ada Quill</by><subject><name>ports</name></subject></contentMeta>
<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Dockers go back to work.</p><p>Nine ships wait.</p>
</body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"""  # noqa: E501
NEWSML = """<?xml version="1.0"?><NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>cpa7</NewsItemId>
</NewsIdentifier></Identification><NewsManagement><FirstCreated>20230614T001200+0200</FirstCreated><Status FormalName="{status}"/>
</NewsManagement><NewsComponent><NewsLines><HeadLine>Dockers end strike</HeadLine><ByLine>By Ada Quill</ByLine></NewsLines>
<AdministrativeMetadata><Provider><Party FormalName="Coast Press Agency"/></Provider></AdministrativeMetadata>
<ContentItem><DataContent><p>Dockers go back to work.</p><p>Nine ships wait.</p></DataContent></ContentItem>
<note>{note}</note></NewsComponent></NewsItem></NewsML>"""  # noqa: E501
NINJS = {
    "uri": "urn:cpa:7",
    "type": "text",
    "headline": "Dockers end strike",
    "byline": "By Ada Quill",
    "firstcreated": "2023-06-14T00:12:00+02:00",
    "versioncreated": "2023-06-14T01:00:00+02:00",
    "pubstatus": "{status}",
    "ednote": "{note}",
    "body_xhtml": "<p>Dockers go back to work.</p><p>Nine ships wait.</p>",
    "subject": [{"name": "ports"}],
    "copyrightholder": "Coast Press Agency",
    "associations": {"main": {"type": "picture", "headline": "A ship"}},
}
NINJS_3 = {
    "uri": "urn:cpa:7",
    "type": "text",
    "headlines": [{"role": "short", "value": "Dockers"}, {"role": "main", "value": "Dockers end strike"}],
    "by": "Ada Quill",
    "firstCreated": "2023-06-14T00:12:00+02:00",
    "versionCreated": "2023-06-14T01:00:00+02:00",
    "pubStatus": "{status}",
    "edNote": "{note}",
    "bodies": [
        {"role": "main", "contentType": "text/html", "value": "<p>Dockers go back to work.</p><p>Nine ships wait.</p>"}
    ],
    "subjects": [{"name": "ports"}],
    "infoSources": [{"name": "Coast Press Agency", "role": "isrol:provider"}],
}
AP = {"data": {"items": [{"meta": {}, "item": NINJS}]}}


def filled(form: object, status: str, note: str) -> str:
    text = form if isinstance(form, str) else json.dumps(form)
    return text.replace("{status}", status).replace("{note}", note)


ITEMS = {
    "a.nitf": NITF,
    "g2.xml": G2,
    "newsml.xml": NEWSML,
    "ninjs.json": NINJS,
    "ninjs 3.json": NINJS_3,
    "ninjs.jsonl": NINJS,
    "ap.json": AP,
    "list.json": [NINJS],
}


def read(folder: Path, name: str, content: str) -> tuple[list[Article], list[str]]:
    path = folder / name
    path.write_text(content, "utf-8")
    found = list(read_articles([path]))
    articles = [one for one in found if isinstance(one, Article)]
    return articles, [one.reason for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_an_article_with_the_local_day_of_the_agency(tmp_path: Path, name: str) -> None:
    ((article,), reasons) = read(tmp_path, name, filled(ITEMS[name], "usable", ""))
    assert article.title == "Dockers end strike"
    assert article.text == "Dockers go back to work.\n\nNine ships wait."
    assert article.source == "Coast Press Agency"
    assert article.authors == ("Ada Quill",)
    assert article.published_day == date(2023, 6, 14)
    assert not article.is_withdrawn
    assert article.correction is None
    assert not reasons


@pytest.mark.parametrize("name", ITEMS)
def test_a_kill_is_the_same_story_withdrawn(tmp_path: Path, name: str) -> None:
    ((usable,), _) = read(tmp_path, name, filled(ITEMS[name], "usable", ""))
    ((killed,), _) = read(tmp_path, name, filled(ITEMS[name], "canceled", "Killed: the quote was invented."))
    assert killed.is_withdrawn
    assert killed.id == usable.id
    assert killed.fingerprint != usable.fingerprint


@pytest.mark.parametrize("name", ITEMS)
def test_a_correction_is_kept_in_the_agencys_own_words(tmp_path: Path, name: str) -> None:
    ((article,), _) = read(tmp_path, name, filled(ITEMS[name], "usable", "CORRECTS number of ships from eight"))
    assert article.correction == "CORRECTS number of ships from eight"
    assert not article.is_withdrawn


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps(NINJS | {"type": "picture"})),
        ("b.xml", G2.replace("ninat:text", "ninat:picture")),
        ("c.xml", G2.replace("ninat:text", "ninat:video")),
    ],
)
def test_a_picture_of_a_wire_is_no_story(tmp_path: Path, name: str, content: str) -> None:
    articles, (reason,) = read(tmp_path, name, content)
    assert not articles
    assert "not a story" in reason


def test_an_entity_of_an_item_opens_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("password", "utf-8")
    content = NITF.replace('SYSTEM "nitf-3-4.dtd"', f'[<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]')
    articles, _ = read(tmp_path, "a.xml", content.replace("Nine ships wait.", "Nine &x; wait."))
    assert all("password" not in one.text for one in articles)


GUARDIAN = {
    "webTitle": "Dockers end strike",
    "webPublicationDate": "2023-06-14T06:12:00Z",
    "webUrl": "https://coast.example/2023/jun/14/strike",
    "sectionName": "Business",
    "fields": {
        "byline": "Ada Quill",
        "bodyText": "Dockers go back to work. Nine ships wait.",
        "trailText": "Back to work.",
    },
}
NYT = {
    "headline": {"main": "Dockers end strike", "kicker": None},
    "pub_date": "2023-06-14T06:12:00+0000",
    "web_url": "https://coast.example/strike",
    "section_name": "Business",
    "byline": {"original": "By Ada Quill"},
    "lead_paragraph": "Dockers go back to work.",
    "abstract": "Back to work.",
    "source": "Coast Post",
}
NEWSAPI = {
    "source": {"id": None, "name": "Coast Post"},
    "author": "Ada Quill",
    "title": "Dockers end strike",
    "description": "Back to work.",
    "url": "https://coast.example/strike",
    "publishedAt": "2023-06-14T06:12:00Z",
    "content": "Dockers go back to work. Nine ships wait outside the har… [+2219 chars]",
}
SCHEMA = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Dockers end strike",
    "datePublished": "2023-06-14T06:12:00Z",
    "articleBody": "Dockers go back to work. Nine ships wait.",
    "author": [{"@type": "Person", "name": "Ada Quill"}],
    "publisher": {"@type": "Organization", "name": "Coast Post"},
    "mainEntityOfPage": {"@id": "https://coast.example/strike"},
}
ANSWERS = {
    "guardian search": ({"response": {"status": "ok", "results": [GUARDIAN]}}, False),
    "guardian item": ({"response": {"status": "ok", "content": GUARDIAN}}, False),
    "guardian html": (
        {
            "results": [
                GUARDIAN | {"fields": {"body": "<p>Dockers go back to work.</p><p>Nine.</p>", "byline": "Ada Quill"}}
            ]
        },
        False,
    ),
    "guardian without text": (
        {"results": [GUARDIAN | {"fields": {"trailText": "Dockers go back", "byline": "Ada Quill"}}]},
        True,
    ),
    "nyt": ({"response": {"docs": [NYT]}}, True),
    "nyt list": ([NYT], True),
    "newsapi": ({"status": "ok", "articles": [NEWSAPI]}, True),
    "newsapi without content": ({"articles": [NEWSAPI | {"content": None, "description": "Dockers go back."}]}, True),
    "schema": (SCHEMA, False),
    "schema graph": ({"@graph": [SCHEMA]}, False),
    "elastic": ({"hits": {"hits": [{"_index": "news", "_source": SCHEMA}]}}, False),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_interfaces_answer_is_read_without_a_map_and_an_excerpt_is_marked(tmp_path: Path, name: str) -> None:
    content, is_excerpt = ANSWERS[name]
    ((article,), _) = read(tmp_path, "a.json", json.dumps(content))
    assert article.title == "Dockers end strike"
    assert article.text.startswith("Dockers go back")
    assert "chars]" not in article.text
    assert article.published_day == date(2023, 6, 14)
    assert article.authors == ("Ada Quill",)
    assert (article.url or "").startswith("https://coast.example/")
    assert (ArticleWarning.EXCERPT in article.warnings) is is_excerpt


def test_a_removed_article_is_no_article(tmp_path: Path) -> None:
    removed = {name: "[Removed]" for name in ("title", "description", "content")} | {"url": "https://removed.example"}  # noqa: C420
    articles, reasons = read(tmp_path, "a.json", json.dumps({"articles": [NEWSAPI, removed]}))
    assert len(articles) == 1
    assert "no text" in reasons[0]


def test_a_record_without_text_names_its_fields_and_the_map_that_would_do(tmp_path: Path) -> None:
    record = {
        "title": "Strike",
        "date": "2023-06-14",
        "story_plain": "Dockers go back to work. " * 5,
        "kicker": "Ports",
    }
    articles, (reason,) = read(tmp_path, "a.json", json.dumps(record))
    assert not articles
    assert "title, date, story_plain, kicker" in reason
    assert "--map text=story_plain" in reason


def test_a_map_applies_to_the_files_that_have_its_names(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"hed": "One", "words": "It is shut.", "date": "2023-06-14"}), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"title": "Two", "text": "It is open.", "date": "2023-06-14"}), "utf-8")
    (tmp_path / "c.csv").write_text("title,text,date\nThree,It is wet.,2023-06-14\n", "utf-8")
    found = read_articles([tmp_path], mapping={"title": "hed", "text": "words"})
    assert [one.title for one in found if isinstance(one, Article)] == ["One", "Two", "Three"]
