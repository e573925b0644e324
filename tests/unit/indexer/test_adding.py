"""What a sync reports of records that cannot be read."""

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Unreadable
from indexer.adding import LISTED
from indexer.sync import sync
from tests.fakes import word_hash_model


def test_after_a_thousand_problems_a_file_is_only_counted(tmp_path: Path) -> None:
    bad = [Unreadable(Path("a.jsonl"), "no text", line) for line in range(1, 1_501)]
    other = Unreadable(Path("b.jsonl"), "no text", 1)
    report = sync([*bad, other], tmp_path, word_hash_model())
    assert report.unreadable == (*bad[:LISTED], other)
    assert (report.not_listed, report.unread) == (500, 1_501)


def test_what_is_kept_of_unreadable_records_is_bounded_and_made_once(tmp_path: Path) -> None:
    """A copy of the list for each record would take minutes and gigabytes here, while the writer's lock is held."""
    count = 200_000
    seen: list[int] = []

    def bad() -> Iterator[Unreadable]:
        return (Unreadable(Path(f"{line % 100}.jsonl"), "no text", line) for line in range(count))

    report = sync(bad(), tmp_path, word_hash_model(), progress=seen.append)
    assert seen == list(range(1, count + 1))
    assert (len(report.unreadable), report.not_listed) == (100 * LISTED, count - 100 * LISTED)
