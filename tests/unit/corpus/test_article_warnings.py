"""Warnings that an article carries: excerpts, dates that cannot be, letters in a wrong encoding."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, ArticleError, ReadWarning, Unreadable, new_article
from corpus.article_warnings import ArticleWarning, is_excerpt
from corpus.collecting.files import line_of
from corpus.mojibake import mend_mojibake
from corpus.readers import read_articles

NOW = datetime(2023, 6, 15, tzinfo=UTC)
LONG = "The old bridge over the Ellery was closed on Thursday after a storm, the harbour office said. " * 30


def read(path: Path, content: str | bytes) -> tuple[list[Article], list[Unreadable]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read_articles([path], now=NOW))
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was closed on Thursday after a st… [+2219 chars]",
        "The bridge was closed on Thursday after a...",
        "The bridge was closed. [...]",
        "The bridge was closed.\n\nContinue reading",
        "The bridge was closed.\n\nRead the full story at the Courier »",
        "The bridge was closed.\n\nLire la suite",
        f"{LONG}\n\nSubscribe to continue reading.",
        f"{LONG}\n\nThis article is only available to subscribers.",
        f"{LONG}\n\nRéservé aux abonnés",
        "The bridge was closed.\n\nLog in to read this article.",
    ],
)
def test_the_start_of_a_story_is_marked_as_an_excerpt(text: str) -> None:
    assert ArticleWarning.EXCERPT in new_article(title="Bridge", text=text).warnings


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was closed.",
        f"{LONG}\n\nNobody knows when it opens...",
        f"{LONG}\n\nThe library asks its members to register before reading.",
        "He told subscribers that the paper would continue. Readers cheered.",
        "The council will continue to read letters, it said.",
    ],
)
def test_a_whole_story_is_not(text: str) -> None:
    assert not new_article(title="Bridge", text=text).warnings


@pytest.mark.parametrize("text", ["[Removed]", "[removed]", "null", "N/A", "(no content)", "None"])
def test_a_placeholder_is_no_text(text: str) -> None:
    with pytest.raises(ArticleError):
        new_article(title="Bridge", text=text)


@given(st.text(max_size=400))
def test_any_text_is_an_excerpt_or_not(text: str) -> None:
    assert is_excerpt(text) in (True, False)


@pytest.mark.parametrize("day", ["2062-04-11", "2023-12-01T10:00:00Z", "11 April 2099"])
def test_an_article_from_the_future_is_read_as_undated_with_a_warning(tmp_path: Path, day: str) -> None:
    record = json.dumps({"title": "Bridge", "text": "It is shut.", "date": day, "source": "Courier"})
    (article,), (report,) = read(tmp_path / "a.jsonl", record)
    assert article.published_at is None
    assert article.warnings == (ArticleWarning.FUTURE_DATE,)
    assert isinstance(report, ReadWarning)
    assert "future" in report.reason


@pytest.mark.parametrize("day", ["2023-06-15T23:00:00+00:00", "2023-06-16", "2023-06-15T08:00:00+14:00"])
def test_tomorrow_is_no_future(tmp_path: Path, day: str) -> None:
    record = json.dumps({"title": "Bridge", "text": "It is shut.", "date": day, "source": "Courier"})
    (article,), reports = read(tmp_path / "a.jsonl", record)
    assert article.published_at is not None
    assert not reports


@pytest.mark.parametrize("day", ["1970-01-01T00:00:00Z", "0001-01-01", "9999-12-31", "03/04/2022", "soon", "0"])
def test_a_date_that_is_none_is_reported_and_the_article_undated(tmp_path: Path, day: str) -> None:
    (article,), (report,) = read(tmp_path / "a.csv", f"title,text,date,source\nBridge,It is shut.,{day},Courier\n")
    assert article.published_at is None
    assert ArticleWarning.UNREAD_DATE in article.warnings
    assert "date" in report.reason


@pytest.mark.parametrize(
    ("written", "local", "utc"),
    [
        ("2024-03-05T08:30:00+11:00", "2024-03-05", "2024-03-04T21:30:00+00:00"),
        ("2024-03-04T21:40:00-08:00", "2024-03-04", "2024-03-05T05:40:00+00:00"),
        ("Tue, 05 Mar 2024 00:10:00 +0530", "2024-03-05", "2024-03-04T18:40:00+00:00"),
        ("2024-03-05T08:30:00Z", "2024-03-05", "2024-03-05T08:30:00+00:00"),
        ("2024-03-05", "2024-03-05", "2024-03-05T00:00:00+00:00"),
    ],
)
def test_the_day_of_an_article_is_its_publishers_local_day(tmp_path: Path, written: str, local: str, utc: str) -> None:
    record = json.dumps({"title": "Ferry", "text": "It hit the pier.", "date": written, "source": "Herald"})
    path = tmp_path / "a.jsonl"
    path.write_text(record, "utf-8")
    (article,) = (one for one in read_articles([path]) if isinstance(one, Article))
    assert article.published_day == date.fromisoformat(local)
    assert article.published_at == datetime.fromisoformat(utc)
    path.write_text(line_of(article), "utf-8")
    (again,) = (one for one in read_articles([path]) if isinstance(one, Article))
    assert again.published_day == article.published_day
    assert again == article


def test_the_warnings_of_an_article_that_dateline_wrote_are_read_again(tmp_path: Path) -> None:
    excerpt = new_article(title="Bridge", text="It is shut.", source="Courier", warnings=(ArticleWarning.EXCERPT,))
    (article,), _ = read(tmp_path / "a.jsonl", line_of(excerpt))
    assert article.warnings == (ArticleWarning.EXCERPT,)


FRENCH = "Le café près du château était fermé, a déclaré une élue."
ENCODED: dict[str, bytes] = {
    "utf-8 said to be latin-1": b'<?xml version="1.0" encoding="iso-8859-1"?>%s' % FRENCH.encode(),
    "latin-1 said to be utf-8": b'<?xml version="1.0" encoding="utf-8"?>%s' % FRENCH.encode("latin-1"),
    "latin-1 said so": b'<?xml version="1.0" encoding="iso-8859-1"?>%s' % FRENCH.encode("latin-1"),
    "utf-8 with a mark, said to be windows-1252": b'\xef\xbb\xbf<?xml version="1.0" encoding="windows-1252"?>%s'
    % FRENCH.encode(),
    "nothing said": FRENCH.encode(),
}


@pytest.mark.parametrize("name", ENCODED)
def test_a_feed_is_read_in_the_encoding_that_its_bytes_have(tmp_path: Path, name: str) -> None:
    head, mark, text = ENCODED[name].rpartition(b"?>")
    feed = b"<rss version='2.0'><channel><title>Echo</title><item><title>Titre</title><description>%s</description></item></channel></rss>"  # noqa: E501
    (article,), _ = read(tmp_path / "feed.xml", head + mark + feed % text)
    assert article.text == FRENCH


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("iso-8859-1", "cp1252"), ("windows-1251", "utf-8"), ("", "utf-8")],
)
def test_a_page_is_read_in_the_encoding_that_its_bytes_have(tmp_path: Path, declared: str, encoding: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    text = f"{FRENCH} Il a dit\u00a0: “non”. " * 3
    page = f"<html><head>{meta}<title>Café fermé</title></head><body><article><h1>Café fermé</h1><p>{text}</p></article></body></html>"  # noqa: E501
    (article,), _ = read(tmp_path / "a.html", page.encode(encoding))
    assert article.title == "Café fermé"
    assert "“non”" in article.text


def test_mojibake_is_repaired_and_reported(tmp_path: Path) -> None:
    broken = FRENCH.encode().decode("cp1252")
    record = json.dumps({"title": "Titre", "text": broken, "date": "2023-06-14", "source": "Écho"})
    (article,), (report,) = read(tmp_path / "a.jsonl", record)
    assert article.text == FRENCH
    assert article.warnings == (ArticleWarning.REPAIRED_TEXT,)
    assert "repaired" in report.reason


def test_lost_letters_are_reported(tmp_path: Path) -> None:
    record = json.dumps({"title": "Titre", "text": "Le caf\ufffd est ferm\ufffd.", "date": "2023-06-14"})
    (article,), _ = read(tmp_path / "a.jsonl", record)
    assert article.warnings == (ArticleWarning.DAMAGED_TEXT,)


@given(st.text(max_size=80))
def test_repairing_changes_no_text_that_is_right(text: str) -> None:
    if not set(text) & set("ÂÃÐÑâ"):
        assert mend_mojibake(text) == text


def test_one_report_a_kind_names_how_many_and_one_of_them(tmp_path: Path) -> None:
    records = [{"title": f"Bridge {n}", "text": "It is...", "date": "2023-06-14"} for n in range(3)]
    whole = {"title": "Whole", "text": "It is shut.", "date": "2023-06-14"}
    articles, (report,) = read(tmp_path / "a.json", json.dumps([*records, whole]))
    assert len(articles) == 4
    assert report.reason == "3 of 4 articles, such as 'Bridge 0': only a summary or the start of the story"
