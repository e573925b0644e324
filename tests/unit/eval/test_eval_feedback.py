import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Answer, Evidence, Sentence, Status, Support, Turn
from chat.publishing.feedback import FILE_NAME, Thumb, keep_feedback
from chat.understanding.understand import understand
from eval.datasets import open_dataset
from eval.datasets.feedback import questions_of_feedback
from eval.errors import DatasetError
from tests.articles import article

MOMENT = datetime(2023, 6, 1, 12, tzinfo=UTC)
HARBOUR = article()


def turn(text: str, *, abstained: bool = False) -> Turn:
    question = understand(text, as_of=MOMENT)
    evidence = Evidence(1, HARBOUR, 0, 29)
    if abstained:
        return Turn(question, Answer((), (evidence,), Status.NOT_IN_ARCHIVE, MOMENT))
    sentence = Sentence("It opened on Monday.", (evidence,), Support.SUPPORTED)
    return Turn(question, Answer((sentence,), (evidence,), Status.ANSWERED, MOMENT))


def give(data: Path, turns: list[Turn], thumb: Thumb) -> None:
    keep_feedback(data, turns, thumb, as_of=None, now=MOMENT)


def test_the_articles_cited_in_a_good_answer_become_its_gold(tmp_path: Path) -> None:
    give(tmp_path, [turn("When did it open?"), turn("And who came?")], Thumb.UP)
    (question,) = questions_of_feedback(tmp_path)
    assert (question["question"], question["articles"], question["answerable"]) == ("And who came?", [HARBOUR.id], True)
    assert question["earlier"] == [{"question": "When did it open?"}]
    written = tmp_path / "mine.jsonl"
    written.write_text(json.dumps(question) + "\n", encoding="utf-8")
    (read,) = open_dataset(str(written)).questions
    assert (read.as_of, read.gold[0].article_id) == (MOMENT, HARBOUR.id)


def test_an_abstention_that_a_reader_liked_becomes_an_unanswerable_question(tmp_path: Path) -> None:
    give(tmp_path, [turn("Who won the chess?", abstained=True)], Thumb.UP)
    (question,) = questions_of_feedback(tmp_path)
    assert (question["answerable"], question["articles"], "draft" in question) == (False, [], False)


def test_a_bad_answer_becomes_a_draft(tmp_path: Path) -> None:
    give(tmp_path, [turn("When did it open?")], Thumb.DOWN)
    (question,) = questions_of_feedback(tmp_path)
    assert (question["draft"], question["articles"]) == (True, [])
    written = tmp_path / "mine.jsonl"
    written.write_text(json.dumps(question) + "\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"mine\.jsonl:1: this is still a draft"):
        open_dataset(str(written))


def test_the_last_thumb_on_an_answer_counts(tmp_path: Path) -> None:
    for thumb in (Thumb.UP, Thumb.DOWN):
        give(tmp_path, [turn("When did it open?")], thumb)
    (question,) = questions_of_feedback(tmp_path)
    assert question["draft"] is True


def test_missing_feedback_and_a_damaged_line_are_reported(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no feedback there"):
        list(questions_of_feedback(tmp_path))
    give(tmp_path, [turn("When did it open?")], Thumb.UP)
    with (tmp_path / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write('{"question": "What')
    with pytest.raises(DatasetError, match=r"feedback\.jsonl:2: not JSON"):
        list(questions_of_feedback(tmp_path))
