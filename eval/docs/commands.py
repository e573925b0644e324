"""The list of commands with their options, read from the command lines themselves."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import typer

_PACKAGES = ("corpus", "indexer", "chat", "eval")


def commands_text() -> str:
    """A section for each package, with every command, its purpose and its options."""
    return "\n\n".join(_package_text(package) for package in _PACKAGES)


def _package_text(package: str) -> str:
    command = typer.main.get_command(import_module(f"{package}.__main__").app)
    return "\n".join([f"### python -m {package}", "", *_lines(f"python -m {package}", command)])


def _lines(name: str, command: Any) -> Iterator[str]:
    subcommands = getattr(command, "commands", {})
    if not subcommands or command.invoke_without_command:
        yield f"- `{name}{_arguments(command)}`: {_first_line(command.help)}{_options(command)}"
    for short, subcommand in subcommands.items():
        yield from _lines(f"{name} {short}", subcommand)


def _arguments(command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    return "".join(f" {_metavar(one)}" for one in arguments)


def _metavar(argument: Any) -> str:
    name = (argument.metavar or argument.name).upper().rstrip(".")
    shown = f"{name}..." if argument.nargs == -1 else name
    return shown if argument.required else f"[{shown}]"


def _options(command: Any) -> str:
    options = [
        max(one.opts, key=len) for one in command.params if one.param_type_name == "option" and one.name != "help"
    ]
    return f" Options: {', '.join(f'`{one}`' for one in options)}." if options else ""


def _first_line(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())
