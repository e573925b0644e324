"""A time that no report is of: the answer is in doubt, and says when the nearest reports are from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Answer, Status
from chat.chatbot import Chatbot
from chat.events import Finished, Judged
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import ScriptedLLM, word_hash_model

MODEL = word_hash_model()
NOW = datetime(2026, 11, 28, tzinfo=UTC)
NOTICE = "No report found here is from March 2023 or about it; the nearest is from 19 June 2023."
STORIES = [
    ("2023-06-19", "Ferry strike", "Ferry crews of Elm Bay began a strike on Monday over pay."),
    ("2023-03-05", "Fire at the mill", "A fire closed the mill of Elm Bay on Sunday."),
    ("2022-11-14", "Hospital strike", "Nurses of Elm Bay began a strike on Monday over wards."),
    ("2023-04-22", "March for the bay", "About 1,200 people walked through Elm Bay on Saturday to protest."),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("times")
    sync([article(title, text, day=day) for day, title, text in STORIES], folder, MODEL)
    found = Index(folder, MODEL.fingerprint)
    yield found
    found.close()


def asked(index: Index, question: str, llm: ScriptedLLM | None = None) -> tuple[Answer, list[Judged]]:
    events = list(Chatbot(index, MODEL, llm, clock=lambda: NOW).stream(question))
    last = events[-1]
    assert isinstance(last, Finished)
    return last.answer, [event for event in events if isinstance(event, Judged)]


def test_a_quoted_answer_of_another_time_is_in_doubt_before_its_first_sentence(index: Index) -> None:
    answer, judged = asked(index, "Was there a ferry strike of crews in Elm Bay in March 2023?")
    assert (answer.status, answer.notice) == (Status.UNCERTAIN, NOTICE)
    assert [event.status for event in judged] == [Status.UNCERTAIN]


def test_a_written_answer_is_judged_by_what_it_cites(index: Index) -> None:
    llm = ScriptedLLM(replies=["Ferry crews of Elm Bay began a strike over pay [1]."])
    answer, _ = asked(index, "Was there a ferry strike of crews in Elm Bay in March 2023?", llm)
    assert (answer.status, answer.notice) == (Status.UNCERTAIN, NOTICE)


def test_an_answer_of_its_time_is_in_no_doubt(index: Index) -> None:
    answer, _ = asked(index, "Was there a ferry strike of crews in Elm Bay in June 2023?")
    assert (answer.status, answer.notice) == (Status.ANSWERED, "")


def test_the_month_of_march_asks_for_no_marchers(index: Index) -> None:
    answer, _ = asked(index, "What happened in Elm Bay in March 2023?")
    assert [one.article.title for one in answer.sentences[0].citations] == ["Fire at the mill"]


def test_a_timeline_of_a_time_leaves_out_what_happened_at_others(index: Index) -> None:
    answer, _ = asked(index, "What happened in Elm Bay in March 2023?")
    cited = {one.article.title for sentence in answer.sentences for one in sentence.citations}
    assert "Hospital strike" not in cited
    assert "March for the bay" not in cited
