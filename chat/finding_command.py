"""The command `find`: from a quotation to the article that said it first."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indexer.settings import IndexSettings, settings_of

if TYPE_CHECKING:
    from chat.gathering.finding import Finding, Printing

NOT_IN_ARCHIVE = "Not in this archive."
_SHOWN_CHARACTERS = 300


def find(
    text: Annotated[str, typer.Argument(help="A quotation or a paragraph.")],
    data: Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Look at the archive as it stood then (UTC)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Find who said it first. Exit status 3 when it is not in the archive."""
    from chat.gathering.finding import find_source_of
    from indexer.search.index import Index
    from indexer.storage.archive import Archive
    from indexer.storage.file import FILE_NAME

    folder = settings_of(IndexSettings, data=data).data
    archive = Archive(folder / FILE_NAME)
    model = archive.state("model_fingerprint") or ""  # words are looked for: no model is opened
    archive.close()
    index = Index(folder, model)
    try:
        finding = find_source_of(text, index, as_of=as_of.replace(tzinfo=UTC) if as_of else None)
    finally:
        index.close()
    print(json.dumps(as_data(finding), ensure_ascii=False, indent=1) if as_json else "\n".join(told(finding)))
    raise typer.Exit(0 if finding.first else 3)


def told(finding: "Finding") -> list[str]:
    """A finding as lines for a terminal."""
    if finding.first is None:
        return [NOT_IN_ARCHIVE]
    words = " ".join(finding.first.text.split())
    shown = words if len(words) <= _SHOWN_CHARACTERS else words[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0] + " …"
    lines = [f"“{shown}”", f"  {_line(finding.first)}"]
    return [*lines, *(["Printed later by:"] if finding.later else []), *(f"  {_line(one)}" for one in finding.later)]


def _line(printing: "Printing") -> str:
    article = printing.article
    day = f"{article.published_at:%d %B %Y}" if article.published_at else "undated"
    place = f"{printing.start}-{printing.end}"
    return f"{article.title} ({article.source}, {day}, characters {place}) {article.url or ''}".rstrip()


def as_data(finding: "Finding") -> dict[str, Any]:
    """A finding for programs, in plain JSON types; `first` is null when it is not in the archive."""
    return {
        "first": _printing_data(finding.first) if finding.first else None,
        "later": [_printing_data(one) for one in finding.later],
    }


def _printing_data(printing: "Printing") -> dict[str, Any]:
    article = printing.article
    return {
        "text": printing.text,
        "start": printing.start,
        "end": printing.end,
        "likeness": round(printing.likeness, 4),
        "article": article.id,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "url": article.url,
    }
