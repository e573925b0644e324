"""The command line of the chat, in this process, on the sample."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chat.__main__ import app


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
