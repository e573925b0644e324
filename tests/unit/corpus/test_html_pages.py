"""Pages in HTML: which date is the article's, tables, data for programs, and what a page is not."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from corpus.article import Article, DateOrigin, Unreadable
from corpus.article_warnings import ArticleWarning
from corpus.readers import read_articles

STORY = (
    "<p>The Alder dairy cooperative has sued the supermarket chain Brisk over a milk price of 31 cents a litre, its "
    "lawyers said in Norhaven after a meeting of its members.</p><p>The court will hear the case in September. Brisk did "  # noqa: E501
    "not want to comment on the claim, which names damages of four million crowns for the last two years.</p>"
)
TITLE = "<h1>Dairy cooperative sues Brisk</h1>"
SITE = '<meta property="og:site_name" content="North Valley Post">'
ASIDE = '<aside class="most-read"><ul><li><time datetime="2024-10-27">27 Oct</time> Ten recipes</li></ul></aside>'
MASTHEAD = '<header><div class="masthead-date">Monday, 28 October 2024</div></header>'
TEASER = '<article class="teaser"><h2><a href="/a">Storm sinks boats</a></h2><time datetime="2022-01-05">5 Jan</time></article>'  # noqa: E501


def page(body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>Dairy cooperative sues Brisk</title>{SITE}{head}</head><body>{body}"
    )


def read(folder: Path, content: str) -> tuple[list[Article], list[str]]:
    path = folder / "page.html"
    path.write_text(content, "utf-8")
    found = list(read_articles([path]))
    articles = [one for one in found if isinstance(one, Article)]
    return articles, [one.reason for one in found if isinstance(one, Unreadable)]


OWN = {
    "a time under the headline": f'<article>{TITLE}<time datetime="2023-07-02T08:00:00+02:00">2 July</time>{STORY}</article>',  # noqa: E501
    "a time above the headline": f'<article><time datetime="2023-07-02">2 July</time>{TITLE}{STORY}</article>',
    "a time in the header": f'<main><header>{TITLE}<p>By Ina Berg <time datetime="2023-07-02">2.7.</time></p></header>{STORY}</main>',  # noqa: E501
    "a line beside the byline": f"<div>{TITLE}<div><span>By Ina Berg</span> <span>Published 2 July 2023</span></div>{STORY}</div>",  # noqa: E501
    "a line with the place": f"<div>{TITLE}<p class=meta>By Ina Berg | 2 July 2023 | Norhaven</p>{STORY}</div>",
    "a time at the foot": f'<article>{TITLE}{STORY}<p>First published <time datetime="2023-07-02">2 July</time></p></article>',  # noqa: E501
    "the update comes first": (
        f'<article>{TITLE}<p>Updated <time datetime="2023-07-09">9 July</time></p>'
        f'<p>Published <time datetime="2023-07-02">2 July</time></p>{STORY}</article>'
    ),
    "microdata": f'<div>{TITLE}<meta itemprop="datePublished" content="2023-07-02">{STORY}</div>',
    "a German line": f"<div>{TITLE}<p class=datum>02.07.2023, 18:20 Uhr</p>{STORY}</div>",
}


@pytest.mark.parametrize("name", OWN)
def test_the_date_of_a_page_is_that_of_its_own_headline(tmp_path: Path, name: str) -> None:
    content = page(f"{MASTHEAD}{TEASER}{ASIDE}{OWN[name]}{TEASER}<footer>© 2024 <time>2024-10-28</time></footer>")
    ((article,), _) = read(tmp_path, content)
    assert article.published_day == date(2023, 7, 2)


@pytest.mark.parametrize(
    "around",
    [
        MASTHEAD,
        ASIDE,
        "<footer>Published 28 October 2024</footer>",
        '<div class="related">5 January 2022</div>',
        TEASER,
    ],
)
def test_a_date_elsewhere_on_the_page_is_not_the_articles(tmp_path: Path, around: str) -> None:
    ((article,), _) = read(tmp_path, page(f"{around}<div id=story>{TITLE}{STORY}</div>{around}"))
    assert article.published_at is None
    assert article.date_origin == DateOrigin.UNKNOWN


METAS = {
    "of Dublin Core and of a citation": '<meta name="DC.date" content="2023-07-02"><meta name="citation_publication_date" content="2023/11">',  # noqa: E501
    "the citation first": '<meta name="citation_publication_date" content="2023/11/30"><meta name="dc.date.issued" content="2023-07-02">',  # noqa: E501
    "of a citation alone": '<meta name="citation_publication_date" content="2023/07/02">',
    "created and modified": '<meta name="dcterms.modified" content="2024-01-09"><meta name="dcterms.created" content="2023-07-02">',  # noqa: E501
    "of Open Graph and of the site": '<meta name="date" content="2024-10-28"><meta property="article:published_time" content="2023-07-02T23:30:00-04:00">',  # noqa: E501
    "one that is empty": '<meta property="article:published_time" content=""><meta name="pubdate" content="20230702">',
    "one that is none": '<meta property="og:published_time" content="today"><meta name="parsely-pub-date" content="2023-07-02T09:00:00Z">',  # noqa: E501
}


@pytest.mark.parametrize("name", METAS)
def test_of_several_dates_in_the_head_the_articles_own_counts(tmp_path: Path, name: str) -> None:
    body = f"<article>{TITLE}<p class=history>Received 4 May 2022, accepted 16 June 2023</p>{STORY}</article>"
    ((article,), _) = read(tmp_path, page(body, METAS[name]))
    assert article.published_day == date(2023, 7, 2)
    assert article.date_origin == DateOrigin.META


@pytest.mark.parametrize("own_first", [True, False])
def test_of_several_articles_in_the_data_the_one_with_the_pages_title_counts(tmp_path: Path, own_first: bool) -> None:
    own = {
        "@type": "NewsArticle",
        "headline": "Dairy cooperative sues Brisk",
        "datePublished": "2023-07-02T23:30:00-05:00",
    }
    other = {"@type": "NewsArticle", "headline": "Storm sinks boats", "datePublished": "2024-10-27"}
    data = json.dumps([own, other] if own_first else [other, own])
    ((article,), _) = read(
        tmp_path, page(f"<main>{TITLE}{STORY}</main>", f'<script type="application/ld+json">{data}</script>')
    )
    assert article.published_day == date(2023, 7, 2)
    assert article.published_at == datetime.fromisoformat("2023-07-03T04:30:00+00:00")


def test_a_live_blog_was_updated_when_its_newest_entry_was(tmp_path: Path) -> None:
    entries = [{"@type": "BlogPosting", "datePublished": f"2023-07-0{day}T10:00:00Z"} for day in (2, 4, 3)]
    data = {"@type": "LiveBlogPosting", "headline": "x", "datePublished": "2023-07-02", "liveBlogUpdate": entries}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    ((article,), _) = read(tmp_path, page(f"<main>{TITLE}{STORY}</main>", head))
    assert article.published_day == date(2023, 7, 2)
    assert article.updated_at == datetime.fromisoformat("2023-07-04T10:00:00+00:00")


def test_a_story_that_a_page_shows_by_script_is_read_from_its_data(tmp_path: Path) -> None:
    body = "The Alder dairy cooperative has sued Brisk over the price of milk. " * 20
    data = {"@type": "NewsArticle", "headline": "Dairy cooperative sues Brisk", "articleBody": body}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    ((article,), _) = read(
        tmp_path, page(f"<main>{TITLE}<p>The Alder dairy cooperative has sued Brisk.</p></main>", head)
    )
    assert article.text == body.strip()


TABLES = {
    "a head": (
        "<table><thead><tr><th>Candidate</th><th>Votes</th></tr></thead>"  # noqa: ISC004
        "<tr><td>Dora Lind</td><td>4,312</td></tr><tr><td>Karl Ohm</td><td>3,977</td></tr></table>",
        ["Candidate: Dora Lind; Votes: 4,312", "Candidate: Karl Ohm; Votes: 3,977"],
    ),
    "a first row of headings": (
        "<table><tr><th>Ward</th><th>Turnout</th></tr><tr><td>North</td><td>61 %</td></tr></table>",
        ["Ward: North; Turnout: 61 %"],
    ),
    "no head": (
        "<table><tr><td>Rain</td><td>12 mm</td></tr><tr><td>Wind</td><td>9 m/s</td></tr></table>",
        ["Rain; 12 mm", "Wind; 9 m/s"],
    ),
    "a caption": (
        "<table><caption>Results in Orm</caption><tr><th>Team</th><th>Goals</th></tr><tr><th>Orm</th><td>2</td></tr></table>",  # noqa: E501
        ["Results in Orm", "Team: Orm; Goals: 2"],
    ),
    "a cell over two rows": (
        "<table><tr><th>Day</th><th>Ship</th></tr><tr><td rowspan=2>Monday</td><td>Orm</td></tr><tr><td>Elm</td></tr></table>",  # noqa: E501
        ["Day: Monday; Ship: Orm", "Day: Monday; Ship: Elm"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_a_story_is_read_row_by_row_with_its_headings(tmp_path: Path, name: str) -> None:
    table, rows = TABLES[name]
    ((article,), _) = read(
        tmp_path, page(f"<article>{TITLE}{STORY}{table}{STORY.replace('sued', 'now sued')}</article>")
    )
    paragraphs = article.text.split("\n\n")
    assert [row for row in rows if row not in paragraphs] == []
    assert paragraphs.index(rows[0]) > 0


def test_a_table_for_layout_stays_text(tmp_path: Path) -> None:
    layout = f"<table><tr><td>{STORY}</td><td>Menu</td></tr><tr><td>{STORY}</td><td>Home</td></tr></table>"
    ((article,), _) = read(tmp_path, page(f"<article>{TITLE}{layout}{STORY.replace('sued', 'now sued')}</article>"))
    assert "sued the supermarket chain Brisk over a milk price of 31 cents a litre, its lawyers said" in article.text


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading.",
        "This article is for subscribers only.",
        "Already a subscriber? Sign in",
        "Register now to read the full story",
        "Der ganze Artikel ist nur für Abonnenten lesbar.",
    ],
)
def test_a_page_that_ends_at_a_paywall_is_an_excerpt(tmp_path: Path, line: str) -> None:
    head = '<meta property="article:published_time" content="2023-07-02">'
    ((article,), (reason,)) = read(tmp_path, page(f"<article>{TITLE}{STORY}<p>{line}</p></article>", head))
    assert article.warnings == (ArticleWarning.EXCERPT,)
    assert "only a summary or the start" in reason
