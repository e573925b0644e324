"""The command line of the chat, in this process, on the sample."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chat.__main__ import app
from indexer.embedding.model import open_embedding
from indexer.sync import sync
from tests.articles import article

FIRE = "How many people died in the fire on the ferry Grey Petrel?"
STATUSES = {0: "answered", 3: "not_in_archive", 5: "uncertain"}


@pytest.fixture(scope="module")
def data(sample_data: Callable[[], Path]) -> str:
    return str(sample_data())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_search_lists_passages_with_scores_and_what_found_them(data: str) -> None:
    result = run("search", "ferry fire Grey Petrel", "--data", data, "--limit", "3", "--json")
    assert result.exit_code == 0
    hits = json.loads(result.stdout)
    assert len(hits) == 3
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert all("Grey Petrel" in hit["title"] + hit["text"] for hit in hits)
    assert all("rank" in hit["why"][0] for hit in hits)


def test_a_search_shows_the_same_in_lines(data: str) -> None:
    result = run("search", "ferry fire Grey Petrel", "--data", data, "--limit", "1")
    assert result.exit_code == 0
    assert "keyword rank" in result.stdout
    assert "Grey Petrel" in result.stdout


def test_a_search_within_a_time_without_articles_ends_with_3(data: str) -> None:
    result = run("search", "ferry before:1990-01-01", "--data", data)
    assert (result.exit_code, result.stdout.strip()) == (3, "")


@pytest.mark.parametrize(
    ("form", "begins"), [("markdown", "# the ferry fire"), ("csv", "date,"), ("ics", "BEGIN:VCALENDAR")]
)
def test_a_timeline_is_printed_in_each_format(data: str, form: str, begins: str) -> None:
    result = run("timeline", "the ferry fire", "--data", data, "--format", form)
    assert result.exit_code == 0
    assert result.stdout.startswith(begins)


def test_words_that_were_printed_are_found(data: str) -> None:
    assert run("find", "close enough to blister their paint", "--data", data).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "Who died?"),
        ("search", "ferry"),
        ("find", "some words of a quotation"),
        ("timeline", "the ferry"),
        ("verify", "receipt.json"),
        (),
    ],
)
def test_a_mistyped_data_folder_is_an_error_and_is_not_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = tmp_path / "no-such-folder"
    (tmp_path / "receipt.json").write_text("{}")
    result = run(*arguments, "--data", str(folder))
    assert result.exit_code == 1
    assert str(folder) in str(result.exception)
    assert not folder.exists()


@pytest.mark.parametrize("last", ["quit\n", "exit\n", "\n", ""])
def test_a_word_an_empty_line_or_the_end_of_input_ends_the_conversation(data: str, last: str) -> None:
    result = CliRunner().invoke(app, ["--data", data, "--llm", "quotes"], input=f"{FIRE}\n{last}")
    assert result.exit_code == 0
    assert "Grey Petrel" in result.stdout


def test_a_conversation_for_programs_prints_one_answer_a_line(data: str) -> None:
    typed = f"{FIRE}\nWhat caused it?\nquit\n"
    result = CliRunner().invoke(app, ["--data", data, "--llm", "quotes", "--json"], input=typed)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["question"] for one in answers] == [FIRE, "What caused it?"]


@pytest.mark.parametrize(
    ("question", "status"),
    [
        (FIRE, 0),
        ("Who won the chess olympiad in Budapest?", 3),
        ("What colour is the new tram?", 5),
    ],
)
def test_the_exit_status_says_whether_there_is_an_answer(data: str, question: str, status: int) -> None:
    result = run("ask", question, "--data", data, "--llm", "quotes", "--json")
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (status, STATUSES[status])


def test_a_timeline_and_a_verified_receipt_are_printed_as_json(data: str, tmp_path: Path) -> None:
    events = json.loads(run("timeline", "the ferry fire", "--data", data, "--json").stdout)
    assert events[0]["evidence"]["title"]
    receipt = str(tmp_path / "receipt.json")
    assert run("ask", FIRE, "--data", data, "--llm", "quotes", "--save", receipt).exit_code == 0
    checked = run("verify", receipt, "--data", data, "--json")
    checks = json.loads(checked.stdout)
    assert (checked.exit_code, {one["outcome"] for one in checks["citations"]}) == (0, {"holds"})
    assert {one["fault"] for one in checks["sentences"]} == {""}


def test_a_watched_question_is_saved_listed_printed_once_and_deleted(data: str) -> None:
    assert run("watch", FIRE, "--once", "--data", data).exit_code == 0
    (listed,) = json.loads(run("watch", "--list", "--json", "--data", data).stdout)
    assert listed["question"] == FIRE
    text = "Thirteen people died in the fire on the ferry Grey Petrel on 14 March, the fire service said."
    sync([article("Ferry fire: thirteenth victim", text, day="2023-10-07")], Path(data), open_embedding())
    (change,) = map(json.loads, run("watch", "--once", "--json", "--data", data).stdout.splitlines())
    assert "thirteen" in change["reasons"][0]["text"]
    assert run("watch", "--once", "--data", data).stdout == ""
    assert run("watch", "--delete", listed["id"], "--data", data).exit_code == 0
    assert run("watch", "--list", "--data", data).stdout.strip() == "no standing questions"
