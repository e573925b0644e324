"""One bit of one file is flipped: the damage is noticed, or it changes no answer; no altered text is quoted."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from indexer.doctor import examine, fix
from indexer.errors import IndexerError
from indexer.rebuilding import rebuild
from indexer.search.index import Index
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model
from tests.published import publish, so_many

MODEL = word_hash_model()
FLIPS = so_many(200, 3)  # in each file
WORDS = "tram harbour ferry fog council bridge school market storm river budget choir strike quay mayor".split()


def story(number: int) -> Article:
    words = random.Random(number).sample(WORDS, 8)
    text = f"The {words[0]} saw 386 people. Then the {' '.join(words[1:])} came to report {number}."
    return replace(article(f"Report {number}", text, url=f"https://courier.example/{number}"), authors=("Ada Quill",))


STORIES = {one.id: one for one in map(story, range(12))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    sync(STORIES.values(), folder, MODEL)
    with_archive = Archive(folder / FILE_NAME)
    with_archive.erase_deleted()  # leaves the log of SQLite empty
    with_archive.close()
    (folder / "feedback.jsonl").write_text('{"thumb": "up"}\n' * 20, encoding="utf-8")
    (folder / "requests.jsonl").write_text('{"path": "/"}\n' * 20, encoding="utf-8")
    (folder / "receipts.key").write_text("ab" * 32, encoding="ascii")
    return folder


def quoted(folder: Path) -> Iterator[Article]:
    """All that could be quoted for questions with each of the words."""
    index = Index(folder, MODEL.fingerprint)
    try:
        for word in WORDS:
            hits = [*index.by_words(word, 20), *index.by_vector(MODEL.embedding.get_query_embedding(word), 5)]
            for passage in index.archive.passages([passage_id for passage_id, _ in hits]).values():
                one = index.archive.article(passage.article_id, passage.version)
                assert passage.text == one.text[passage.start : passage.end]
                yield one
    finally:
        index.close()


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def is_as_published(one: Article) -> bool:
    true = STORIES.get(one.id)
    return true is not None and (one.title, one.text, one.source, one.url, one.authors, one.published_at) == (
        true.title,
        true.text,
        true.source,
        true.url,
        true.authors,
        true.published_at,
    )


def files_of(folder: Path) -> list[Path]:
    found = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    return sorted(path for path in found if path.name not in ("writer.lock",))


def test_no_altered_word_is_quoted_whatever_bit_is_flipped(whole: Path, tmp_path: Path) -> None:
    wrong, seen, refused = [], 0, 0
    chance = random.Random(5)
    for name in files_of(whole):
        for number in range(FLIPS * (10 if name.name == FILE_NAME else 1)):
            folder = tmp_path / f"{number}"
            shutil.copytree(whole, folder)
            flip(folder / name, chance)
            try:
                wrong += [(name, one.title, one.text) for one in quoted(folder) if not is_as_published(one)]
                seen += 1
            except IndexerError:
                refused += 1
            shutil.rmtree(folder)
    tried = f"{seen + refused:,} flips in {len(files_of(whole))} files"
    publish(
        "one bit flipped in any file", tried, f"{len(wrong)} wrong quotations; {refused} refused with an error of ours"
    )
    assert wrong == []
    assert seen > refused


def test_the_doctor_sees_an_altered_text_and_the_source_mends_it(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(whole, folder)
    path = folder / FILE_NAME
    path.write_bytes(path.read_bytes().replace(b"saw 386 people", b"saw 286 people", 1))
    altered = {one.what: one for one in examine(folder) if one.advice}
    assert list(altered) == ["damaged"]
    assert altered["damaged"].found.startswith(
        "1 versions have changed since they were written and are not quoted: 'Report "
    )
    assert len({one.id for one in quoted(folder)}) == len(STORIES) - 1
    fix(folder)
    assert [one.what for one in examine(folder) if one.advice] == ["damaged"], "nothing else mends it"
    report = sync(STORIES.values(), folder, MODEL)
    assert (report.mended, report.kept, report.added) == (1, len(STORIES) - 1, 0)
    assert not [one for one in examine(folder) if one.advice and one.what != "orphans"]
    assert {one.id: one.text for one in quoted(folder)} == {one.id: one.text for one in STORIES.values()}


def test_a_damaged_version_can_be_given_up(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(whole, folder)
    path = folder / FILE_NAME
    path.write_bytes(path.read_bytes().replace(b"saw 386 people", b"saw 286 people", 1))
    fix(folder, give_up=True)
    assert not [one for one in examine(folder) if one.advice]
    assert len({one.id for one in quoted(folder)}) == len(STORIES) - 1


def test_a_damaged_vector_is_seen_and_embedded_again(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(whole, folder)
    path = folder / FILE_NAME
    archive = Archive(path)
    (vector,) = next(iter(archive.select("SELECT vector FROM embeddings")))
    archive.close()
    path.write_bytes(path.read_bytes().replace(vector, bytes([vector[0] ^ 64]) + vector[1:], 1))
    fix(folder)
    assert [one.what for one in examine(folder) if one.advice] == ["model"]
    assert rebuild(folder, MODEL) == 1
    assert not [one for one in examine(folder) if one.advice]


def test_the_doctor_on_a_damaged_archive_ends_in_a_finding_or_an_error_of_ours(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(9)
    for number in range(20 * FLIPS):
        folder = tmp_path / f"{number}"
        shutil.copytree(whole, folder)
        path = folder / FILE_NAME
        content = bytearray(path.read_bytes())
        for _ in range(chance.choice([1, 1, 3, 200])):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        try:
            fix(folder)
            if not any(one.advice for one in examine(folder)):
                assert all(is_as_published(one) for one in quoted(folder))
        except IndexerError:
            pass
        shutil.rmtree(folder)
