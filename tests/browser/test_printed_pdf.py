"""A page that Chromium printed to PDF is read as the article that it shows."""

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from corpus.article import Article
from corpus.readers import read_articles

SENTENCES = [
    "The harbour board of Port Ellery voted on Thursday to raise the sea wall by one metre before the winter storms.",
    "Work will begin in August and cost four million crowns, the board said, most of it borrowed from the province.",
    "“We have been lucky for ten years,” said the harbour master, Ines Farrow, “and luck is not a plan.”",
]
PRINTED = f"""<html><body style="font: 12pt serif"><h1>Harbour wall to be raised by a metre</h1>
<p>By Nell Garraway</p><p>June 24, 2022</p>{"".join(f"<p>{sentence}</p>" for sentence in SENTENCES)}
<div style="page-break-before: always"></div><p>Fishermen fear for their moorings.</p></body></html>"""


def test_a_page_printed_to_pdf_is_read_with_title_author_day_and_paragraphs(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    page.set_content(PRINTED)
    page.pdf(path=tmp_path / "wall.pdf")
    page.close()
    (article,) = read_articles([tmp_path / "wall.pdf"])
    assert isinstance(article, Article)
    assert article.title == "Harbour wall to be raised by a metre"
    assert article.authors == ("Nell Garraway",)
    assert article.published_at == datetime(2022, 6, 24, tzinfo=UTC)
    assert article.text.split("\n\n") == [*SENTENCES, "Fishermen fear for their moorings."]
