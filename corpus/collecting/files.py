"""The feed command: what is new in feeds, written to files that can be indexed."""

import itertools
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from corpus.article import Article, CorpusError, Unreadable
from corpus.collecting.feed_lists import feed_addresses
from corpus.collecting.feeds import FeedRecord, plain_record, record_from, update_feeds
from corpus.fetching.fetcher import Fetcher

STATE_NAME = ".feeds.json"  # beside the articles; hidden, so that it is not read as news
_NOT_WRITTEN = frozenset({"id", "version", "utc_offset_minutes"})


class FeedStateError(CorpusError):
    """A record of earlier runs that could not be read."""


def load_state(path: Path) -> dict[str, FeedRecord]:
    """The state that `save_state` wrote, empty before the first run; raises FeedStateError."""
    try:
        records = json.loads(path.read_bytes())
        return {url: record_from(record) for url, record in records.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FeedStateError(f"{path}: cannot be read; delete it to take every feed as new") from error


def save_state(path: Path, state: dict[str, FeedRecord]) -> None:
    """Replace the state on disk atomically."""
    records = {url: plain_record(record) for url, record in state.items()}
    part = _part_of(path)
    with part.open("w", encoding="utf-8") as file:
        json.dump(records, file, indent=1)
        _close_synced(file)
    part.replace(path)


def collect_feeds(
    urls: Iterable[str], folder: Path, fetcher: Fetcher, report: Callable[[Unreadable], None]
) -> tuple[int, Path | None]:
    """Write new articles of feeds to a new JSON Lines file in `folder`; returns their number and the file.

    An interrupted run keeps what it fetched, and the next one resumes at the same feed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = load_state(folder / STATE_NAME)
    path = free_name(folder, "feed", fetcher.clock())
    part = _part_of(path)
    count = 0
    with part.open("w", encoding="utf-8") as file:
        try:
            for found in update_feeds(urls, fetcher, state):
                if isinstance(found, Unreadable):
                    report(found)
                else:
                    file.write(line_of(found))
                    count += 1
        finally:
            _close_synced(file)
            if count:
                part.replace(path)
            else:
                part.unlink()
            save_state(folder / STATE_NAME, state)
    return count, path if count else None


def _part_of(path: Path) -> Path:
    """Where a file is written before it is renamed, hidden from readers."""
    return path.with_name(f".{path.name.lstrip('.')}.part")


def _close_synced(file: TextIO) -> None:
    """Flush a file to disk and close it."""
    file.flush()
    os.fsync(file.fileno())
    file.close()


def free_name(folder: Path, kind: str, now: datetime) -> Path:
    """An unused name for a new file of articles."""
    stem = f"{kind}-{now:%Y%m%dT%H%M%SZ}"
    names = (
        folder / f"{stem}{suffix}.jsonl"
        for suffix in itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    )
    return next(name for name in names if not name.exists())


def line_of(article: Article) -> str:
    """An article as a line of JSON that the reader of JSON Lines understands."""
    fields = {name: value for name, value in asdict(article).items() if value and name not in _NOT_WRITTEN}
    if local := article.published_locally:
        fields["published_at"] = local
    return json.dumps(fields, ensure_ascii=False, default=datetime.isoformat) + "\n"


def feed(
    feeds: Annotated[
        list[str], typer.Argument(metavar="URL|FILE...", help="Feeds, or lists of them (OPML, or a line each).")
    ],
    out: Annotated[Path, typer.Option(help="The folder that the articles are written to.")],
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from an intranet, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Write what is new in feeds to a folder that can be indexed."""
    failures: list[Unreadable] = []

    def report(unreadable: Unreadable) -> None:
        failures.append(unreadable)
        typer.echo(str(unreadable), err=True)

    try:
        urls = [url for named in feeds for url in feed_addresses(named)]
        count, path = collect_feeds(urls, out, Fetcher(allow_private=allow_private), report)
    except CorpusError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except OSError as error:
        typer.echo(f"{out}: {error.strerror}; name a folder that can be written to with --out", err=True)
        raise typer.Exit(2) from error
    if as_json:
        found = {"articles": count, "feeds": len(urls), "file": str(path) if path else None, "unread": len(failures)}
        typer.echo(json.dumps(found))
    else:
        typer.echo(f"{count} new articles of {len(urls)} feeds{f' in {path}' if path else ''}")
    if failures:
        raise typer.Exit(1)
