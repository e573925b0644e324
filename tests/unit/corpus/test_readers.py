"""What each reader finds in the form that it is made for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article, DateOrigin, ReadWarning, Unreadable
from corpus.readers import read_articles
from corpus.readers.languages import with_language

SEED = Path(__file__).parents[4] / "shared" / "data" / "seed_article.txt"
WIKINEWS = SEED.with_name("wikinews.jsonl")

PRINTED = """

Harbour Bridge Closes After Storm

By [Ada Quill for AFP](#)

May 4, 2023

The bridge on Thursday morning, with its railing gone. **Tom Reed / Port Pictures**

The old bridge over the Ellery was closed on Thursday after a storm tore away part of its railing.

Related article: [Storm Sinks Two Boats](#)

'We cannot say when'

Engineers will inspect the piers, [the harbour office](https://office.example) said, and it **hopes**

that buses can go by the ring road.

"We cannot say when it opens," said the harbour master.

Original url:

<https://www.porttimes.example/2023/05/04/harbour-bridge-closes>
"""


def read(path: Path) -> list[Article | Unreadable]:
    return [found for found in read_articles([path]) if not isinstance(found, ReadWarning)]


def read_one(path: Path, content: str | bytes) -> Article:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (found,) = read(path)
    assert isinstance(found, Article), found
    return found


@pytest.mark.skipif(not SEED.exists(), reason="the shared data is not here")
def test_the_seed_article_is_read_as_its_publisher_meant_it() -> None:
    (article,) = read(SEED)
    assert isinstance(article, Article)
    assert article.title == "Ukraine War Strains Ties Between Kazakhstan and Russia"
    assert article.authors == ("Christopher Rickleton",)
    assert article.agency == "AFP"
    assert article.source == "The Moscow Times"
    assert article.published_at == datetime(2022, 6, 24, tzinfo=UTC)
    assert article.date_origin == DateOrigin.TEXT
    assert article.url == (
        "https://www.themoscowtimes.com/2022/06/24/ukraine-war-strains-ties-between-kazakhstan-and-russia-a78100"
    )
    assert with_language(article).language == "en"
    paragraphs = article.text.split("\n\n")
    assert paragraphs[0].startswith("Kazakhstan, which shares the world's longest continuous border")
    assert paragraphs[-1].endswith("immediately after the St. Petersburg event.")
    assert any("pushed back against the idea that Kazakhstan had been saved" in part for part in paragraphs)
    assert "'A more supportive position?'" in paragraphs
    for outside in ("Gavriil Grigorov", "Related article", "Original url", "themoscowtimes", "](#)", "**"):
        assert outside not in article.text


@pytest.mark.skipif(not WIKINEWS.exists(), reason="the shared data is not here")
def test_all_of_wikinews_is_read_with_its_dates() -> None:
    import json

    dates = [json.loads(line)["date"] for line in WIKINEWS.read_text("utf-8").splitlines()]
    articles = [found for found in read(WIKINEWS) if isinstance(found, Article)]
    assert len(articles) == 295
    assert [f"{article.published_at:%Y-%m-%d}" for article in articles] == dates


def test_a_printed_page_gives_up_all_its_parts(tmp_path: Path) -> None:
    article = read_one(tmp_path / "page.txt", PRINTED)
    assert article.title == "Harbour Bridge Closes After Storm"
    assert (article.authors, article.agency) == (("Ada Quill",), "AFP")
    assert article.published_at == datetime(2023, 5, 4, tzinfo=UTC)
    assert article.url == "https://www.porttimes.example/2023/05/04/harbour-bridge-closes"
    assert article.text == (
        "The old bridge over the Ellery was closed on Thursday after a storm tore away part of its railing.\n\n"
        "'We cannot say when'\n\n"
        "Engineers will inspect the piers, the harbour office said, and it hopes that buses can go by the ring road."
        '\n\n"We cannot say when it opens," said the harbour master.'
    )


@pytest.mark.parametrize(
    "missing",
    [
        "By [Ada Quill for AFP](#)\n\n",
        "May 4, 2023\n\n",
        "The bridge on Thursday morning, with its railing gone. **Tom Reed / Port Pictures**\n\n",
        "Related article: [Storm Sinks Two Boats](#)\n\n",
        "'We cannot say when'\n\n",
        "Original url:\n\n<https://www.porttimes.example/2023/05/04/harbour-bridge-closes>\n",
    ],
)
def test_a_printed_page_is_read_without_any_one_of_its_parts(tmp_path: Path, missing: str) -> None:
    assert missing in PRINTED
    article = read_one(tmp_path / "page.txt", PRINTED.replace(missing, ""))
    assert article.title == "Harbour Bridge Closes After Storm"
    assert article.text.startswith("The old bridge over the Ellery was closed")
    assert article.text.endswith("said the harbour master.")
    assert article.published_at == datetime(2023, 5, 4, tzinfo=UTC)
    assert article.authors == (() if missing.startswith("By") else ("Ada Quill",))
    assert article.date_origin == (DateOrigin.ADDRESS if missing.startswith("May") else DateOrigin.TEXT)


def test_without_a_date_and_an_address_a_printed_page_has_no_date(tmp_path: Path) -> None:
    page = PRINTED.replace("May 4, 2023\n\n", "").partition("Original url")[0]
    article = read_one(tmp_path / "page.txt", page)
    assert (article.published_at, article.date_origin) == (None, DateOrigin.UNKNOWN)


def test_the_publication_and_the_update_of_a_printed_page_are_told_apart(tmp_path: Path) -> None:
    page = PRINTED.replace("May 4, 2023", "Published May 4, 2023 08:15 UTC | Updated May 5, 2023 10:00 UTC")
    article = read_one(tmp_path / "page.txt", page)
    assert article.published_at == datetime(2023, 5, 4, 8, 15, tzinfo=UTC)
    assert article.updated_at == datetime(2023, 5, 5, 10, 0, tzinfo=UTC)


def test_a_link_that_is_none_stays_as_it_was_written(tmp_path: Path) -> None:
    page = PRINTED.replace("[the harbour office](https://office.example)", "[the office](javascript:alert(1))")
    assert "[the office](javascript:alert(1))" in read_one(tmp_path / "page.txt", page).text


def test_a_bad_line_is_reported_by_its_number_while_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    lines = ['{"title": "One", "text": "It rained."}', "", "{broken", '["list"]', '{"title": "No text"}', '"text"']
    path.write_text("\n".join([*lines, '{"title": "Two", "text": "It snowed."}']), "utf-8")
    found = read(path)
    assert [one.title for one in found if isinstance(one, Article)] == ["One", "Two"]
    assert [one.line for one in found if isinstance(one, Unreadable)] == [3, 4, 5, 6]
    assert all(one.path == path and one.reason for one in found if isinstance(one, Unreadable))


@pytest.mark.parametrize(
    "names",
    [
        "title text date source url authors",
        "headline body published_at publisher link author",
        "Title Content publish_date outlet canonical_url byline",
        "headline articleBody datePublished publisher url author",
        "TITLE article pubDate Source Link Authors",
    ],
)
def test_records_are_read_by_the_names_that_people_use(tmp_path: Path, names: str) -> None:
    values = ("Bridge closes", "It is shut.", "2023-05-04T08:00:00+02:00", "The Port Times", "https://a.example/b")
    record = dict(zip(names.split(), (*values, "By Ada Quill and Tom Reed"), strict=True))
    import json

    article = read_one(tmp_path / "one.json", json.dumps(record))
    assert (article.title, article.text, article.source) == ("Bridge closes", "It is shut.", "The Port Times")
    assert article.published_at == datetime(2023, 5, 4, 6, 0, tzinfo=UTC)
    assert article.authors == ("Ada Quill", "Tom Reed")
    assert (article.url, article.date_origin) == ("https://a.example/b", DateOrigin.FIELD)


def test_a_host_in_place_of_a_publisher_is_named_as_its_pages_are(tmp_path: Path) -> None:
    by_host = read_one(tmp_path / "a.jsonl", '{"title": "A", "text": "B", "source": "www.porttimes.example"}')
    by_address = read_one(tmp_path / "a.jsonl", '{"title": "A", "text": "B", "url": "https://www.porttimes.example/b"}')
    assert by_host.source == by_address.source


def test_other_names_are_read_through_a_map(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"hed": {"main": "Bridge closes"}, "title": "wrong", "words": "It is shut."}', "utf-8")
    article, _ = read_articles([path], mapping={"title": "hed.main", "text": "words"})
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Bridge closes", "It is shut.")


def test_a_broken_record_of_a_list_spares_the_others(tmp_path: Path) -> None:
    path = tmp_path / "news.json"
    path.write_text(
        '[\n{"title": "One, [two]", "text": "A \\"quoted\\" } word."},\n{"title": bad},\n'
        '{"title": "Three", "text": "It snowed."}\n]',
        "utf-8",
    )
    found = read(path)
    assert [one.title for one in found if isinstance(one, Article)] == ["One, [two]", "Three"]
    assert [one.line for one in found if isinstance(one, Unreadable)] == [3]


def test_a_list_that_was_cut_off_gives_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "news.json"
    path.write_text('[{"title": "One", "text": "It rained."}, {"title": "Tw', "utf-8")
    kept, lost = read(path)
    assert isinstance(kept, Article)
    assert isinstance(lost, Unreadable)
    assert "truncated" in lost.reason


def test_a_long_list_is_read_without_holding_it(tmp_path: Path) -> None:
    path = tmp_path / "news.json"
    text = "It rained all day over the harbour. " * 60
    records = (f'{{"title": "Day {number}", "text": "{text}", "language": "en"}}' for number in range(3000))
    path.write_text("[" + ",\n".join(records) + "]", "utf-8")
    assert path.stat().st_size > 6_000_000
    titles = [found.title for found in read_articles([path]) if isinstance(found, Article)]
    assert titles == [f"Day {number}" for number in range(3000)]


def test_a_relative_date_of_a_record_counts_from_when_it_was_fetched(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"title": "A", "text": "B", "date": "2 hours ago", "fetched_at": "2023-05-04T12:00Z"}', "utf-8")
    (article,) = read(path)
    assert isinstance(article, Article)
    assert article.published_at == datetime(2023, 5, 4, 10, tzinfo=UTC)


def test_a_table_that_names_no_text_is_refused_once(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("title,date\nA,2023-05-04\nB,2023-05-05\n", "utf-8")
    (found,) = read(path)
    assert isinstance(found, Unreadable)
    assert "--map text=COLUMN" in found.reason


def test_a_page_fetched_from_one_host_does_not_pass_for_another(tmp_path: Path) -> None:
    from corpus.readers.pages.html_page import article_of_page

    page = (
        "<html><head><title>Bridge</title><link rel='canonical' href='{}'></head><body><article><h1>Bridge</h1>"
        "<p>The old bridge was closed on Thursday after a storm, the harbour office said in the evening.</p>"
        "<p>Engineers will inspect the piers on Friday and say more when they have seen them.</p></article>"
    )
    own = page.format("https://www.porttimes.example/bridge").encode()
    foreign = page.format("https://other.example/bridge").encode()
    assert (
        article_of_page(own, url="https://porttimes.example/bridge?ref=x").url == "https://www.porttimes.example/bridge"
    )
    assert article_of_page(foreign, url="https://porttimes.example/a").url == "https://porttimes.example/a"


def test_a_folder_is_walked_in_order_without_its_notes(tmp_path: Path) -> None:
    for name in ("b/2.md", "a.md", "b/1.md", "README.md", "NOTES.md", "LICENSE", ".hidden.md", ".git/x.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# {name}\n\nIt rained.\n", "utf-8")
    titles = [found.title for found in read_articles([tmp_path]) if isinstance(found, Article)]
    assert titles == ["a.md", "b/1.md", "b/2.md"]


def test_links_in_a_folder_lead_neither_round_nor_out(tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("# Secret\n\nNot for reading.\n", "utf-8")
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "one.md").write_text("# One\n\nIt rained.\n", "utf-8")
    (folder / "again.md").symlink_to(folder / "one.md")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "out.md").symlink_to(outside)
    (folder / "nowhere.md").symlink_to(folder / "gone.md")
    (folder / "itself.md").symlink_to(folder / "itself.md")
    found = list(read_articles([folder]))
    assert [one.title for one in found if isinstance(one, Article)] == ["One"]
    refused = sorted(one.path.name for one in found if type(one) is Unreadable)
    assert refused == ["itself.md", "nowhere.md", "out.md"]


def test_a_path_that_is_not_there_is_reported(tmp_path: Path) -> None:
    (found,) = read(tmp_path / "gone.jsonl")
    assert isinstance(found, Unreadable)
    assert "No such file" in found.reason
