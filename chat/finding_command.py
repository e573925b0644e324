"""The command `find`: from a quotation to the article that printed it first."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from indexer.settings import IndexSettings, settings_of


def find(
    text: Annotated[str, typer.Argument(help="A quotation or a paragraph.")],
    data: Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Look at the archive as it stood then (UTC)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Find the article that printed it first. Exit status 3 when it is not in the archive."""
    from chat.gathering.finding import find_source_of
    from chat.publishing.plain_data import finding_data
    from chat.publishing.terminal import finding_lines
    from indexer.search.index import Index
    from indexer.storage.archive import Archive
    from indexer.storage.file import FILE_NAME

    folder = settings_of(IndexSettings, data=data).data
    archive = Archive(folder / FILE_NAME)
    model = archive.state("model_fingerprint") or ""  # the search is for words: it needs no model
    archive.close()
    index = Index(folder, model)
    try:
        finding = find_source_of(text, index, as_of=as_of.replace(tzinfo=UTC) if as_of else None)
    finally:
        index.close()
    if as_json:
        print(json.dumps(finding_data(finding), ensure_ascii=False, indent=1))
    else:
        print("\n".join(finding_lines(finding)))
    raise typer.Exit(0 if finding.first else 3)
