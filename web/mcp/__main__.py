"""MCP over stdio, for an assistant on this machine: `python -m web.mcp`."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chat.errors import ChatError
from chat.settings import ChatSettings
from indexer.settings import settings_for_reading
from web.command_line import run_command


def main(
    data: Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")] = None,
    llm: Annotated[str | None, typer.Option(help="The language model. [default: DATELINE_LLM or local]")] = None,
    embedding: Annotated[str | None, typer.Option(help="The embedding model.")] = None,
    chroma: Annotated[str | None, typer.Option(help="The address of a Chroma server.")] = None,
) -> None:
    """Serve the archive's tools to an assistant, which starts this command itself."""
    settings = settings_for_reading(ChatSettings, data=data, llm=llm, embedding=embedding, chroma=chroma)
    try:
        import mcp  # noqa: F401
    except ImportError as error:
        raise ChatError("MCP needs a package; install it with: pip install -e '.[mcp]'") from error

    from chat.opening import open_chatbot
    from web.api.bounded_chatbot import BoundedChatbot
    from web.mcp.tools import mcp_server

    chatbot = open_chatbot(settings, tell=partial(print, file=sys.stderr))
    mcp_server(BoundedChatbot(chatbot)).run("stdio")


if __name__ == "__main__":
    run_command(main)
