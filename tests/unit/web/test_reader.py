"""The reader pane: the text as it stands, marked where the answer cites it, whatever is asked for."""

import html
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.texts.table import ENGLISH
from corpus.article import Article
from tests.browser.stories import FERRY, FIRST_FERRY, HOSTILE, SHELVES, Shelves
from web.reader import changes, open_article
from web.requests import OpenArticle


def pane(wanted: OpenArticle, *articles: Article) -> str:
    return open_article(Shelves(*articles) if articles else SHELVES, wanted, "request", ENGLISH)


def paragraphs(shown: str) -> list[str]:
    """The words of each paragraph of the article, as a browser shows them."""
    text = shown.partition('<div class="text">')[2].partition("</div>")[0]
    return [html.unescape(re.sub(r"<[^>]*>", "", one)) for one in re.findall(r"<p>(.*?)</p>", text)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=5))
def test_whatever_is_marked_the_text_stays_whole(marks: list[tuple[int, int]]) -> None:
    shown = pane(OpenArticle(FERRY.id, 2, tuple(marks)))
    assert paragraphs(shown) == FERRY.text.split("\n\n")
    assert "\n" not in shown


def test_an_article_that_is_gone_is_said_to_be_gone() -> None:
    assert "no longer holds" in pane(OpenArticle("unknown", 1))
    assert "no longer holds" in pane(OpenArticle(FERRY.id, 2, against=77))


def test_an_article_of_markup_stays_text() -> None:
    shown = pane(OpenArticle(HOSTILE.id, 1, ((0, 40), (30, 500))))
    assert (
        re.findall(r"<(?!/?(?:article|p|button|a|span|h2|h3|dl|dt|dd|div|mark|section|ul|li|strong)\b)[^>]*>", shown)
        == []
    )


def test_changes_between_two_versions_are_told_by_sentence() -> None:
    found = [(one.kind, one.text) for one in changes(FIRST_FERRY.text, FERRY.text) if one.kind != "same"]
    assert found == [
        ("removed", "Eight people are known to have died in the fire, the harbour master said on Thursday."),
        ("added", "Nine people are known to have died in the fire, the harbour master said on Thursday."),
    ]


def test_where_the_date_was_found_is_said() -> None:
    from corpus.article import DateOrigin

    shown = pane(OpenArticle(FERRY.id, 2), replace(FERRY, date_origin=DateOrigin.JSON_LD))
    assert "16 March 2023 (date found in the page’s data for search engines)" in shown
