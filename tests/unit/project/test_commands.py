"""Every command takes --json and stands in docs/cli.md with its exit status."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

PACKAGES = ("corpus", "indexer", "chat", "eval")
ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
MEASURING = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8") + (ROOT / "docs" / "scale.md").read_text(
    "utf-8"
)
SERVERS = ("app", "web.mcp.__main__")  # they print no result
CHILDREN = ("corpus.readers.documents.pdf_page", "eval.docs.licences")  # run by other code in a process of its own


def commands_of(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command that can be run, by its name."""
    subcommands = getattr(command, "commands", {})
    if not subcommands or command.invoke_without_command:
        yield name, command
    for short, subcommand in subcommands.items():
        yield from commands_of(f"{name} {short}", subcommand)


COMMANDS = dict(
    found
    for package in PACKAGES
    for found in commands_of(package, typer.main.get_command(import_module(f"{package}.__main__").app))
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json_and_is_documented(name: str) -> None:
    options = {option for one in COMMANDS[name].params for option in one.opts}
    assert "--json" in options
    assert f"- `python -m {name}" in DOCS


def programs() -> Iterator[str]:
    """Every module of the project that can be run."""
    for folder in ("app.py", "web", *PACKAGES):
        for path in [ROOT / folder] if folder.endswith(".py") else sorted((ROOT / folder).rglob("*.py")):
            if '__name__ == "__main__"' in path.read_text(encoding="utf-8"):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_every_module_that_can_be_run_is_a_command_a_server_or_a_documented_measurement() -> None:
    for name in programs():
        run = name.removesuffix(".__main__")
        if run in PACKAGES or name in CHILDREN or name.startswith("eval.peers."):
            continue
        if name in SERVERS:
            assert "`python app.py`" in DOCS if name == "app" else f"`python -m {run}`" in DOCS
        elif run != "eval.docs":  # `make docs`
            assert f"python -m {run}`" in MEASURING or f"python -m {run} " in MEASURING, run


@pytest.mark.parametrize("name", SERVERS)
def test_the_options_of_a_server_are_documented(name: str) -> None:
    app = typer.Typer(add_completion=False)
    app.command()(import_module(name).main)
    options = {max(one.opts, key=len) for one in typer.main.get_command(app).params} - {"--help"}
    assert options
    for option in options:
        assert f"`{option}`" in DOCS.partition("All other commands")[0], option


def test_every_exit_status_that_a_command_names_is_in_the_table() -> None:
    table = {int(number) for row in re.findall(r"^\| ([\d, ]+) \|", DOCS, re.MULTILINE) for number in row.split(", ")}
    named = {
        int(number)
        for one in COMMANDS.values()
        for number in re.findall(r"(?:[Ee]xit status |exits with |answer, )(\d)", one.help or "")
    }
    assert named >= {1, 3, 4, 5}
    assert named <= table


def test_every_command_in_the_table_of_exit_statuses_exists() -> None:
    rows = [line for line in DOCS.splitlines() if re.match(r"\| \d", line)]
    named = {name for row in rows for name in re.findall(r"`((?:corpus|indexer|chat|eval) [a-z-]+)`", row)}
    assert named
    assert named <= set(COMMANDS)
