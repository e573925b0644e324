"""What a publisher withdraws leaves the answers, and what is doubtful is said on adding and by doctor."""

from datetime import UTC, datetime
from pathlib import Path

from corpus.article import Article, ReadWarning, new_article
from corpus.article_warnings import ArticleWarning
from corpus.readers import read_articles
from indexer.doctor import examine
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.table_rows import last_key, version_rows
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
STORY = (
    '{"uri": "urn:cpa:7", "type": "text", "headline": "Mayor quits", "body_text": "The mayor of Orm quit.",'
    ' "firstcreated": "2023-06-14T08:00:00+02:00", "versioncreated": "%s", "pubstatus": "%s", "copyrightholder": "CPA"}'
)


def add(folder: Path, name: str, content: str) -> list[object]:
    path = folder / name
    path.write_text(content, "utf-8")
    found = list(read_articles([path]))
    report = sync(found, folder / "data", MODEL)
    return [*report.warnings, *report.unreadable]


def test_the_fields_of_an_article_survive_the_archive(tmp_path: Path) -> None:
    stored = new_article(
        title="Ferry hits pier",
        text="The ferry of Sandhaven hit the pier on Tuesday morning …",
        source="Sandhaven Herald",
        published_at=datetime.fromisoformat("2024-03-05T08:30:00+11:00"),
    )
    assert stored.warnings == (ArticleWarning.EXCERPT,)
    sync([stored], tmp_path, MODEL)
    archive = Archive(tmp_path / FILE_NAME)
    back = archive.article(stored.id, 1)
    archive.close()
    assert (back.utc_offset_minutes, back.warnings) == (660, stored.warnings)
    assert back.published_day is not None
    assert back.published_day.isoformat() == "2024-03-05"


def test_a_killed_story_is_stored_as_a_version_without_passages(tmp_path: Path) -> None:
    add(tmp_path, "a.json", STORY % ("2023-06-14T08:00:00+02:00", "usable"))
    add(tmp_path, "b.json", STORY % ("2023-06-14T09:30:00+02:00", "canceled"))
    archive = Archive(tmp_path / "data" / FILE_NAME)
    rows = list(version_rows(archive, last_key(archive, None)))
    (story,) = {row.article.article_id for row in rows}
    passages = archive.passage_ids()
    versions = [archive.article(story, version) for version in (1, 2)]
    archive.close()
    assert [one.is_withdrawn for one in versions] == [False, True]
    assert len(passages) == 1
    assert rows[0].numbers[-1] == int(datetime(2023, 6, 14, 7, 30, tzinfo=UTC).timestamp())


def test_warnings_are_reported_by_add_and_counted_by_doctor(tmp_path: Path) -> None:
    content = '{"title": "Fire station", "text": "It cost 6 million.", "date": "2062-04-11", "source": "Courier"}'
    (warning,) = add(tmp_path, "a.jsonl", content)
    assert isinstance(warning, ReadWarning)
    assert "future" in str(warning)
    findings = {finding.what: finding for finding in examine(tmp_path / "data")}
    assert "1 articles: dated in the future" in findings["warning"].found
    assert not findings["warning"].advice


def test_a_sound_archive_has_no_warnings(tmp_path: Path) -> None:
    sound: Article = article("Bridge", "The bridge was closed.")
    sync([sound], tmp_path, MODEL)
    assert "warning" not in {finding.what for finding in examine(tmp_path)}
