"""RSS and Atom, from bytes to articles."""

import re
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, DateOrigin, ReadWarning, Unreadable
from corpus.readers.form import ReaderError, ReadOptions
from corpus.readers.syndication.feed import FeedItem, article_of_item, items_of_feed, read, recognises

SENTENCE = "The council of Port Ellery voted on Monday to reopen the old harbour to fishing boats. "


def rss(*items: str, head: str = "<title>Ellery Gazette</title><language>en-gb</language>") -> bytes:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    channel = f"<channel>{head}{''.join(f'<item>{item}</item>' for item in items)}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {spaces}>{channel}</rss>'.encode()


def atom(*entries: str) -> bytes:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Ellery Gazette</title>{inner}</feed>'.encode()


def only_item(content: bytes, url: str | None = None) -> FeedItem:
    (item,) = items_of_feed(content, url=url)
    return item


def test_an_item_with_its_whole_text_is_an_article(tmp_path: Path) -> None:
    body = (
        f"<p>{SENTENCE}</p><p>Boats return&#8217; in &amp; July.<br/><br/>It was <b>close</b>.</p><script>x()</script>"
    )
    feed = rss(
        "<title>Harbour &amp;amp; pier reopen</title><link>http://www.gazette.test/a?utm_source=rss</link>"
        "<pubDate>Mon, 20 Jun 2022 23:30:00 -0400</pubDate>"
        "<dc:creator>Jane Doe</dc:creator><category>Harbour</category>"
        f"<description>The council voted.</description><content:encoded><![CDATA[{body}]]></content:encoded>"
    )
    path = tmp_path / "feed.xml"
    path.write_bytes(feed)
    (article,) = read(path, ReadOptions())
    assert isinstance(article, Article)
    assert article.title == "Harbour & pier reopen"
    assert article.text == f"{SENTENCE.strip()}\n\nBoats return’ in & July.\n\nIt was close."
    assert article.published_at == datetime(2022, 6, 21, 3, 30, tzinfo=UTC)
    assert article.date_origin is DateOrigin.FEED
    assert (article.authors, article.keywords, article.language) == (("Jane Doe",), ("Harbour",), "en")
    assert article.fetched_at is None


def test_an_atom_entry_keeps_when_it_was_published_and_when_updated() -> None:
    item = only_item(
        atom(
            '<title type="html">Pier &lt;i&gt;reopens&lt;/i&gt;</title><link href="https://gazette.test/a"/>'
            "<published>2022-06-20T08:00:00+02:00</published><updated>2022-06-21T08:00:00Z</updated>"
            '<author><name>Jane Doe</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
            f"<p>{SENTENCE * 15}</p></div></content>"
        )
    )
    assert item.title == "Pier reopens"
    assert item.published_at == datetime(2022, 6, 20, 6, tzinfo=UTC)
    assert item.updated_at == datetime(2022, 6, 21, 8, tzinfo=UTC)
    assert not item.is_summary


def test_an_item_without_a_date_has_none(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(f"<title>Pier</title><description>{SENTENCE * 20}</description>"))
    (article,) = read(path, ReadOptions())
    assert isinstance(article, Article)
    assert article.published_at is None
    assert article.date_origin is DateOrigin.UNKNOWN


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 20 Jun 2022 08:00:00 EST", datetime(2022, 6, 20, 13, tzinfo=UTC)),
        ("20 Jun 2022", datetime(2022, 6, 20, tzinfo=UTC)),
        ("2022-06-20T08:00:00Z", datetime(2022, 6, 20, 8, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("Mon, 20 Jun 99999 08:00:00 GMT", None),
    ],
)
def test_a_date_is_read_as_it_stands_and_never_guessed(date: str, expected: datetime | None) -> None:
    assert only_item(rss(f"<title>Pier</title><pubDate>{date}</pubDate>")).published_at == expected


@pytest.mark.parametrize(
    ("description", "content", "is_summary"),
    [
        (SENTENCE, "", True),
        (SENTENCE, SENTENCE * 3, False),
        (SENTENCE, SENTENCE * 3 + "[…]", True),
        (SENTENCE, SENTENCE * 3 + "Continue reading", True),
        (SENTENCE, SENTENCE * 3 + "Read more &#8230;", True),
        (SENTENCE * 20, "", False),
        (SENTENCE * 20 + "...", "", True),
        ("", "", True),
    ],
)
def test_a_summary_is_told_from_a_story(description: str, content: str, is_summary: bool) -> None:
    item = only_item(
        rss(
            f"<title>Pier</title><description>{description}</description>"
            f"<content:encoded><![CDATA[<p>{content}</p>]]></content:encoded>"
        )
    )
    assert item.is_summary == is_summary


def test_the_summaries_of_a_saved_feed_are_kept_and_their_number_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(
        rss(
            f"<title>Pier</title><link>https://gazette.test/1</link><description>{SENTENCE}</description>",
            f"<title>Harbour</title><link>https://gazette.test/2</link><description>{SENTENCE * 20}</description>",
            "<title>Nothing</title><link>https://gazette.test/3</link>",
        )
    )
    first, second, nothing, note = read(path, ReadOptions(fetched_at=datetime(2022, 6, 20, tzinfo=UTC)))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.fetched_at == datetime(2022, 6, 20, tzinfo=UTC)
    assert str(nothing) == f"{path}: item 3: no text"
    assert "2 of 3 items have only a summary" in str(note)


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a:b@gazette.test/", "", "//", "x"],
)
def test_a_link_that_is_no_web_address_is_dropped(link: str) -> None:
    item = only_item(rss(f"<title>Pier</title><link>{link}</link><description>{SENTENCE}</description>"))
    assert item.url is None
    assert item.title == "Pier"


def test_a_relative_link_starts_from_the_feed() -> None:
    content = atom('<title>Pier</title><link href="/a"/>')
    assert only_item(content, url="https://gazette.test/feeds/all").url == "https://gazette.test/a"


def test_an_item_of_a_gathered_feed_names_its_publisher() -> None:
    item = only_item(rss('<title>Pier</title><source url="https://gazette.test/feed">Ellery Gazette</source>'))
    assert item.source == "Ellery Gazette"


def test_no_markup_is_left_in_a_title_or_a_text() -> None:
    item = only_item(
        rss(
            "<title>&lt;img src=x onerror=alert(1)&gt;Pier</title>"
            "<description>&lt;p onclick=x&gt;One&lt;/p&gt;"
            "&lt;!-- secret --&gt;&lt;style&gt;p{}&lt;/style&gt;Two</description>"
        )
    )
    assert (item.title, item.text) == ("Pier", "One\n\nTwo")


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-8-sig", "iso-8859-1"])
def test_the_encoding_that_a_feed_declares_counts(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    body = "<rss version='2.0'><channel><item><title>Café pié</title></item></channel></rss>"
    text = f'<?xml version="1.0" encoding="{declared}"?>{body}'
    content = text.encode(encoding)
    assert recognises(content[:8192], Path("x"))
    assert only_item(content).title == "Café pié"


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes() -> None:
    items = items_of_feed(b"<rss><channel><item><title>Fish & chips</title></item><item><title>Pier</title>")
    assert [item.title for item in items] == ["Fish & chips", "Pier"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<rss version='2.0'>", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><?style x?><rss>", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", True),
        (b"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>", True),
        (b"<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", True),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", True),
        (b"<!DOCTYPE html><html><body><rss>", False),
        (b"<html><link type='application/rss+xml'>", False),
        (b"<rssx>", False),
        (b"<opml><outline type='rss'/></opml>", False),
        (b"An <rss> of news", False),
        (b"", False),
        (b"<?a?>" * 1600 + b"<x>", False),
        (b"<!--" * 2000, False),
    ],
)
def test_a_feed_is_known_by_its_first_element(head: bytes, expected: bool) -> None:
    assert recognises(head, Path("x.xml")) == expected


@given(st.binary(max_size=200))
def test_recognising_never_fails(head: bytes) -> None:
    recognises(head, Path("x"))


@settings(max_examples=5, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_an_error_of_ours(content: bytes) -> None:
    with suppress(ReaderError):
        assert all(item.url is None or item.url.startswith("http") for item in items_of_feed(b"<rss>" + content))


@pytest.mark.parametrize("content", [b"", b"<html><p>news</p></html>", b"\0\0\0", b"{}", b"http://127.0.0.1/"])
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(ReaderError, match="not an RSS or Atom feed"):
        items_of_feed(content)


def test_bytes_that_are_a_path_do_not_open_it(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(rss("<title>Secret</title>"))
    with pytest.raises(ReaderError):
        items_of_feed(str(secret).encode())


def test_an_outer_entity_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    doctype = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    content = f"{doctype}<rss version='2.0'><channel><item><title>x&a;y</title></item></channel></rss>"
    assert "secret" not in only_item(content.encode()).title


@pytest.mark.parametrize(
    "content",
    [
        b"<rss version='2.0'><channel><item><description>" + b"<a>" * 200_000,
        b"<rss version='2.0'><channel>" + b"<item><description>" * 30_000,
        b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
        + b"]><rss><channel><item><title>&j;</title></item></channel></rss>",
        rss("<title>Lines</title><description>" + "\n" * 3_800_000 + "</description>"),
        rss(*[""] * 200_000),
        rss("<link " + " ".join(f"a{number}='x'" for number in range(300_000)) + "/>"),
    ],
    ids=["nested tags", "nested items", "a billion laughs", "lines", "empty items", "attributes"],
)
def test_a_bomb_is_refused_or_read_at_a_small_cost(content: bytes) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with suppress(ReaderError):
        assert all(len(item.title) < 10_000 for item in items_of_feed(content))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2.5
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # a process is as large as its parent until it begins
    assert after.ru_maxrss <= max(before.ru_maxrss, own, 140_000)  # kB; Python with its parser takes 40,000


def test_an_item_that_is_too_long_for_a_story_costs_the_others_nothing() -> None:
    bomb = f"<title>Bomb</title><description><![CDATA[{'<p>' * 300_000}]]></description>"
    first, second = items_of_feed(rss(bomb, f"<title>Pier</title><description>{SENTENCE}</description>"))
    assert (first.text, second.text) == ("", SENTENCE.strip())


def test_a_feed_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss("<title>" + "x" * 4_100_000 + "</title>"))
    began = time.process_time()
    with pytest.raises(ReaderError, match="larger than 4 MB"):
        list(read(path, ReadOptions()))
    assert time.process_time() - began < 1


def test_thousands_of_items_are_read_in_their_order() -> None:
    content = rss(*(f"<title>Item {number}</title><description>{SENTENCE}</description>" for number in range(5000)))
    assert [int(re.sub(r"\D", "", item.title)) for item in items_of_feed(content)] == list(range(5000))


def test_an_error_of_a_whole_file_is_not_an_article(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss("<title></title><description>x</description>"))
    assert [type(found) for found in read(path, ReadOptions())] == [Unreadable, ReadWarning]


MEDIA = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<channel><title>{channel}</title><link>https://saltburnecho.example/</link><item><title>Dockers end strike</title>"
    "<link>{link}</link>{fields}</item></channel></rss>"
)
CAPTION = "<media:content url='https://a.example/a.jpg'><media:description>{}</media:description></media:content>"


def media_item(fields: str, *, channel: str = "Saltburn Echo", link: str = "https://saltburnecho.example/1") -> Article:
    (item,) = items_of_feed(MEDIA.format(fields=fields, channel=channel, link=link).encode())
    return article_of_item(item, None)


def test_the_fields_of_dublin_core_and_media_rss_are_read() -> None:
    article = media_item(
        "<media:description>Back to work.</media:description><dc:creator>Ada Quill</dc:creator><dc:subject>ports</dc:subject>"  # noqa: E501
        "<dc:date>2023-06-14T00:12:00+10:00</dc:date><dc:language>fr</dc:language><media:keywords>harbour</media:keywords>"
    )
    assert article.text == "Back to work."
    assert article.authors == ("Ada Quill",)
    assert article.keywords == ("ports", "harbour")
    assert article.language == "fr"
    assert article.published_day == date(2023, 6, 14)


@pytest.mark.parametrize(
    "caption", ["A ship.", "A long caption of a picture that shows many ships in the harbour of Orm."]
)
def test_the_caption_of_a_picture_is_not_the_story(caption: str) -> None:
    assert media_item(f"<description>Back to work.</description>{CAPTION.format(caption)}").text == "Back to work."


@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("mer., 14 juin 2023 23:30:00 -0500", "2023-06-14"),
        ("Mi, 14 Jun 2023 00:10:00 +0200", "2023-06-14"),
        ("ср, 14 июн 2023 01:10:00 +0300", "2023-06-14"),
        ("Wed, 14 Jun 2023 23:40:00 PDT", "2023-06-14"),
    ],
)
def test_a_date_in_the_language_of_the_feed_keeps_its_local_day(written: str, local: str) -> None:
    article = media_item(f"<description>Back to work.</description><pubDate>{written}</pubDate>")
    assert article.published_day == date.fromisoformat(local)


@pytest.mark.parametrize(
    ("channel", "link", "source"),
    [
        ("Saltburn Echo", "https://saltburnecho.example/1", "Saltburn Echo"),
        ("Saltburn Echo - Local news", "https://saltburnecho.example/1", "Saltburn Echo"),
        ("Latest news | Saltburn Echo", "https://www.saltburnecho.example/1", "Saltburn Echo"),
        ("Saltburn Echo RSS feed", "https://saltburnecho.example/1", "Saltburn Echo"),
        ("News of the coast", "https://other.example/1", "other.example"),
        ("World news", "https://www.bbc.co.uk/1", "BBC News"),
    ],
)
def test_the_title_of_a_feed_names_the_source_of_its_own_items(channel: str, link: str, source: str) -> None:
    assert media_item("<description>Back to work.</description>", channel=channel, link=link).source == source
