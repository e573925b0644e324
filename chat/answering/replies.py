"""Replies to remarks addressed to Dateline itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chat.texts.notices import Notice, NoticeKind
from chat.texts.table import ENGLISH, Texts
from chat.understanding.remarks import Remark

_SOURCES_NAMED = 12


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """What the archive holds, in counts."""

    articles: int
    first_day: date | None
    last_day: date | None
    sources: Mapping[str, int]  # the publisher and how many articles


def reply(remark: Remark, archive: ArchiveStatus, example: Callable[[], str]) -> Iterator[Notice]:
    """The reply to a remark; its only facts are the archive's counts."""
    match remark:
        case Remark.THANKS:
            yield Notice(NoticeKind.WELCOME)
        case Remark.ARCHIVE:
            yield _held(archive)
            yield _sources(archive)
        case Remark.SOURCES:
            yield _sources(archive)
        case Remark.GREETING | Remark.DATELINE:
            yield Notice(NoticeKind.GREETING if remark is Remark.GREETING else NoticeKind.DATELINE)
            yield _held(archive)
            if question := example():
                yield Notice(NoticeKind.SUCH_AS, words=(question,))


def archive_line(archive: ArchiveStatus, texts: Texts = ENGLISH) -> str:
    """What the archive holds, in one line without a full stop."""
    if not archive.articles:
        return texts("masthead.empty")
    articles = texts("masthead.articles", archive.articles)
    sources = texts("masthead.sources", len(archive.sources))
    if not (archive.first_day and archive.last_day):
        return texts("masthead.held", articles=articles, sources=sources)
    first, last = texts.day(archive.first_day), texts.day(archive.last_day)
    return texts("masthead.held_between", articles=articles, sources=sources, first=first, last=last)


def _held(archive: ArchiveStatus) -> Notice:
    if not archive.articles:
        return Notice(NoticeKind.EMPTY)
    count, sources = archive.articles, len(archive.sources)
    first, last = archive.first_day, archive.last_day
    if first is None or last is None:
        return Notice(NoticeKind.HELD, count=count, sources=sources)
    return Notice(NoticeKind.HELD_BETWEEN, count=count, sources=sources, days=(first, first, last))


def _sources(archive: ArchiveStatus) -> Notice:
    """The publishers, those with most articles first."""
    ranked = sorted(archive.sources.items(), key=lambda one: (-one[1], one[0]))
    named = ", ".join(f"{name} ({count})" for name, count in ranked[:_SOURCES_NAMED])
    if not named:
        return Notice(NoticeKind.NO_SOURCES)
    more = len(ranked) - _SOURCES_NAMED
    return Notice(NoticeKind.MORE_SOURCES, named, more) if more > 0 else Notice(NoticeKind.SOURCES, named)
