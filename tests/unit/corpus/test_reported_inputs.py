"""Inputs of ingest tools that people reported as misread: long cells, shared guids, empty elements, short articles."""

import csv
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.readers import read_articles

LONG = "The inquiry into the sluice heard another witness on the state of its gates. " * 2_600  # 200,000 characters
STORIES = {
    "Ferry back in service": "The ferry to Gull Bay sails again, the port office said on Monday.",
    "Market hall to close": "The market hall of Nether Vale closes in June, the council decided.",
    "Owl seen on the pier": "A snowy owl sat on the old pier for two hours, a fisherman reported.",
}


def articles_of(path: Path) -> list[Article]:
    return [one for one in read_articles([path]) if isinstance(one, Article)]


@pytest.mark.parametrize(("ending", "separator"), [(".csv", ","), (".csv", ";"), (".tsv", "\t")])
def test_a_cell_that_is_longer_than_the_csv_modules_limit_is_read_whole(
    tmp_path: Path, ending: str, separator: str
) -> None:
    path = tmp_path / f"long{ending}"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=separator)
        rows.writerow(["title", "text", "date"])
        rows.writerow(["Inquiry", LONG, "2023-05-01"])
        rows.writerows([title, text, "2023-05-02"] for title, text in STORIES.items())
    first, *others = articles_of(path)
    assert first.text == LONG.strip()
    assert {one.title: one.text for one in others} == STORIES


def rss(guid: str, link: str = "") -> str:
    items = "".join(
        f"<item><title>{title}</title>{link.format(number)}{guid}<description>{text}</description></item>"
        for number, (title, text) in enumerate(STORIES.items())
    )
    return f"<rss version='2.0'><channel><title>Press</title>{items}</channel></rss>"


def atom() -> str:
    entries = "".join(
        f"<entry><title>{title}</title><id>tag:press.example,2023:all</id><content>{text}</content></entry>"
        for title, text in STORIES.items()
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Press</title>{entries}</feed>"


@pytest.mark.parametrize(
    "feed",
    [
        rss("<guid isPermaLink='false'>all</guid>"),
        rss("<guid>https://press.example/</guid>"),
        rss("<guid isPermaLink='false'>0</guid>", "<link>https://press.example/{}</link>"),
        rss(""),
        atom(),
    ],
    ids=["word", "address", "with links", "none", "atom"],
)
def test_items_that_share_one_guid_are_articles_of_their_own(tmp_path: Path, feed: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(feed)
    found = articles_of(path)
    assert {one.title: one.text for one in found} == STORIES
    assert len({one.id for one in found}) == len(STORIES)


@pytest.mark.parametrize(
    "empty",
    [
        "<content:encoded/>",
        "<content:encoded> </content:encoded>",
        "<content:encoded><![CDATA[]]></content:encoded>",
        "<content:encoded><![CDATA[<p></p>\n<br/>]]></content:encoded>",
    ],
)
def test_an_empty_text_beside_a_summary_is_no_text(tmp_path: Path, empty: str) -> None:
    path = tmp_path / "feed.xml"
    namespace = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    (title, text), *_ = STORIES.items()
    path.write_text(
        f"<rss version='2.0' {namespace}><channel><item><title>\N{OWL} {title}</title>"
        f"<description>{text}</description>{empty}</item></channel></rss>",
        encoding="utf-8",
    )
    (article,) = articles_of(path)
    assert (article.title, article.text) == (f"\N{OWL} {title}", text)


def page(before: str, after: str, paragraphs: list[str]) -> str:
    head = "<head><title>Ferry</title><meta property='og:site_name' content='Press'></head>"
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html>{head}<body><nav>menu</nav>{before}<h1>Ferry</h1>{body}{after}<footer>foot</footer></body></html>"


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize(
    ("before", "after"),
    [("<article>", "</article>"), ("<main>", "</main>"), ("<div class='article-body'>", "</div>")],
    ids=["article", "main", "div"],
)
def test_each_paragraph_of_a_short_article_is_read_once(tmp_path: Path, before: str, after: str, count: int) -> None:
    path = tmp_path / "page.html"
    paragraphs = list(STORIES.values())[:count]
    path.write_text(page(before, after, paragraphs))
    (article,) = articles_of(path)
    assert [article.text.count(one) for one in paragraphs] == [1] * count
    assert "menu" not in article.text
