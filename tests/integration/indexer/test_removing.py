"""Taking articles out: at once out of search, and with `purge` out of every file."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Unreadable
from indexer.doctor import examine
from indexer.errors import ArchiveError, IndexerError
from indexer.removing import PurgeReport, Selection, purge, remove
from indexer.search.index import Index
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
SECRETS = [b"okapixyzzy", b"quaggaplugh", b"Zanzibarquux"]
ADDRESS = "https://courier.example/secret"


def fill(folder: Path) -> None:
    sync([article(f"Fog {n}", f"Fog in harbour {n}.", day=f"2023-03-{n + 1:02d}") for n in range(12)], folder, MODEL)
    sync([article("Tram", "A tram came.", source="Gazette", url="https://gazette.example/1")], folder, MODEL)
    sync([article("Zanzibarquux", "The okapixyzzy slept.", url=ADDRESS)], folder, MODEL)
    sync([article("Zanzibarquux", "The quaggaplugh slept.", url=ADDRESS, updated="2023-04-01")], folder, MODEL)


def found(folder: Path, words: str) -> tuple[int, int]:
    """How many passages are found by their words and by their vector, among all."""
    index = Index(folder, MODEL.fingerprint)
    hits = index.by_words(words, 50), index.by_vector(MODEL.embedding.get_query_embedding(words), 50)
    index.close()
    return len(hits[0]), len(hits[1])


def words_left(folder: Path, *more: bytes) -> list[bytes]:
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return [secret for secret in (*SECRETS, *more) if any(secret in content for content in files)]


def names_of_postings(folder: Path) -> set[str]:
    return {path.name for path in (folder / "keywords").iterdir() if path.suffix in (".term", ".idx", ".pos", ".store")}


def test_a_removed_article_is_found_by_nothing_and_can_come_again(tmp_path: Path) -> None:
    fill(tmp_path)
    assert found(tmp_path, "slept") == (1, 14)
    assert remove(tmp_path, Selection(address=ADDRESS)) == 1
    assert found(tmp_path, "slept") == (0, 13)
    report = sync([article("Zanzibarquux", "The okapixyzzy slept.", url=ADDRESS)], tmp_path, MODEL)
    assert (report.added, report.embedded) == (1, 0)
    assert found(tmp_path, "slept") == (1, 14)


def test_articles_are_removed_by_source_and_by_dates(tmp_path: Path) -> None:
    fill(tmp_path)
    assert remove(tmp_path, Selection(source="Gazette")) == 1
    first, before = datetime(2023, 3, 3, tzinfo=UTC), datetime(2023, 3, 6, tzinfo=UTC)
    assert remove(tmp_path, Selection(published_from=first, published_before=before)) == 3
    assert found(tmp_path, "fog") == (9, 10)


def test_an_open_page_stops_showing_a_removed_article(tmp_path: Path) -> None:
    fill(tmp_path)
    index = Index(tmp_path, MODEL.fingerprint)
    remove(tmp_path, Selection(source="Gazette"))
    assert index.refresh()
    assert index.by_words("tram", 5) == []
    assert len(index.by_vector(MODEL.embedding.get_query_embedding("tram"), 50)) == 13
    index.close()


def test_a_segment_is_built_again_once_more_than_a_fifth_of_it_is_removed(tmp_path: Path) -> None:
    fill(tmp_path)
    last = datetime(2023, 3, 7, tzinfo=UTC)
    remove(tmp_path, Selection(published_before=last))
    index = Index(tmp_path, MODEL.fingerprint)
    held = sum(segment.passages for segment in index.vectors.generation.segments)
    assert held == len(index.table)
    index.close()


def test_no_byte_of_a_purged_article_is_left_in_any_file(tmp_path: Path) -> None:
    fill(tmp_path)
    postings = names_of_postings(tmp_path)
    vector = Archive(tmp_path / FILE_NAME).passage_vectors(MODEL.fingerprint, [14])[14].astype("float16").tobytes()
    assert set(words_left(tmp_path, vector)) == {*SECRETS, vector}
    assert purge(tmp_path, Selection(address=ADDRESS)).articles == 1
    assert words_left(tmp_path, vector) == []
    assert not postings & names_of_postings(tmp_path)  # tantivy packs its words, so that they cannot be looked for
    assert found(tmp_path, "slept") == (0, 13)


def test_a_purge_beside_open_pages_leaves_no_word_in_any_file_and_the_pages_stop_showing_it(tmp_path: Path) -> None:
    fill(tmp_path)
    pages = [Index(tmp_path, MODEL.fingerprint) for _ in range(2)]
    vector = MODEL.embedding.get_query_embedding("slept")
    assert len(pages[0].by_words("slept", 50)) == 1
    assert purge(tmp_path, Selection(address=ADDRESS)).articles == 1
    assert words_left(tmp_path) == []  # the pages still hold what they had opened, but none of it by a name
    for hits in (pages[0].by_words("slept", 50), pages[0].by_vector(vector, 50)):
        shown = pages[0].archive.passages([passage_id for passage_id, _ in hits]).values()
        assert not [passage for passage in shown if "slept" in passage.text]
    assert pages[0].refresh()
    assert (len(pages[0].by_words("slept", 50)), len(pages[0].by_vector(vector, 50))) == (0, 13)
    for page in pages:
        page.close()
    assert words_left(tmp_path) == []
    assert found(tmp_path, "slept") == (0, 13)


def test_a_purge_that_a_reader_holds_up_says_so_and_is_finished_by_the_same_command(tmp_path: Path) -> None:
    """What SQLite shows to a reader in the middle of a query is in its log until the reader is done."""
    fill(tmp_path)
    reader = Archive(tmp_path / FILE_NAME)
    held = reader.select("SELECT text FROM articles")
    held.fetchone()
    with pytest.raises(ArchiveError, match=r"another process is reading .*; run the same command again"):
        purge(tmp_path, Selection(address=ADDRESS))
    assert found(tmp_path, "slept") == (0, 13)
    assert [finding.what for finding in examine(tmp_path) if finding.advice] == ["purge"]
    assert words_left(tmp_path) == SECRETS
    held.fetchall()
    reader.close()
    assert purge(tmp_path, Selection(address=ADDRESS)).articles == 0
    assert words_left(tmp_path) == []
    with pytest.raises(IndexerError, match="no article"):
        purge(tmp_path, Selection(address=ADDRESS))


def test_nothing_is_removed_that_was_not_named(tmp_path: Path) -> None:
    fill(tmp_path)
    with pytest.raises(IndexerError, match="--address"):
        remove(tmp_path, Selection())
    with pytest.raises(IndexerError, match="no article"):
        remove(tmp_path, Selection(source="Nobody"))
    assert found(tmp_path, "fog")[0] == 12


def test_the_command_removes_and_says_how_many(tmp_path: Path) -> None:
    fill(tmp_path)
    command = [sys.executable, "-m", "indexer", "remove", "--from", "2023-03-12", "--before", "2023-03-13"]
    told = subprocess.run([*command, "--data", str(tmp_path)], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "1 removed\n"), told.stderr


def test_pruning_removes_what_no_longer_comes(tmp_path: Path) -> None:
    articles = [article(f"Fog {n}", f"Fog in harbour {n}.") for n in range(10)]
    sync(articles, tmp_path, MODEL)
    assert sync(articles[2:], tmp_path, MODEL, prune=0.2).removed == 2
    assert found(tmp_path, "fog") == (8, 8)


def test_pruning_refuses_to_remove_much_or_after_an_incomplete_read(tmp_path: Path) -> None:
    articles = [article(f"Fog {n}", f"Fog in harbour {n}.") for n in range(10)]
    sync(articles, tmp_path, MODEL)
    with pytest.raises(IndexerError, match="3 of 10 articles are missing from the input; to remove them, add --yes"):
        sync(articles[3:], tmp_path, MODEL, prune=0.2)
    with pytest.raises(IndexerError, match=r"page\.html"):
        sync([*articles[1:], Unreadable(Path("page.html"), "no text")], tmp_path, MODEL, prune=0.2)
    assert found(tmp_path, "fog") == (10, 10)


def traces_left(folder: Path, *more: bytes) -> list[str]:
    """The files that hold a word, or a vector, of what was purged."""
    secrets = (*SECRETS, *more)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(secret in path.read_bytes() for secret in secrets)]


def vectors_of(folder: Path) -> list[bytes]:
    """The vectors of both versions, as the archive and as the exact search have them."""
    archive = Archive(folder / FILE_NAME)
    vectors = archive.passage_vectors(MODEL.fingerprint, [14, 15]).values()
    archive.close()
    return [vector.astype(kind).tobytes() for vector in vectors for kind in ("float16", "float32")]


def feedback(*sentences: str) -> str:
    return "".join(json.dumps({"question": "Who slept?", "answer": f"It said: “{one}”"}) + "\n" for one in sentences)


LONG = 'The okapixyzzy slept in the yard of the old \N{LATIN SMALL LETTER E WITH ACUTE}tude school "all night" long.'


@pytest.mark.parametrize("removed_before", [True, False])
def test_a_purge_leaves_no_word_and_no_vector_in_any_file_of_the_data_folder(
    tmp_path: Path, removed_before: bool
) -> None:
    fill(tmp_path)
    sync([article("Zanzibarquux", LONG, url=ADDRESS, updated="2023-05-01")], tmp_path, MODEL)
    vectors = vectors_of(tmp_path)
    kept = feedback("Fog in harbour 3, which nobody had expected to last so long.")
    cited = json.dumps({"answer": "Yes, the okapixyzzy.", "cited": [{"url": ADDRESS}]}) + "\n"
    (tmp_path / "feedback.jsonl").write_text(kept + feedback(LONG) + cited + kept, encoding="utf-8")
    (tmp_path / "conversations").mkdir()
    conversation, receipt = tmp_path / "conversations" / "7.json", tmp_path / "receipt.json"
    conversation.write_text(json.dumps({"turns": [{"answer": f"“{LONG}”"}]}), encoding="utf-8")
    receipt.write_text(json.dumps({"answer": "The fog lifted before noon over the harbour, said the mayor."}))
    if removed_before:
        remove(tmp_path, Selection(address=ADDRESS))
        assert FILE_NAME in traces_left(tmp_path, *vectors), "so that it can be added again without embedding"
    report = purge(tmp_path, Selection(address=ADDRESS))
    assert report == PurgeReport(1, (conversation,)), "of this one a person decides"
    assert traces_left(tmp_path, *vectors) == [conversation.name]
    assert (tmp_path / "feedback.jsonl").read_text(encoding="utf-8") == kept + kept
    assert [finding.what for finding in examine(tmp_path) if finding.advice] == ["purge"]
    assert purge(tmp_path, Selection(), delete_files=True) == PurgeReport(0, ())
    assert traces_left(tmp_path, *vectors) == []
    assert receipt.is_file()
    assert not [finding for finding in examine(tmp_path) if finding.advice]


def test_everything_removed_earlier_can_be_purged_at_once(tmp_path: Path) -> None:
    fill(tmp_path)
    vectors = vectors_of(tmp_path)
    remove(tmp_path, Selection(address=ADDRESS))
    remove(tmp_path, Selection(source="Gazette"))
    assert purge(tmp_path, Selection(), all_removed=True).articles == 2
    assert traces_left(tmp_path, b"tram came", *vectors) == []
