"""The follow command: rounds of following with a status line, until it is stopped."""

import json
import os
import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial

from corpus.article import CorpusError
from corpus.fetching.fetcher import Fetcher
from indexer.errors import FollowError
from indexer.following.rounds import Following, Round
from indexer.following.sources import Source, sources_of
from indexer.following.state import FollowState
from indexer.progress import StatusLine
from indexer.settings import IndexSettings

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SHORTEST = timedelta(minutes=1)  # for the publishers' sake


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    sources: Sequence[str]
    every: str
    once: bool = False
    allow_private: bool = False
    as_json: bool = False


class _Sources:
    """The sources, read from their lists again and again; a list that cannot be read now stays as it was."""

    def __init__(self, named: Sequence[str]) -> None:
        """Raises CorpusError for a list that cannot be read at the beginning."""
        self._named = named
        self._last = sources_of(named)
        if not self._last:
            raise FollowError("nothing to follow; name feeds, sitemaps, lists of them or folders")

    def __call__(self) -> list[Source]:
        try:
            self._last = sources_of(self._named)
        except CorpusError as error:
            print(f"not read: {error}", file=sys.stderr)
        return self._last


def follow_sources(wanted: Wanted, settings: IndexSettings) -> None:
    """Follow until stopped, or for one round; ends the process when stopped, as a slow publisher would hold it up.

    Raises IndexerError and CorpusError for what is named wrongly.
    """
    from indexer.embedding.model import open_embedding

    every = interval(wanted.every, shortest=timedelta(seconds=1) if wanted.allow_private else _SHORTEST)
    sources = _Sources(wanted.sources)
    settings.data.mkdir(parents=True, exist_ok=True)
    state = FollowState(settings.data)
    with StatusLine() as status:
        following = Following(
            folder=settings.data,
            sources=sources,
            model=open_embedding(settings.embedding, settings.data),
            fetcher=Fetcher(allow_private=wanted.allow_private),
            state=state,
            every=every,
            wait=threading.Event().wait,
            chroma=settings.chroma,
        )
        status.show(f"following {len(sources())} sources: first look")
        try:
            tell = partial(_tell, status, as_json=wanted.as_json)
            if wanted.once:
                tell(following.round())
            else:
                following.run(tell, lambda error: print(f"not added: {error}", file=sys.stderr))
        except SystemExit:  # by the handler of SIGTERM and Ctrl-C
            status.clear()
            sys.stdout.flush()
            os._exit(0)
        finally:
            state.close()


def interval(text: str, shortest: timedelta) -> timedelta:
    """The time that "15m", "2h" or "1d" names; raises FollowError."""
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", text.strip())
    found = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if found < shortest:
        raise FollowError(f"--every {text} is not an interval of at least {shortest}; write it like 15m, 2h or 1d")
    return found


def _tell(status: StatusLine, done: Round, *, as_json: bool) -> None:
    status.clear()
    if as_json:
        print(json.dumps(asdict(done), default=str), flush=True)
    elif done.has_news:
        report = done.report
        print(f"{done.at:%d %B %Y %H:%M} UTC  {report.added} added, {report.new_versions} new versions", flush=True)
    for one in done.unread:
        print(f"not read: {one}", file=sys.stderr)
    failing = f", {len(done.failing)} failing" if done.failing else ""
    status.show(f"following {done.sources} sources{failing}; next look at {done.next_at:%H:%M:%S} UTC")
