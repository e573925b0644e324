"""The command line of the archive: `python -m indexer add|follow|remove|purge|compact|rebuild|status|doctor`."""

import json
import os
import signal
import sqlite3
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from corpus.article import CorpusError
from corpus.mapping import mapping_of, zones_of
from corpus.readers import read_articles
from indexer.adding import LISTED, Report
from indexer.errors import IndexerError
from indexer.progress import counted, progress_bar
from indexer.removing import Selection
from indexer.settings import IndexSettings, settings_for_reading, settings_of
from indexer.shards import is_address
from indexer.storage.archive import Archive
from indexer.storage.browsing import Summary, summary_of
from indexer.storage.file import FILE_NAME
from indexer.sync import sync

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Keep a news archive: add and remove articles, see what is in it, check it.",
)

_PRUNED_SHARE = 0.2  # of the archive, at most, unless the user says --yes

Data = Annotated[Path | None, typer.Option(help="The data folder. [default: DATELINE_DATA or data]")]
Embedding = Annotated[
    str | None, typer.Option(help="The embedding model: all-MiniLM-L6-v2, a folder, or hub:OWNER/NAME.")
]
Chroma = Annotated[
    str | None, typer.Option(help="A Chroma server: http://HOST:PORT. [default: DATELINE_CHROMA or none]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


class Engine(StrEnum):
    """What reads and embeds the articles that are added."""

    PLAIN = "plain"
    RAY = "ray"


@app.callback()
def _commands() -> None:
    """Keeps commands named even if there is only one."""


@app.command()
def add(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files and folders of articles; with Ray, addresses such as s3://bucket/day.jsonl."),
    ],
    data: Data = None,
    embedding: Embedding = None,
    chroma: Chroma = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what PATHS no longer hold.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Let --prune remove more than a fifth.")] = False,
    as_json: AsJson = False,
    engine: Annotated[
        Engine, typer.Option(help="What reads and embeds: this process, or Ray for many files.")
    ] = Engine.PLAIN,
    workers: Annotated[int, typer.Option(min=1, help="With Ray: how many processors it may use.")] = 2,
    cluster: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="A Ray cluster, or `auto`. [default: one on this machine]")
    ] = None,
    fields: Annotated[
        str, typer.Option("--map", metavar="FIELD=NAME,...", help="What fields are called: title=headline,text=story.")
    ] = "",
    zones: Annotated[
        list[str] | None,
        typer.Option(
            "--zone", metavar="SOURCE=ZONE", help="The zone of times without an offset: Courier=Europe/London."
        ),
    ] = None,
) -> None:
    """Add articles; only new and changed ones are embedded."""
    from indexer.embedding.model import open_embedding

    settings = settings_of(IndexSettings, data=data, embedding=embedding, chroma=chroma)
    if engine is Engine.RAY:
        if prune:
            raise IndexerError("--prune needs every article at once; leave out --engine ray")
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report its use to its maker
        from indexer.ray_engine import add_with_ray

        report = add_with_ray(
            paths,
            settings.data,
            settings.embedding,
            workers=workers,
            cluster=cluster,
            mapping=mapping_of(fields),
            zones=zones_of(zones or ()),
            chroma=settings.chroma,
        )
        _print_report(report, as_json=as_json)
        return
    articles = read_articles(_existing(paths), mapping=mapping_of(fields), zones=zones_of(zones or ()))
    with counted(articles) as (count, again), progress_bar(count, shown=not as_json) as progress:
        model = open_embedding(settings.embedding, settings.data)
        share = (1.0 if yes else _PRUNED_SHARE) if prune else 0.0
        report = sync(again, settings.data, model, prune=share, chroma=settings.chroma, progress=progress)
    _print_report(report, as_json=as_json)


def _existing(places: list[str]) -> list[Path]:
    """The places as paths; raises IndexerError for an address, which only Ray reads, and for one that is not there."""
    for place in places:
        if is_address(place):
            raise IndexerError(f"{place} is an address; add it with --engine ray")
        if not Path(place).exists():
            raise typer.BadParameter(f"Path '{place}' does not exist.", param_hint="'PATHS...'")
    return [Path(place) for place in places]


def _print_report(report: Report, *, as_json: bool) -> None:
    """Print what was done and what was not read; the exit status is 1 when something was not."""
    print(json.dumps(asdict(report), default=str) if as_json else _report_line(report))
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    for unreadable in report.unreadable:
        print(f"not read: {unreadable}", file=sys.stderr)
    if report.not_listed:
        print(f"not read: {report.not_listed} more; {LISTED} of a file are listed", file=sys.stderr)
    raise typer.Exit(1 if report.unread else 0)


@app.command()
def follow(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Feeds, sitemaps, lists of them (OPML), folders.")
    ],
    data: Data = None,
    embedding: Embedding = None,
    chroma: Chroma = None,
    every: Annotated[str, typer.Option(help="How often each source is looked at: 15m, 2h, 1d.")] = "15m",
    once: Annotated[bool, typer.Option("--once", help="One round over what is due, then end.")] = False,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from an intranet, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add what is new in feeds, sitemaps and folders, again and again, until stopped."""
    from indexer.following.command import Wanted, follow_sources

    settings = settings_of(IndexSettings, data=data, embedding=embedding, chroma=chroma)
    follow_sources(Wanted(sources, every, once=once, allow_private=allow_private, as_json=as_json), settings)


Address = Annotated[str | None, typer.Option(help="The address of the article.")]
Source = Annotated[str | None, typer.Option(help="The publisher, as `status` names it.")]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Published on this day or later.")]
Before = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published before this day.")]


@app.command()
def remove(
    address: Address = None,
    source: Source = None,
    from_: From = None,
    before: Before = None,
    data: Data = None,
    chroma: Chroma = None,
    as_json: AsJson = False,
) -> None:
    """Remove the articles that fit all options from search; their vectors are kept in case they are added again."""
    from indexer import removing

    settings = settings_for_reading(IndexSettings, data=data, chroma=chroma)
    count = removing.remove(settings.data, _selection(address, source, from_, before), settings.chroma)
    print(json.dumps({"removed": count}) if as_json else f"{count} removed")


@app.command()
def purge(
    address: Address = None,
    source: Source = None,
    from_: From = None,
    before: Before = None,
    removed: Annotated[bool, typer.Option("--removed", help="Purge everything that was removed earlier.")] = False,
    delete_files: Annotated[
        bool, typer.Option("--delete-files", help="Delete other files in the data folder with their words.")
    ] = False,
    data: Data = None,
    chroma: Chroma = None,
    as_json: AsJson = False,
) -> None:
    """Erase the articles that fit all options from every file in the data folder; also those removed earlier.

    Exit status 1 when other files with their words are left.
    """
    from indexer import removing

    settings = settings_for_reading(IndexSettings, data=data, chroma=chroma)
    selection = _selection(address, source, from_, before)
    report = removing.purge(settings.data, selection, settings.chroma, all_removed=removed, delete_files=delete_files)
    purged = {"purged": report.articles, "files": list(map(str, report.files))}
    print(json.dumps(purged) if as_json else f"{report.articles} purged")
    for path in report.files:
        print(f"still has their words: {path}", file=sys.stderr)
    if report.files:
        sys.exit("look at these files, then delete them with: python -m indexer purge --delete-files")


def _selection(address: str | None, source: str | None, first: datetime | None, before: datetime | None) -> Selection:
    return Selection(
        address=address,
        source=source,
        published_from=first.replace(tzinfo=UTC) if first else None,
        published_before=before.replace(tzinfo=UTC) if before else None,
    )


@app.command()
def compact(data: Data = None, chroma: Chroma = None, as_json: AsJson = False) -> None:
    """Merge the small parts of the vector index, which `add` leaves for speed; readers are served meanwhile."""
    from indexer import compacting

    settings = settings_for_reading(IndexSettings, data=data, chroma=chroma)
    count = compacting.compact(settings.data, settings.chroma)
    print(json.dumps({"built": count}) if as_json else f"{count} parts built" if count else "nothing to merge")


@app.command()
def status(data: Data = None, as_json: AsJson = False) -> None:
    """Show what is in the archive: articles, passages, first and last day, sources, model."""
    folder = settings_for_reading(IndexSettings, data=data).data
    archive = Archive(folder / FILE_NAME)
    summary, model = summary_of(archive), archive.state("model_name")
    archive.close()
    print(json.dumps({**asdict(summary), "model": model}, default=str) if as_json else _described(summary, model))


@app.command()
def rebuild(
    model: Annotated[str, typer.Option(help="The embedding model: all-MiniLM-L6-v2, a folder, or hub:OWNER/NAME.")],
    data: Data = None,
    chroma: Chroma = None,
    as_json: AsJson = False,
) -> None:
    """Embed the archive with another model, then use that; continues when run again after an interruption."""
    from indexer.embedding.model import open_embedding
    from indexer.rebuilding import rebuild as embed_anew

    settings = settings_for_reading(IndexSettings, data=data, chroma=chroma)
    count = embed_anew(settings.data, open_embedding(model, settings.data), settings.chroma)
    if as_json:
        print(json.dumps({"embedded": count, "model": model}))
    else:
        print(f"{count} texts embedded with {model}; from now on give --embedding {model} or set DATELINE_EMBEDDING")


@app.command()
def doctor(
    data: Data = None,
    chroma: Chroma = None,
    mend: Annotated[bool, typer.Option("--fix", help="Rebuild what is damaged; nothing is embedded.")] = False,
    give_up: Annotated[bool, typer.Option("--give-up", help="With --fix: delete damaged versions.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything and say what to do; exit status 1 when something is to be done."""
    from indexer.doctor import examine, fix

    settings = settings_for_reading(IndexSettings, data=data, chroma=chroma)
    if mend:
        fix(settings.data, settings.chroma, give_up=give_up)
    findings = examine(settings.data, settings.chroma)
    for one in [] if as_json else findings:
        print(f"{one.what:13s} {one.found}" + (f"\n{'':13s} -> {one.advice}" if one.advice else ""))
    if as_json:
        print(json.dumps([asdict(one) for one in findings]))
    raise typer.Exit(1 if any(one.advice for one in findings) else 0)


def _report_line(report: Report) -> str:
    mended = f"{report.mended} mended, " if report.mended else ""
    return (
        f"{report.added} added, {report.new_versions} new versions, {mended}{report.kept} unchanged, "
        f"{report.removed} removed, {report.unread} not read; {report.passages} passages, {report.embedded} embedded"
    )


def _described(summary: Summary, model: str | None) -> str:
    days = [f"{moment:%d %B %Y}" for moment in (summary.first_published, summary.last_published) if moment]
    lines = [
        f"{summary.articles} articles ({summary.versions} versions), {summary.passages} passages",
        f"published {' to '.join(days)}" if days else "no article has a date",
        f"{summary.undated} without a date",
        f"embedded with {model}",
        *(f"{count:6d}  {source}" for source, count in summary.sources),
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the command line; an error, a full disk or a signal ends it with one line."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        app()
    except (IndexerError, CorpusError) as error:
        sys.exit(f"error: {error}")
    except (OSError, sqlite3.OperationalError) as error:
        sys.exit(f"error: {error}; nothing that was added is lost. Mend that and run the same command again")
    except sqlite3.DatabaseError as error:
        sys.exit(f"error: the archive is damaged ({error}); see: python -m indexer doctor")


def _stop(number: int, frame: object) -> None:
    print("stopped; run the same command again to go on", file=sys.stderr)
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
