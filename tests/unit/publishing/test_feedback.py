"""Feedback: a line an answer, without a word of any article, in a file that does not grow for ever."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Answer, Evidence, Sentence, Status, Support, Turn
from chat.errors import FeedbackError
from chat.publishing.feedback import FILE_NAME, Thumb, keep_feedback
from chat.understanding.understand import understand
from tests.articles import article

MOMENT = datetime(2023, 6, 1, 12, tzinfo=UTC)
HARBOUR = article()


def give(data: Path, turns: int = 1) -> None:
    evidence = Evidence(1, HARBOUR, 0, 29)
    sentence = Sentence(evidence.text, (evidence,), Support.QUOTED)
    answer = Answer((sentence,), (evidence,), Status.ANSWERED, MOMENT)
    asked = understand("When did it open?", as_of=MOMENT)
    keep_feedback(data, [Turn(asked, answer)] * turns, Thumb.UP, as_of=None, now=MOMENT)


def test_no_word_of_an_article_is_kept(tmp_path: Path) -> None:
    give(tmp_path, turns=3)
    line = (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    assert HARBOUR.text[:29] not in line
    assert HARBOUR.title not in line
    assert HARBOUR.id in line


def test_a_line_does_not_grow_with_the_conversation(tmp_path: Path) -> None:
    give(tmp_path, turns=500)
    assert (tmp_path / FILE_NAME).stat().st_size < 2_000


def test_a_full_file_is_left_as_it_is_and_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b" " * 5_000_000)
    with pytest.raises(FeedbackError, match=r"feedback\.jsonl is full \(5 MB\); move it away"):
        give(tmp_path)
    assert (tmp_path / FILE_NAME).stat().st_size == 5_000_000


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(FeedbackError, match=r"feedback\.jsonl cannot be written \(Is a directory\)"):
        give(tmp_path)
