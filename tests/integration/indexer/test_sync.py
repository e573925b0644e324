"""Syncing an archive: real SQLite, real tantivy, real Chroma, and an embedding that hashes words."""

import dataclasses
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.gathering.retrieval import retrieve
from chat.understanding.understand import understand
from corpus.article import Article, Unreadable
from indexer.adding import Decision, decide
from indexer.errors import ArchiveBusyError, ArchiveError, ModelMismatchError
from indexer.search.index import Index
from indexer.search.scope import Scope
from indexer.storage.archive import Archive
from indexer.storage.browsing import summary_of
from indexer.storage.file import FILE_NAME
from indexer.storage.integrity import StoredVersion
from indexer.storage.lock import writing
from indexer.sync import sync
from tests.articles import article
from tests.fakes import WordHashEmbedding, word_hash_model

MODEL = word_hash_model()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def texts_found(index: Index, words: str, scope: Scope = Scope()) -> list[str]:
    passages = index.archive.passages([passage_id for passage_id, _ in index.by_words(words, 10, scope)])
    return [passage.text for passage in passages.values()]


def test_an_added_article_is_found_by_its_words_and_by_its_vector(tmp_path: Path) -> None:
    sync([article(text="A walrus came ashore."), article("Tram", "The tram line opened.")], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    vector = MODEL.embedding.get_query_embedding("walrus came ashore")
    assert texts_found(index, "walrus") == ["A walrus came ashore."]
    best = index.by_vector(vector, 1)[0][0]
    assert index.archive.passages([best])[best].text == "A walrus came ashore."
    index.close()


def test_adding_the_same_articles_again_embeds_nothing_and_changes_nothing(tmp_path: Path) -> None:
    articles = [article(f"Title {n}", f"Body number {n}.") for n in range(20)]
    first = sync(articles, tmp_path, MODEL)
    sequence = Archive(tmp_path / FILE_NAME).sequence()
    again = sync(reversed(articles), tmp_path, MODEL)
    assert (first.added, again.added, again.kept, again.embedded) == (20, 0, 20, 0)
    assert Archive(tmp_path / FILE_NAME).sequence() == sequence


def test_an_article_is_kept_with_the_language_that_its_text_is_in(tmp_path: Path) -> None:
    text = "Le conseil municipal a voté mardi la fermeture du port pour les travaux de la nouvelle ligne de tramway."
    sync([article(text=text, language=None)], tmp_path, MODEL)
    (held,) = Archive(tmp_path / FILE_NAME).articles()
    assert held.language == "fr"


def test_a_corrected_article_replaces_the_old_passages(tmp_path: Path) -> None:
    url = "https://courier.example/toll"
    sync([article("Toll", "Nine people died.", url=url)], tmp_path, MODEL)
    report = sync([article("Toll", "Eight people died.", url=url, updated="2023-03-16")], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    assert report.new_versions == 1
    assert texts_found(index, "people died") == ["Eight people died."]
    index.close()


def test_the_archive_as_it_stood_before_a_correction_holds_the_old_version(tmp_path: Path) -> None:
    url = "https://courier.example/toll"
    old = article("Toll", "Nine people died.", url=url)
    new = article("Toll", "Eight people died.", url=url, updated="2023-03-16")
    sync([new, old], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    assert texts_found(index, "people died", Scope(as_of=moment("2023-03-15T12:00"))) == ["Nine people died."]
    assert texts_found(index, "people died", Scope(as_of=moment("2023-03-14"))) == []
    assert texts_found(index, "people died") == ["Eight people died."]
    index.close()


def test_an_article_corrected_twice_has_three_versions_in_the_order_in_which_they_stood(tmp_path: Path) -> None:
    url = "https://courier.example/toll"
    days = ("2023-03-17", None, "2023-03-16")
    sync([article("Toll", f"{day} told.", url=url, updated=day) for day in days], tmp_path, MODEL)
    with closing(Index(tmp_path, MODEL.fingerprint)) as index:
        (newest,) = index.newest_articles(2)
        texts = [index.archive.article(newest.id, number).text for number in (1, 2, 3)]
    assert newest.version == 3
    assert texts == ["None told.", "2023-03-16 told.", "2023-03-17 told."]


def test_one_unreadable_record_costs_nothing_else(tmp_path: Path) -> None:
    bad = Unreadable(Path("page.html"), "no text", 7)
    report = sync([article("One", "First."), bad, article("Two", "Second.")], tmp_path, MODEL)
    assert (report.added, report.unreadable) == (2, (bad,))


def test_a_text_that_is_already_embedded_is_not_embedded_for_another_article(tmp_path: Path) -> None:
    model = word_hash_model()
    sync([article("Same", "The same text.", url="https://a.example/1")], tmp_path, model)
    sync([article("Same", "The same text.", url="https://a.example/2")], tmp_path, model)
    assert isinstance(model.embedding, WordHashEmbedding)
    assert len(model.embedding.embedded) == 1


def test_a_scope_of_dates_and_sources_lets_nothing_else_through(tmp_path: Path) -> None:
    articles = [
        article(f"Fog {n}", "Fog in the harbour.", source="Gazette" if n % 2 else "Courier", day=f"2023-03-{n + 1:02d}")
        for n in range(20)
    ]
    sync(articles, tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    scope = Scope(published_from=moment("2023-03-05"), published_before=moment("2023-03-09"), sources=("Gazette",))
    for hits in (
        index.by_words("fog harbour", 10, scope),
        index.by_vector(MODEL.embedding.get_query_embedding("fog harbour"), 10, scope),
    ):
        found = [index.archive.passages([passage_id])[passage_id] for passage_id, _ in hits]
        kept = [index.archive.article(passage.article_id, passage.version) for passage in found]
        assert sorted(one.title for one in kept) == ["Fog 5", "Fog 7"]
    index.close()


def test_what_another_process_adds_is_found_after_a_refresh(tmp_path: Path) -> None:
    sync([article("One", "First words.")], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    sync([article("Two", "A second walrus.")], tmp_path, MODEL)
    assert texts_found(index, "walrus") == []
    assert index.refresh()
    assert texts_found(index, "walrus") == ["A second walrus."]
    assert index.by_vector(MODEL.embedding.get_query_embedding("a second walrus"), 1)[0][1] > 0.5
    assert not index.refresh()
    index.close()


def test_many_small_additions_leave_few_segments(tmp_path: Path) -> None:
    for n in range(12):
        sync([article(f"Number {n}", f"Body of number {n}.")], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    segments = index.vectors.generation.segments
    assert sum(segment.passages for segment in segments) == 12
    assert len(segments) <= 4
    assert len(list((tmp_path / "vectors").glob("segment-*"))) <= 2 * len(segments) + 2
    index.close()


def test_a_lost_vector_index_is_built_again_without_embedding(tmp_path: Path) -> None:
    sync([article(f"Number {n}", f"Body of number {n}.") for n in range(5)], tmp_path, MODEL)
    (tmp_path / "vectors" / "generation.json").write_text("{", encoding="utf-8")
    report = sync([], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    assert report.embedded == 0
    assert len(index.by_vector(MODEL.embedding.get_query_embedding("body"), 10)) == 5
    index.close()


def test_a_second_writer_is_refused_and_told_who_is_writing(tmp_path: Path) -> None:
    busy = rf"process {os.getpid()} is writing to {tmp_path}; wait"
    with writing(tmp_path), pytest.raises(ArchiveBusyError, match=busy):
        sync([article()], tmp_path, MODEL)


def test_another_embedding_model_is_refused_before_anything_is_changed(tmp_path: Path) -> None:
    sync([article()], tmp_path, MODEL)
    other = dataclasses.replace(MODEL, name="other", fingerprint="other")
    with pytest.raises(ModelMismatchError, match="--embedding word-hash"):
        sync([article("Two", "More.")], tmp_path, other)
    with pytest.raises(ModelMismatchError, match="--embedding word-hash"):
        Index(tmp_path, "other")
    assert summary_of(Archive(tmp_path / FILE_NAME)).articles == 1


def test_a_missing_archive_is_named_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="python -m indexer add"):
        Archive(tmp_path / FILE_NAME)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all" * 100)
    with pytest.raises(ArchiveError, match="not an archive"):
        Archive(tmp_path / FILE_NAME)


def test_the_summary_counts_what_is_held(tmp_path: Path) -> None:
    sync([article("One", "First.", day="2023-01-02"), article("Two", "Second.", day="2023-04-05")], tmp_path, MODEL)
    summary = summary_of(Archive(tmp_path / FILE_NAME))
    assert (summary.articles, summary.versions, summary.undated) == (2, 2, 0)
    assert (summary.first_published, summary.last_published) == (moment("2023-01-02"), moment("2023-04-05"))
    assert summary.sources == (("The Ellery Courier", 2),)


def test_an_article_that_is_held_in_any_version_is_kept() -> None:
    one, another = article(), article(text="Another text.")
    assert decide([], one) == (Decision.ADD, 1, None)
    assert decide([stored(1, one), stored(2, another)], one) == (Decision.KEEP, 1, None)
    assert decide([stored(2, another)], one) == (Decision.NEW_VERSION, 3, None)
    assert decide([stored(2, another), dataclasses.replace(stored(1, one), article=None)], one) == (Decision.MEND, 1, 1)


def stored(number: int, one: Article) -> StoredVersion:
    return StoredVersion(number, one.id, number, one.title, one.url, one.fingerprint, None, one, ())


def test_copies_of_a_story_are_one_cluster_and_only_the_earliest_is_evidence(tmp_path: Path) -> None:
    body = " ".join(f"The ferry fire report, part {word}, was read to the council in full." for word in "abcdefghijkl")
    copies = [article(f"Ferry fire {n}", body, source=f"Paper {n}", day=f"2023-03-{20 - n:02d}") for n in range(5)]
    sync([*copies, article("Tram", "The ferry fire was not discussed at the tram council.")], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    question = understand("ferry fire report", as_of=moment("2023-06-01"))
    hits = retrieve(question, index, MODEL.embedding, 10)
    found = {index.archive.article(hit.passage.article_id, hit.passage.version).source for hit in hits}
    assert found == {"Paper 4", "The Ellery Courier"}
    first = index.archive.article(hits[0].passage.article_id, 1)
    assert [copy.source for copy in index.archive.copies_of(first.id)] == ["Paper 3", "Paper 2", "Paper 1", "Paper 0"]
    index.close()
