"""The command line: what it refuses before anything is created."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from indexer.__main__ import app
from indexer.doctor import examine
from indexer.errors import ArchiveError
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

COMMANDS = (
    ["remove", "--source", "Gazette"],
    ["purge", "--source", "Gazette"],
    ["status"],
    ["rebuild", "--model", "all-MiniLM-L6-v2"],
    ["doctor"],
    ["doctor", "--fix"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_mistyped_data_folder_is_an_error_and_nothing_is_created(tmp_path: Path, command: list[str]) -> None:
    folder = tmp_path / "dtaa"
    result = CliRunner().invoke(app, [*command, "--data", str(folder)])
    assert isinstance(result.exception, ArchiveError)
    assert str(result.exception).startswith(f"no data folder at {folder}; correct --data")
    assert list(tmp_path.iterdir()) == []


def test_an_address_is_added_with_ray_only_and_a_missing_path_is_named(tmp_path: Path) -> None:
    address = CliRunner().invoke(app, ["add", "s3://news/2023/*.jsonl", "--data", str(tmp_path)])
    assert str(address.exception) == "s3://news/2023/*.jsonl is an address; add it with --engine ray"
    missing = CliRunner().invoke(app, ["add", "nosuch", "--data", str(tmp_path)])
    assert missing.exit_code == 2
    assert "nosuch" in missing.output
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_warns_of_a_clock_before_the_newest_article(tmp_path: Path) -> None:
    sync([article(day="2023-03-15")], tmp_path, word_hash_model())
    (warning,) = [one for one in examine(tmp_path, now=datetime(1970, 1, 2, tzinfo=UTC)) if one.advice]
    assert warning.found == "it is 02 January 1970 by this computer, before the newest article (15 March 2023)"
    assert not [one for one in examine(tmp_path, now=datetime(2023, 3, 16, tzinfo=UTC)) if one.advice]
