"""Lists of the articles of an archive."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.article import new_article
from corpus.article_warnings import ArticleWarning
from indexer.search.article_table import EVERY_ARTICLE, ArticleFilter, Facet
from indexer.search.index import Index
from indexer.search.listing import Lists, Order
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

ARTICLES = (
    article("Ferry fire", "Four people died on the ferry Grey Petrel.", day="2023-03-15"),
    article(
        "Tram vote", "The council voted for the tram. The ferry was not named.", day="2023-04-01", source="Gazette"
    ),
    article("Ferryman retires", "Old Tom rowed for forty years.", day="2022-05-01"),
    replace(article("Budget", "The council will ...", day="2023-06-01"), warnings=(ArticleWarning.EXCERPT,)),
    new_article(
        title="A letter", text="The pelican sat on the ferry.", source="Gazette", authors=("Ann Lee", "Bo Orr")
    ),
)
NEWER = article("Ferry fire", "Nine people died on the ferry Grey Petrel.", day="2023-03-15", updated="2023-03-16")


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lists]:
    folder, model = tmp_path_factory.mktemp("listing"), word_hash_model()
    sync(ARTICLES, folder, model)
    sync([NEWER], folder, model)
    with closing(Index(folder, model.fingerprint)) as index:
        yield Lists(index)


def titles(
    lists: Lists, text: str = "", wanted: ArticleFilter = EVERY_ARTICLE, order: Order = Order.NEWEST
) -> list[str]:
    return [one.article.title for one in lists.read(lists.find(text, wanted, order), 0, 100)]


def test_without_words_every_article_is_listed_in_its_latest_version(lists: Lists) -> None:
    assert titles(lists) == ["Budget", "Tram vote", "Ferry fire", "Ferryman retires", "A letter"]
    assert titles(lists, order=Order.OLDEST) == ["Ferryman retires", "Ferry fire", "Tram vote", "Budget", "A letter"]


def test_articles_have_all_words_and_the_last_one_may_be_unfinished(lists: Lists) -> None:
    assert set(titles(lists, "ferr")) == {"Ferry fire", "Tram vote", "Ferryman retires", "A letter"}
    assert set(titles(lists, "ferry ")) == {"Ferry fire", "Tram vote", "A letter"}
    assert titles(lists, "ferry counc") == ["Tram vote"]
    assert titles(lists, "ferry walrus") == []


def test_words_of_an_older_version_are_not_found(lists: Lists) -> None:
    assert titles(lists, "nine died ") == ["Ferry fire"]
    assert titles(lists, "four died ") == []


def test_words_in_quotation_marks_stand_together(lists: Lists) -> None:
    assert titles(lists, '"grey petrel"') == ["Ferry fire"]
    assert titles(lists, '"petrel grey"') == []


def test_a_title_counts_more_than_a_text(lists: Lists) -> None:
    assert titles(lists, "ferry ", order=Order.RELEVANCE)[0] == "Ferry fire"


def test_the_sentence_with_the_words_is_shown_and_the_words_in_it(lists: Lists) -> None:
    one = lists.read(lists.find("ferry named"), 0, 1)[0]
    text = one.article.text
    assert text[slice(*one.sentence)] == "The ferry was not named."
    assert [text[slice(*span)] for span in one.words] == ["ferry", "named"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ArticleFilter(((Facet.SOURCE, "Gazette"),)), {"Tram vote", "A letter"}),
        (ArticleFilter(((Facet.AUTHOR, "Bo Orr"), (Facet.AUTHOR, "Nobody"))), {"A letter"}),
        (ArticleFilter(((Facet.SOURCE, "Gazette"), (Facet.LANGUAGE, "en"))), {"Tram vote"}),
        (ArticleFilter(((Facet.AUTHOR, "orr"),)), {"A letter"}),
        (ArticleFilter(((Facet.SOURCE, "nobody"),)), set()),
        (ArticleFilter(first_day=date(2023, 3, 15), last_day=date(2023, 4, 1)), {"Ferry fire", "Tram vote"}),
        (ArticleFilter(last_day=date(2022, 12, 31)), {"Ferryman retires"}),
        (ArticleFilter(undated=True), {"A letter"}),
        (ArticleFilter(warning=ArticleWarning.EXCERPT), {"Budget"}),
    ],
)
def test_a_filter_limits_the_list(lists: Lists, wanted: ArticleFilter, found: set[str]) -> None:
    assert set(titles(lists, "", wanted)) == found


def test_the_days_are_counted_whatever_days_are_chosen(lists: Lists) -> None:
    found = lists.find("ferry ", ArticleFilter(first_day=date(2023, 4, 1)))
    assert (len(found), found.matched) == (1, 3)
    assert found.days == {date(2023, 3, 15): 1, date(2023, 4, 1): 1}


def test_what_is_added_is_listed_at_once(tmp_path: Path) -> None:
    model = word_hash_model()
    sync([article("One")], tmp_path, model)
    with closing(Index(tmp_path, model.fingerprint)) as index:
        lists = Lists(index)
        assert titles(lists) == ["One"]
        sync([article("Two", "The walrus came.", day="2023-05-01")], tmp_path, model)
        assert titles(lists) == ["Two", "One"]
        assert titles(lists, "walr") == ["Two"]


def test_a_sentence_is_listed_without_its_dateline_unless_that_was_searched_for(tmp_path: Path) -> None:
    model = word_hash_model()
    sync([article("Ferry", "PORT ELLERY (CPA) - The ferry sank. It was old.")], tmp_path, model)
    with closing(Index(tmp_path, model.fingerprint)) as index:
        lists = Lists(index)
        for words, shown in (
            ("", "The ferry sank."),
            ("sank ", "The ferry sank."),
            ("old ", "It was old."),
            ("ellery ", "PORT ELLERY (CPA) - The ferry sank."),
        ):
            (one,) = lists.read(lists.find(words), 0, 10)
            assert one.article.text[one.sentence.start : one.sentence.end] == shown
            assert all(one.sentence.start <= word.start and word.end <= one.sentence.end for word in one.words)
