"""Rounds of following: asks the sources that are due, adds what is new, then remembers what was taken.

A source is put off before it is asked, so that no restart asks it twice within an interval; what was taken from it is
remembered after it is in the archive, so that a kill at any moment loses nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from corpus.article import Article, CorpusError, Unreadable
from corpus.collecting.feeds import FeedRecord, plain_record, record_from, update_feeds
from corpus.fetching.fetcher import Fetcher
from corpus.readers import read_articles
from indexer.adding import LISTED, Report
from indexer.embedding.model import EmbeddingModel
from indexer.errors import ArchiveBusyError, ChromaServerError, IndexerError
from indexer.following.sources import Source, changed_files, files_in
from indexer.following.state import FollowState, SourceState
from indexer.progress import counted
from indexer.sync import sync

_LONGEST_BACKOFF = timedelta(hours=24)
_MOST_DOUBLINGS = 8
_PAGES_A_ROUND = 60  # of one feed that has only summaries; the rest comes in the next rounds
_BUSY_WAIT_S = 2.0
_BUSY_TRIES = 150  # five minutes

Wait = Callable[[float], bool]  # seconds; whether to stop


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    at: datetime
    sources: int  # followed
    asked: int
    failing: tuple[tuple[str, str], ...]  # sources that failed, with the reason
    unread: tuple[Unreadable, ...]  # at most LISTED
    report: Report
    next_at: datetime

    @property
    def has_news(self) -> bool:
        """Whether something was added."""
        return bool(self.report.added or self.report.new_versions)


@dataclass(slots=True)
class _Taken:
    """What a round takes from its sources, as it goes on."""

    feeds: dict[str, FeedRecord] = field(default_factory=dict)
    folders: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)  # of folders
    unread: list[Unreadable] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Follows sources for one archive, whose folder must exist."""

    folder: Path
    sources: Callable[[], Sequence[Source]]  # read again in each round
    model: EmbeddingModel
    fetcher: Fetcher
    state: FollowState
    every: timedelta
    wait: Wait
    chroma: str | None = None

    def run(self, tell: Callable[[Round], None], tell_problem: Callable[[IndexerError], None]) -> None:
        """Round after round, until `wait` says stop; what cannot be added now is taken again after an interval."""
        pause = 0.0
        while not self.wait(pause):
            try:
                done = self.round()
            except (ArchiveBusyError, ChromaServerError) as error:
                tell_problem(error)
                pause = self.every.total_seconds()
            else:
                tell(done)
                pause = max((done.next_at - self.fetcher.clock()).total_seconds(), 0.0)

    def round(self) -> Round:
        """Ask the sources that are due and add what is new; raises IndexerError when it cannot be added."""
        now, sources = self.fetcher.clock(), self.sources()
        before = {one.name: self.state.of(one.name) for one in sources}
        due = [one for one in sources if (at := before[one.name].due_at) is None or at <= now]
        self.state.put({one.name: replace(before[one.name], due_at=now + self.every) for one in due})
        taken = _Taken({one.name: _feed_record(before[one.name]) for one in due if not one.is_folder})
        with counted(_articles(self._collected(due, before, taken), taken)) as (count, found):
            report = self._added(found) if count else Report()
        after = {one.name: self._state_after(one, before[one.name], taken, now) for one in due}
        self.state.put(after)
        states = before | after
        return Round(
            at=now,
            sources=len(sources),
            asked=len(due),
            failing=tuple((name, one.problem) for name, one in states.items() if one.problem),
            unread=tuple(taken.unread),
            report=report,
            next_at=min((one.due_at for one in states.values() if one.due_at), default=now + self.every),
        )

    def _collected(
        self, due: Sequence[Source], before: dict[str, SourceState], taken: _Taken
    ) -> Iterator[Article | Unreadable]:
        for one in due:
            if one.is_folder:
                yield from self._read_folder(one, before[one.name], taken)
        feeds = [one.name for one in due if not one.is_folder]
        yield from update_feeds(feeds, self.fetcher, taken.feeds, most_pages=_PAGES_A_ROUND)

    def _read_folder(self, source: Source, before: SourceState, taken: _Taken) -> Iterator[Article | Unreadable]:
        try:
            found = files_in(Path(source.name))
            yield from read_articles(changed_files(before.record, found), now=self.fetcher.clock())
            taken.folders[source.name] = found
        except (OSError, CorpusError) as error:
            taken.problems[source.name] = str(error)

    def _added(self, found: Iterator[Article]) -> Report:
        """Waits while another process adds to the archive."""
        for tried in range(_BUSY_TRIES):
            try:
                return sync(found, self.folder, self.model, chroma=self.chroma)
            except ArchiveBusyError:
                if tried == _BUSY_TRIES - 1 or self.wait(_BUSY_WAIT_S):
                    raise
        raise AssertionError("unreachable")

    def _state_after(self, source: Source, before: SourceState, taken: _Taken, now: datetime) -> SourceState:
        if source.is_folder:
            problem, retry_at = taken.problems.get(source.name, ""), None
            record = dict(taken.folders.get(source.name, before.record))
        else:
            feed = taken.feeds[source.name]
            problem, retry_at, record = feed.problem, feed.retry_at, plain_record(feed)
        failures = before.failures + 1 if problem else 0
        pause = min(self.every * 2 ** min(failures, _MOST_DOUBLINGS), max(_LONGEST_BACKOFF, self.every))
        return SourceState(max(now + pause, retry_at or now), failures, problem, record)


def _articles(found: Iterator[Article | Unreadable], taken: _Taken) -> Iterator[Article]:
    for one in found:
        if isinstance(one, Article):
            yield one
        elif len(taken.unread) < LISTED:
            taken.unread.append(one)


def _feed_record(state: SourceState) -> FeedRecord:
    return record_from(state.record) if state.record else FeedRecord()
